import type { FileStat } from '../../ports/files.js';
import { kindOf, whole } from '../file-stat.js';

/** A part of a look: what the system said, `ok`, or empty where it was not asked. */
interface Part {
  readonly code: string;
  readonly value: Buffer;
}

/** What the far side found at a path. */
export interface FarLook {
  readonly inside: string;
  readonly links: readonly string[];
  readonly stat: FileStat;
  readonly target: string;
  /** Everything that was passed, links and folders and the thing itself. */
  readonly trail: readonly { readonly path: string; readonly stat: FileStat }[];
  readonly content: Part;
  readonly names: Part;
  readonly acl: Part;
}

export type FarFound =
  | { readonly kind: 'found'; readonly look: FarLook }
  | { readonly kind: 'problem'; readonly code: string; readonly at: string };

/** Texts for one look. */
export const LOOK_FIELDS = 13;
const STAT =
  /^(\d{1,10}) (\d{1,10}) (\d{1,10}) (\d{1,17}) (-?\d{1,12})\.(\d{6}) (-?\d{1,12})\.(\d{6}) (\d{1,20}) (\d{1,20}) (\d{1,10})$/;

/** Null: the far side does not say what it should. */
export function readStat(text: Buffer): FileStat | null {
  const match = STAT.exec(text.toString('latin1'));
  if (!match) return null;
  const number = (index: number) => Number(match[index]);
  const mode = number(1);
  const ms = (seconds: number, micros: number) => number(seconds) * 1000 + number(micros) / 1000;
  return {
    kind: kindOf(mode),
    uid: whole(number(2)),
    gid: whole(number(3)),
    mode: mode & 0o7777,
    sizeBytes: whole(number(4)),
    mtimeMs: ms(5, 6),
    ctimeMs: ms(7, 8),
    dev: whole(number(9)),
    ino: whole(number(10)),
    nlink: whole(number(11)),
  };
}

export function textsOf(joined: Buffer): string[] {
  return joined.length === 0 ? [] : joined.toString('utf8').split('\0');
}

/** The look of `LOOK_FIELDS` texts. Null: the far side does not say what it should. */
export function readLook(fields: readonly Buffer[]): FarFound | null {
  const [code, at, inside, links, stat, target, trail, ...parts] = fields;
  if (!code || !at || !inside || !links || !stat || !target || !trail || parts.length !== LOOK_FIELDS - 7)
    return null;
  if (code.toString('latin1') !== 'ok')
    return { kind: 'problem', code: code.toString('latin1'), at: at.toString('utf8') };
  const seen = readStat(stat);
  const passed = readTrail(trail);
  if (!seen || !passed) return null;
  const part = (index: number): Part => ({
    code: parts[index]?.toString('latin1') ?? '',
    // A copy: what it was cut out of is the whole answer.
    value: Buffer.from(parts[index + 1] ?? Buffer.alloc(0)),
  });
  return {
    kind: 'found',
    look: {
      inside: inside.toString('utf8'),
      links: textsOf(links),
      stat: seen,
      target: target.toString('utf8'),
      trail: passed,
      content: part(0),
      names: part(2),
      acl: part(4),
    },
  };
}

function readTrail(trail: Buffer): FarLook['trail'] | null {
  const texts = trail.length === 0 ? [] : trail.toString('latin1').split('\0');
  const passed: { path: string; stat: FileStat }[] = [];
  for (let at = 0; at < texts.length; at += 2) {
    const stat = readStat(Buffer.from(texts[at + 1] ?? '', 'latin1'));
    if (!stat) return null;
    passed.push({ path: Buffer.from(texts[at] ?? '', 'latin1').toString('utf8'), stat });
  }
  return passed;
}
