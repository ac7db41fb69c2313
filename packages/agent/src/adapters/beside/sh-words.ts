import { StreamBroken } from './far-stream.js';

/** One word of a request: data to the end, whatever bytes it has. Only these go as they are. */
export function wordOf(bytes: Buffer | string): string {
  const text = typeof bytes === 'string' ? Buffer.from(bytes).toString('latin1') : bytes.toString('latin1');
  return `=${text.replace(/[^A-Za-z0-9._/+-]/g, (byte) => `\\0${byte.charCodeAt(0).toString(8).padStart(3, '0')}`)}`;
}

/** A line of an answer, and the bytes that stand below it as hex. */
export interface Item {
  readonly head: string;
  readonly bytes: Buffer;
}

/** All that the far side writes is of these: a line of words, or one of hex behind a blank. */
const HEX_LINE = /^(?: [0-9a-f]{2})+$/;
const HEAD_LINE = /^[!-~][\t -~]{0,255}$/;

/** The first item has no line of its own: bytes that were answered at once. Throws StreamBroken. */
export function readItems(lines: readonly string[]): Item[] {
  const items: { head: string; hex: string[] }[] = [{ head: '', hex: [] }];
  for (const line of lines) {
    if (HEX_LINE.test(line)) items.at(-1)?.hex.push(line);
    else if (HEAD_LINE.test(line)) items.push({ head: line, hex: [] });
    else throw new StreamBroken('a line that the far side does not write');
  }
  return items.map(({ head, hex }) => ({
    head,
    bytes: Buffer.from(hex.join('').replaceAll(' ', ''), 'hex'),
  }));
}

const STAT =
  /^([0-9a-f]{1,8}|[a-zD][0-7]{1,4}) (\d{1,10}) (\d{1,10}) (\d{1,17}) (-?\d{1,12})(?:\.(\d{1,10}))? (-?\d{1,12})(?:\.(\d{1,10}))? (\d{1,20}) (\d{1,20}) (\d{1,10})$/;
/** find(1): `%y`. */
const KINDS: Readonly<Record<string, number>> = {
  f: 0o100000,
  d: 0o040000,
  l: 0o120000,
  s: 0o140000,
  p: 0o010000,
  c: 0o020000,
  b: 0o060000,
};

export interface ShStat {
  readonly mode: number;
  readonly dev: string;
  readonly ino: string;
  /** In the words of the Perl program: `mode uid gid size mtime ctime dev ino nlink`. */
  readonly text: string;
  /** All of it but the owner: another means that the content may be another. */
  readonly written: string;
}

/** `printf`: from find, which has a letter and permissions in place of the mode in hex. Null: it is not whole. */
export function readShStat(line: string, isPrintf = false): ShStat | null {
  const match = STAT.exec(line);
  if (!match) return null;
  const [, told = '', uid, gid, size, mtime, mtimePart, ctime, ctimePart, dev = '', ino = '', nlink] = match;
  const kind = isPrintf ? KINDS[told.charAt(0)] : 0;
  if (kind === undefined || (!isPrintf && !/^[0-9a-f]+$/.test(told))) return null;
  const mode = isPrintf ? kind | Number.parseInt(told.slice(1), 8) : Number.parseInt(told, 16);
  const micros = (part: string | undefined) => (part ?? '').slice(0, 6).padEnd(6, '0');
  const times = `${mtime}.${micros(mtimePart)} ${ctime}.${micros(ctimePart)}`;
  return {
    mode,
    dev,
    ino,
    text: `${mode} ${uid} ${gid} ${size} ${times} ${dev} ${ino} ${nlink}`,
    written: `${dev} ${ino} ${size} ${times}`,
  };
}

export const isFolder = ({ mode }: ShStat): boolean => (mode & 0o170000) === 0o040000;
export const isLink = ({ mode }: ShStat): boolean => (mode & 0o170000) === 0o120000;
export const isFile = ({ mode }: ShStat): boolean => (mode & 0o170000) === 0o100000;

/** `!ENOENT`: the system's word. Null: the line says something else. */
export function codeOf(head: string | undefined): string | null {
  return /^!([A-Z]{2,20})$/.exec(head ?? '')?.[1] ?? null;
}
