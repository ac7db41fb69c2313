/** A PEM block, or a beginning without its end. */
export interface PemBlock {
  /** `RSA PRIVATE KEY` */
  readonly label: string;
  /** From the beginning's first dash to the end's last; null: it has no end. */
  readonly text: string | null;
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
/** RFC 7468 knows labels of a few words. */
const LABEL_LENGTH_MAX = 64;

/**
 * Every block whose label ends in one of `kinds`, in one pass whatever the text holds: an expression over the whole
 * would look for the end of each beginning again, which takes minutes for a megabyte of beginnings.
 */
export function pemBlocks(text: string, ...kinds: readonly string[]): PemBlock[] {
  const found: PemBlock[] = [];
  let end = text.indexOf(END);
  for (let begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin + BEGIN.length)) {
    const label = labelAt(text, begin + BEGIN.length);
    if (label === null || !isOf(label, kinds)) continue;
    while (end >= 0 && (end < begin || !isOf(labelAt(text, end + END.length), kinds)))
      end = text.indexOf(END, end + END.length);
    if (end < 0) {
      found.push({ label, text: null });
      continue;
    }
    const next = nextBegin(text, begin, kinds);
    if (next >= 0 && next < end) {
      found.push({ label, text: null });
      continue;
    }
    const close = text.indexOf(DASHES, end + END.length) + DASHES.length;
    found.push({ label, text: text.slice(begin, close) });
  }
  return found;
}

function isOf(label: string | null, kinds: readonly string[]): boolean {
  return label !== null && kinds.some((kind) => label === kind || label.endsWith(` ${kind}`));
}

function nextBegin(text: string, begin: number, kinds: readonly string[]): number {
  for (let at = text.indexOf(BEGIN, begin + 1); at >= 0; at = text.indexOf(BEGIN, at + 1)) {
    if (isOf(labelAt(text, at + BEGIN.length), kinds)) return at;
  }
  return -1;
}

function labelAt(text: string, from: number): string | null {
  const near = text.slice(from, from + LABEL_LENGTH_MAX + DASHES.length);
  const length = near.indexOf(DASHES);
  const label = length < 0 ? '' : near.slice(0, length);
  return /^[A-Z0-9.]+(?: [A-Z0-9.]+)*$/.test(label) ? label : null;
}
