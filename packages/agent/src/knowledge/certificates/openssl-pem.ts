/** A block that OpenSSL's PEM_read_bio hands to its caller. */
export interface OpensslBlock {
  /** `RSA PRIVATE KEY` */
  readonly label: string;
  /** Lines above an empty one (RFC 1421: `Proc-Type: 4,ENCRYPTED`), or null. */
  readonly header: string | null;
  readonly der: Buffer;
}

/** Where reading ends before the end of the file: an error of PEM_read_bio, or what its releases take differently. */
export interface PemStop {
  readonly kind: 'refused' | 'unclear';
  readonly line: number;
  readonly why: string;
  /** A private key begins further down, where OpenSSL 3 may look and its predecessors do not. */
  readonly isKeyBelow: boolean;
}

export interface OpensslPem {
  readonly blocks: readonly OpensslBlock[];
  readonly stop: PemStop | null;
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
/** PEM_read_bio takes its lines in pieces of this length, line feed included. */
const PIECE_MAX = 254;
/** After a header OpenSSL takes no longer line, and takes a shorter one for the last. */
const LINE_AFTER_HEADER = 64;
/** Longer lines are refused by the base64 decoder of OpenSSL 1.0 and before. */
const LINE_BEFORE_1_1 = 76;
/** More than any chain has; the file's size is bounded by its reader. */
export const BLOCKS_MAX = 256;

/**
 * PEM as OpenSSL reads it, which is narrower than RFC 7468 in some things (a BEGIN or END that does not stand alone on
 * its line counts for nothing) and wider in others (any text between blocks). Where OpenSSL 0.9.8 to 3 do not agree,
 * reading stops with `unclear`: which of them a service was built with is not known here.
 */
export function opensslPem(bytes: Buffer): OpensslPem {
  return new PemLines(bytes.toString('latin1').split('\n')).read();
}

interface Body {
  readonly header: string[] | null;
  readonly data: string[];
}

class PemLines {
  #at = 0;
  readonly #blocks: OpensslBlock[] = [];
  readonly #lastBegin: number;

  constructor(private readonly lines: readonly string[]) {
    this.#lastBegin = lines.findLastIndex((line) => line.includes(BEGIN));
  }

  read(): OpensslPem {
    for (; this.#at < this.lines.length; this.#at += 1) {
      const doubt = this.#doubtOutside();
      if (doubt) return this.#stop('unclear', doubt);
      const label = beginOf(this.#line());
      if (label === null) continue;
      if (this.#blocks.length === BLOCKS_MAX)
        return this.#stop('unclear', `it holds more than ${BLOCKS_MAX} PEM blocks`);
      const stop = this.#block(label);
      if (stop) return stop;
    }
    return { blocks: this.#blocks, stop: null };
  }

  #line(): string {
    return stripped(this.lines[this.#at] ?? '');
  }

  #stop(kind: PemStop['kind'], why: string): OpensslPem {
    const isKeyBelow = this.lines
      .slice(this.#at)
      .some((line) => beginOf(stripped(line))?.endsWith('PRIVATE KEY') === true);
    const line = Math.min(this.#at + 1, this.lines.length);
    return { blocks: this.#blocks, stop: { kind, line, why, isKeyBelow } };
  }

  /** Text between blocks is skipped, except where what begins a line depends on the release or the compiler. */
  #doubtOutside(): string | null {
    const raw = this.lines[this.#at] ?? '';
    if (this.#at === 0 && raw.startsWith(BYTE_ORDER_MARK + BEGIN))
      return 'it begins with a byte order mark, which OpenSSL passes over since 3.0 only';
    if (this.#at <= this.#lastBegin && raw.includes('\0')) return 'it holds a NUL byte before a PEM block';
    if (!raw.includes(BEGIN)) return null;
    if (raw.length >= PIECE_MAX)
      return 'the line of a PEM block’s beginning is too long to tell how it is read';
    return raw.startsWith(BEGIN) && isHighByte(raw.trimEnd().at(-1))
      ? 'the line of a PEM block’s beginning ends in a byte that is not ASCII'
      : null;
  }

  /** From the line after the beginning to the end's; null: it is whole. */
  #block(label: string): OpensslPem | null {
    const body: { header: string[] | null; data: string[] } = { header: null, data: [] };
    let isLast = false;
    for (this.#at += 1; this.#at < this.lines.length; this.#at += 1) {
      const raw = this.lines[this.#at] ?? '';
      const line = this.#line();
      const isEof = this.#at === this.lines.length - 1 && raw === '';
      if (isEof) break;
      const doubt = doubtInside(raw, line);
      if (doubt) return this.#stop('unclear', doubt);
      if (line === '') {
        // The releases disagree on a second empty line: as an end before 3.0, as an error since.
        if (body.header)
          return this.#stop('unclear', 'a PEM block holds an empty line within or after its data');
        body.header = body.data;
        body.data = [];
      } else if (line.startsWith(END)) {
        return line === `${END}${label}${DASHES}`
          ? this.#whole(label, body)
          : this.#stop(
              'refused',
              'the line that ends a PEM block holds something else as well (bad end line)',
            );
      } else if (isLast || (body.header && line.length > LINE_AFTER_HEADER)) {
        return this.#stop('refused', 'a PEM block with a header has lines of unequal length');
      } else {
        body.data.push(line);
        isLast = body.header !== null && line.length < LINE_AFTER_HEADER;
      }
    }
    return this.#stop('refused', 'a PEM block in it has a beginning and no end: it is half written');
  }

  #whole(label: string, { header, data }: Body): OpensslPem | null {
    const der = decoded(data);
    if (typeof der === 'string') return this.#stop(der === 'refused' ? 'refused' : 'unclear', WHY[der]);
    // An empty line at once is an empty header, which is as good as none.
    this.#blocks.push({ label, header: header?.join('\n') || null, der });
    return null;
  }
}

const WHY = {
  refused: 'a PEM block in it is not base64: it is damaged',
  dash: 'a PEM block in it holds a dash within its base64',
  long: 'a PEM block in it has lines longer than OpenSSL before 1.1 reads',
  empty: 'a PEM block in it is empty',
} as const;

/** Base64 as EVP_DecodeUpdate takes it: blanks anywhere, padding at the very end only. */
function decoded(lines: readonly string[]): Buffer | keyof typeof WHY {
  if (lines.some((line) => line.includes('-'))) return 'dash';
  if (lines.some((line) => line.length > LINE_BEFORE_1_1)) return 'long';
  const text = lines.join('').replace(/[ \t\r]+/g, '');
  if (text === '') return 'empty';
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return 'refused';
  return Buffer.from(text, 'base64');
}

function doubtInside(raw: string, line: string): string | null {
  if (raw.includes('\0')) return 'a PEM block in it holds a NUL byte';
  if (raw.length >= PIECE_MAX) return WHY.long;
  return isHighByte(line.at(-1)) ? 'a line of a PEM block in it ends in a byte that is not ASCII' : null;
}

function isHighByte(character: string | undefined): boolean {
  return character !== undefined && character >= '\u0080';
}

/** The label of a line that begins a block, and holds nothing else. */
function beginOf(line: string): string | null {
  return line.startsWith(BEGIN) && line.endsWith(DASHES) && line.length >= BEGIN.length + DASHES.length
    ? line.slice(BEGIN.length, -DASHES.length)
    : null;
}

/** As OpenSSL: everything up to the space is taken off the end of a line. */
function stripped(line: string): string {
  let end = line.length;
  while (end > 0 && line.charCodeAt(end - 1) <= 0x20) end -= 1;
  return line.slice(0, end);
}
