import type { Numbered } from '@castellan/shared/protocol/messages';
import type { StateStore } from '../ports/state-store.js';

/** Lines of a segment file, besides records: what was acknowledged, and what was given up. */
export type SegmentLine =
  | Numbered
  | { readonly type: 'acked'; readonly bootId: string; readonly upTo: number }
  | { readonly type: 'gone'; readonly bootId: string; readonly seqs: readonly number[] };

const FOLDER = 'spool';
/** A new segment is begun beyond this. */
export const SEGMENT_BYTES_MAX = 1024 * 1024;

export interface ReadBack {
  readonly lines: readonly SegmentLine[];
  /** Whole lines that could not be understood. */
  readonly damaged: number;
  /** Bytes of an unfinished last line, which was cut. */
  readonly tornBytes: number;
}

/** The segment files in order. Knows lines, not what they mean. Every method throws StateProblem when the disk refuses. */
export class Segments {
  #number = 0;
  #currentBytes = 0;
  #bytes = 0;

  constructor(private readonly store: StateStore) {}

  get bytes(): number {
    return this.#bytes;
  }

  readAll(): ReadBack {
    const lines: SegmentLine[] = [];
    let damaged = 0;
    let tornBytes = 0;
    for (const name of this.#names()) {
      const text = this.store.read(`${FOLDER}/${name}`)?.toString('utf8') ?? '';
      const end = text.lastIndexOf('\n') + 1;
      if (end < text.length) {
        // Only the end can be torn by a crash: what was appended after it would otherwise join it into one bad line.
        tornBytes += Buffer.byteLength(text.slice(end));
        this.store.replace(`${FOLDER}/${name}`, text.slice(0, end));
      }
      for (const line of text.slice(0, end).split('\n')) {
        if (line === '') continue;
        const parsed = parseLine(line);
        if (parsed) lines.push(parsed);
        else damaged += 1;
      }
      this.#number = Number(name.slice(0, -'.jsonl'.length));
      this.#currentBytes = Buffer.byteLength(text.slice(0, end));
      this.#bytes += this.#currentBytes;
    }
    return { lines, damaged, tornBytes };
  }

  append(lines: readonly SegmentLine[]): void {
    const text = textOf(lines);
    const isNew = this.#number === 0 || this.#currentBytes >= SEGMENT_BYTES_MAX;
    const number = isNew ? this.#number + 1 : this.#number;
    this.store.append(nameOf(number), text);
    this.#number = number;
    this.#currentBytes = (isNew ? 0 : this.#currentBytes) + Buffer.byteLength(text);
    this.#bytes += Buffer.byteLength(text);
  }

  /** Makes these lines the only ones: written whole in a new segment before the old ones go. */
  replaceAll(lines: readonly SegmentLine[]): void {
    const old = this.#names();
    const text = textOf(lines);
    if (lines.length > 0) {
      this.store.replace(nameOf(this.#number + 1), text);
      this.#number += 1;
    }
    for (const name of old) this.store.remove(`${FOLDER}/${name}`);
    this.#currentBytes = Buffer.byteLength(text);
    this.#bytes = this.#currentBytes;
    if (lines.length === 0) this.#number = 0;
  }

  #names(): string[] {
    return this.store.list(FOLDER).filter((name) => /^\d{8}\.jsonl$/.test(name));
  }
}

function nameOf(number: number): string {
  return `${FOLDER}/${String(number).padStart(8, '0')}.jsonl`;
}

function textOf(lines: readonly SegmentLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

const TYPES: ReadonlySet<unknown> = new Set(['transition', 'run', 'dropped', 'acked', 'gone']);

function parseLine(line: string): SegmentLine | null {
  try {
    const value = JSON.parse(line) as { type?: unknown; bootId?: unknown; seq?: unknown };
    const isKnown =
      typeof value === 'object' &&
      value !== null &&
      TYPES.has(value.type) &&
      typeof value.bootId === 'string';
    const hasNumber = value.type === 'acked' || value.type === 'gone' || Number.isInteger(value.seq);
    return isKnown && hasNumber ? (value as SegmentLine) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
