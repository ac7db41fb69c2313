import { parseJson } from '@castellan/shared/base/parse-json';
import type { Numbered } from '@castellan/shared/protocol/messages';
import { frameOf, readFrames } from '../frames/frames.js';
import type { StateStore } from '../ports/state-store.js';

/** Lines of a segment file, besides records: what was acknowledged (written twice), and that earlier files count no more. */
export type SegmentLine =
  | Numbered
  | { readonly type: 'acked'; readonly bootId: string; readonly upTo: number; readonly copy?: 0 | 1 }
  | { readonly type: 'only'; readonly bootId: '' };

const FOLDER = 'spool';
const OPEN_BRACE = 0x7b;
/** A new segment is begun beyond this. */
export const SEGMENT_BYTES_MAX = 1024 * 1024;

export interface ReadBack {
  readonly lines: readonly SegmentLine[];
  /** Lines that were written and cannot be had any more. */
  readonly damaged: number;
  /** Bytes of lines that were cut off while they were written: nobody was told that they were kept. */
  readonly tornBytes: number;
}

/** The segment files in order. Knows lines, not what they mean. Every method throws StateProblem when the disk refuses. */
export class Segments {
  #number = 0;
  #currentBytes = 0;
  /** Number of the next line in the current file. */
  #next = 1;
  #bytes = 0;

  constructor(private readonly store: StateStore) {}

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#names().length;
  }

  readAll(): ReadBack {
    const lines: SegmentLine[] = [];
    let damaged = 0;
    let tornBytes = 0;
    for (const name of this.#names()) {
      const content = this.store.read(`${FOLDER}/${name}`) ?? Buffer.alloc(0);
      this.#number = Number(name.slice(0, -'.jsonl'.length));
      const read = content.at(0) === OPEN_BRACE ? earlierLines(content) : framedLines(content);
      if (read.lines[0]?.type === 'only') {
        // Everything before was written again in here; a kill kept the old files from being removed.
        lines.length = 0;
        damaged = 0;
      }
      lines.push(...read.lines);
      damaged += read.damaged;
      tornBytes += read.tornBytes;
      this.#bytes += content.length;
    }
    // What is added goes into a file of its own: behind a torn or a damaged end it could not be told from it.
    this.#currentBytes = SEGMENT_BYTES_MAX;
    return { lines, damaged, tornBytes };
  }

  append(lines: readonly SegmentLine[]): void {
    const isNew = this.#number === 0 || this.#currentBytes >= SEGMENT_BYTES_MAX;
    // Asked for and not counted on: the files may not have been there to be read when the spool was opened.
    const number = isNew ? this.#highest() + 1 : this.#number;
    const first = isNew ? 1 : this.#next;
    const text = textOf(lines, first);
    this.store.append(nameOf(number), text);
    this.#number = number;
    this.#next = first + lines.length;
    this.#currentBytes = (isNew ? 0 : this.#currentBytes) + Buffer.byteLength(text);
    this.#bytes += Buffer.byteLength(text);
  }

  /** Makes these lines the only ones: written whole in a new segment, which says so, before the old ones go. */
  replaceAll(lines: readonly SegmentLine[]): void {
    const old = this.#names();
    const all: SegmentLine[] = [{ type: 'only', bootId: '' }, ...lines];
    const text = textOf(all, 1);
    if (lines.length > 0) {
      const number = this.#highest() + 1;
      this.store.replace(nameOf(number), text);
      this.#number = number;
      this.#next = all.length + 1;
    }
    // The oldest goes first: what takes its records back stands in later ones.
    for (const name of old) this.store.remove(`${FOLDER}/${name}`);
    this.#currentBytes = lines.length === 0 ? 0 : Buffer.byteLength(text);
    this.#bytes = this.#currentBytes;
    if (lines.length === 0) this.#number = 0;
  }

  #highest(): number {
    return Math.max(this.#number, Number(this.#names().at(-1)?.slice(0, -'.jsonl'.length) ?? 0));
  }

  #names(): string[] {
    return this.store.list(FOLDER).filter((name) => /^\d{8}\.jsonl$/.test(name));
  }
}

function nameOf(number: number): string {
  return `${FOLDER}/${String(number).padStart(8, '0')}.jsonl`;
}

function textOf(lines: readonly SegmentLine[], first: number): string {
  return lines.map((line, index) => frameOf(first + index, line)).join('');
}

function framedLines(content: Buffer): ReadBack {
  const { frames, lost, tornBytes } = readFrames(content);
  const lines = frames.flatMap(({ value }) => known(value));
  // Of an acknowledgement, which is written twice, one copy is enough.
  const copies = frames.filter(({ number, value }) => {
    const { type, copy } = value as { type?: unknown; copy?: unknown };
    if (type !== 'acked') return false;
    return copy === 1
      ? !frames.some((one) => one.number === number - 1)
      : number < (frames.at(-1)?.number ?? 0) && !frames.some((one) => one.number === number + 1);
  }).length;
  return { lines, damaged: Math.max(0, lost - copies), tornBytes };
}

/** Of a release whose lines carried no checksum. */
function earlierLines(content: Buffer): ReadBack {
  const text = content.toString('utf8');
  const end = text.lastIndexOf('\n') + 1;
  const read = text
    .slice(0, end)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => known(parseJson(line)));
  return {
    lines: read.flat(),
    damaged: read.filter((line) => line.length === 0).length,
    tornBytes: Buffer.byteLength(text.slice(end)),
  };
}

const TYPES: ReadonlySet<unknown> = new Set(['transition', 'run', 'dropped', 'acked', 'only']);

function known(value: unknown): SegmentLine[] {
  if (typeof value !== 'object' || value === null) return [];
  const { type, bootId, seq } = value as { type?: unknown; bootId?: unknown; seq?: unknown };
  const hasNumber = type === 'acked' || type === 'only' || Number.isInteger(seq);
  return TYPES.has(type) && typeof bootId === 'string' && hasNumber ? [value as SegmentLine] : [];
}
