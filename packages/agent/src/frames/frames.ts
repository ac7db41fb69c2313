import { createHash } from 'node:crypto';

const LINE_FEED = 0x0a;
const SUM_LENGTH = 16;
/** `<number> <bytes of the JSON> <checksum> `, then the JSON. */
const HEADER = /^(\d{1,9}) (\d{1,9}) ([0-9a-f]{16}) /;
const CUT_HEADER = /^(\d{1,9})(?: (?:(\d{1,9})(?: ([0-9a-f]{0,16}))?)?)?$/;

export interface Frame {
  /** Counts from 1 within its file. */
  readonly number: number;
  readonly value: unknown;
}

export interface FramesRead {
  /** Those that proved themselves, in the order of the file. */
  readonly frames: readonly Frame[];
  /** Bytes of the whole lines; what is behind them was cut off in the middle of being written. */
  readonly wholeBytes: number;
  readonly tornBytes: number;
  /** Numbers that are missing or whose lines are not what was written. */
  readonly lost: number;
  /** The first thing that is wrong, for a person; null: the file is what was written. */
  readonly damage: string | null;
}

/** One line: a bit that is flipped anywhere in it, a line that is gone and a line that comes twice are all seen. */
export function frameOf(number: number, value: unknown): string {
  const json = JSON.stringify(value);
  return `${number} ${Buffer.byteLength(json)} ${sumOf(number, Buffer.from(json))} ${json}\n`;
}

export function readFrames(content: Buffer): FramesRead {
  const frames: Frame[] = [];
  let damage: string | null = null;
  let at = 0;
  let line = 0;
  let bad = 0;
  let last = 0;
  let missing = 0;
  for (let end = content.indexOf(LINE_FEED); end >= 0; end = content.indexOf(LINE_FEED, at)) {
    line += 1;
    const found = framesIn(content.subarray(at, end));
    if (found.length !== 1) damage ??= `line ${line} is not what was written`;
    if (found.length === 0) bad += 1;
    for (const frame of found) {
      if (frame.number <= last) damage ??= `line ${line} comes twice or out of its order`;
      else {
        if (frame.number > last + 1) damage ??= `line ${last + 1} is missing`;
        missing += frame.number - last - 1;
        last = frame.number;
        frames.push(frame);
      }
    }
    at = end + 1;
  }
  const tail = content.subarray(at);
  if (tail.length > 0 && !isCut(tail, last + 1)) {
    damage ??= 'the end is not what was written';
    const found = framesIn(tail).filter(({ number }) => number === last + 1);
    frames.push(...found);
    if (found.length === 0) bad += 1;
  }
  return {
    frames,
    wholeBytes: at,
    tornBytes: damage === null ? tail.length : 0,
    lost: Math.max(missing, bad),
    damage,
  };
}

/** One; none where the line is damaged; two where it is only the line feed between them that is. */
function framesIn(line: Buffer): Frame[] {
  const whole = parse(line);
  if (whole) return [whole];
  const header = HEADER.exec(line.subarray(0, 48).toString('latin1'));
  if (!header) return [];
  const end = header[0].length + Number(header[2]);
  return [parse(line.subarray(0, end)), parse(line.subarray(end + 1))].filter((one) => one !== null);
}

function parse(line: Buffer): Frame | null {
  const header = HEADER.exec(line.subarray(0, 48).toString('latin1'));
  if (!header) return null;
  const [head, numberText = '', bytes = '', sum = ''] = header;
  const json = line.subarray(head.length);
  const number = Number(numberText);
  if (json.length !== Number(bytes) || String(number) !== numberText || sumOf(number, json) !== sum)
    return null;
  return { number, value: JSON.parse(json.toString('utf8')) };
}

/** Whether this can be the beginning of the next line, and not a line that lost its end to something else. */
function isCut(tail: Buffer, next: number): boolean {
  const text = tail.toString('latin1');
  const header = HEADER.exec(text);
  if (header) return Number(header[1]) === next && tail.length - header[0].length <= Number(header[2]);
  const cut = CUT_HEADER.exec(text);
  if (!cut) return false;
  return text.includes(' ') ? cut[1] === String(next) : String(next).startsWith(text);
}

function sumOf(number: number, json: Uint8Array): string {
  return createHash('sha256').update(`${number} `).update(json).digest('hex').slice(0, SUM_LENGTH);
}
