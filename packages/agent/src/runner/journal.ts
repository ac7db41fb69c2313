import { parseJson } from '@castellan/shared/base/parse-json';
import type { CasCode } from '@castellan/shared/errors/table';
import type { Access } from '@castellan/shared/model/plan';
import type { RunState } from '@castellan/shared/model/run';
import { frameOf, readFrames } from '../frames/frames.js';
import type { StateStore } from '../ports/state-store.js';
import type { Step } from '../units/step.js';

/** One line of a run's journal. `step` counts from 0. Names and digests only: never a content, never a parameter. */
export type JournalRecord =
  | {
      readonly t: 'run';
      readonly runId: string;
      readonly slug: string;
      readonly digest: string;
      readonly at: string;
      readonly steps: readonly Step[];
    }
  | {
      readonly t: 'event';
      readonly index: number;
      readonly state: RunState;
      readonly line: string;
      readonly error?: CasCode;
    }
  | { readonly t: 'begin'; readonly step: number }
  /** What a path held before. `sha256` null: there was nothing, and there is no backup. */
  | {
      readonly t: 'backup';
      readonly step: number;
      readonly path: string;
      readonly sha256: string | null;
      readonly backup: string | null;
      readonly access: Access | null;
    }
  /** A file is about to be written beside `path`. */
  | {
      readonly t: 'stage';
      readonly step: number;
      readonly path: string;
      readonly temp: string;
      readonly sha256: string;
    }
  /** The renames, or the changes of access, are about to happen. */
  | { readonly t: 'intent'; readonly step: number }
  /** A program was started for the step; it may outlive the agent. `start` is the kernel's (proc(5), field 22). */
  | {
      readonly t: 'child';
      readonly step: number;
      readonly pid: number;
      readonly start: string;
      readonly bootId: string;
      readonly program: string;
    }
  | { readonly t: 'done'; readonly step: number }
  | { readonly t: 'verified'; readonly left?: readonly string[] }
  | { readonly t: 'rollback'; readonly why: string }
  /** The node was seen to be as this end says. From here on the run needs no backup, and what removes them may begin. */
  | {
      readonly t: 'proven';
      readonly state: RunState;
      readonly line: string;
      readonly error: CasCode | null;
    }
  | { readonly t: 'closed'; readonly state: RunState }
  /** Putting back is tried again, after it had failed. */
  | { readonly t: 'retry'; readonly at: string };

const FOLDER = 'journal';
const ENDING = '.jsonl';
const LINE_FEED = 0x0a;

/** A run's journal as it stands on the disk. */
export interface WrittenRun {
  readonly runId: string;
  readonly records: readonly JournalRecord[];
  /** Number of the next line, after everything that can be read. */
  readonly next: number;
  /** What is wrong with the file, for a person; null: it is what was written, but for a last line that may be cut off. */
  readonly damage: string | null;
  /** Bytes of its whole lines where the last one was cut off; null: none was. */
  readonly cutAt: number | null;
  /** How it ended; null: it has not. */
  readonly ended: RunState | null;
}

export class Journal {
  readonly #records: JournalRecord[];
  readonly #found: WrittenRun | null;
  #next: number;
  #isReady: boolean;

  /** `found`: as an earlier process left it. What a line is missing for may then have happened all the same. */
  constructor(
    private readonly state: StateStore,
    readonly runId: string,
    found: WrittenRun | null = null,
  ) {
    this.#found = found;
    this.#records = [...(found?.records ?? [])];
    this.#next = found?.next ?? 1;
    this.#isReady = found !== null && found.cutAt === null && found.damage === null;
  }

  get records(): readonly JournalRecord[] {
    return this.#records;
  }

  /** Taken up after its process ended: the absence of a line is no evidence. */
  get isTakenUp(): boolean {
    return this.#found !== null;
  }

  get damage(): string | null {
    return this.#found?.damage ?? null;
  }

  /** On the disk when it returns. */
  append(record: JournalRecord): void {
    const line = frameOf(this.#next, record);
    if (this.#isReady) this.state.append(fileOf(this.runId), line);
    else this.#begin(line);
    this.#isReady = true;
    this.#next += 1;
    this.#records.push(record);
  }

  /** The first line comes with its file, whole; a cut end is taken away first; damage stays as it is, for a person. */
  #begin(line: string): void {
    const file = fileOf(this.runId);
    const before = this.#found ? (this.state.read(file) ?? Buffer.alloc(0)) : Buffer.alloc(0);
    const kept = before.subarray(0, this.#found?.cutAt ?? before.length);
    const gap = kept.length > 0 && kept.at(-1) !== LINE_FEED ? '\n' : '';
    this.state.replace(file, Buffer.concat([kept, Buffer.from(`${gap}${line}`)]));
  }

  of<T extends JournalRecord['t']>(t: T, step: number): Extract<JournalRecord, { t: T }>[] {
    return this.#records.filter(
      (one): one is Extract<JournalRecord, { t: T }> => one.t === t && 'step' in one && one.step === step,
    );
  }

  has(t: JournalRecord['t']): boolean {
    return this.#records.some((one) => one.t === t);
  }
}

type JournalReader = Pick<StateStore, 'read' | 'list'>;

export function writtenRuns(state: JournalReader): WrittenRun[] {
  return state
    .list(FOLDER)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => readRun(state, name.slice(0, -ENDING.length)));
}

/** Whether a run of this name was ever begun here: an apply that is delivered twice is carried out once. */
export function isKnownRun(state: StateStore, runId: string): boolean {
  return state.read(fileOf(runId)) !== null;
}

export function removeJournal(state: StateStore, runId: string): void {
  state.remove(fileOf(runId));
}

/** Half-written successors of journals that a kill left; the journals themselves are whole. */
export function removeHalfWritten(state: StateStore): void {
  for (const name of state.list(FOLDER))
    if (name.endsWith(`${ENDING}.new`)) state.remove(`${FOLDER}/${name}`);
}

/** Where a run's journal is, for a person. */
export function journalPlace(state: StateStore, runId: string): string {
  return `${state.path}/${fileOf(runId)}`;
}

function fileOf(runId: string): string {
  return `${FOLDER}/${runId}${ENDING}`;
}

function readRun(state: JournalReader, runId: string): WrittenRun {
  const content = state.read(fileOf(runId)) ?? Buffer.alloc(0);
  if (content.at(0) === '{'.charCodeAt(0)) return earlierRun(runId, content);
  const read = readFrames(content);
  const records = read.frames.map(({ value }) => value as JournalRecord);
  const isBegun = records[0]?.t === 'run' && read.frames[0]?.number === 1;
  return {
    runId,
    records,
    next: (read.frames.at(-1)?.number ?? 0) + read.lost + 1,
    damage: read.damage ?? (isBegun ? null : 'its first line is missing'),
    cutAt: read.damage === null && read.tornBytes > 0 ? read.wholeBytes : null,
    ended: endOf(records),
  };
}

function endOf(records: readonly JournalRecord[]): RunState | null {
  const last = records.findLast((one) => one.t === 'closed' || one.t === 'retry');
  return last?.t === 'closed' ? last.state : null;
}

/**
 * Of a release whose lines proved nothing: one that ended is known by its end; one that did not is damaged, because
 * nobody can tell whether a line is missing.
 */
function earlierRun(runId: string, content: Buffer): WrittenRun {
  const lines = content.toString('utf8').split('\n');
  const records = lines.flatMap(parseEarlier);
  const ended = endOf(records);
  return {
    runId,
    records,
    next: lines.length + 1,
    damage: ended === null ? 'an earlier release wrote it, whose lines prove nothing' : null,
    cutAt: null,
    ended,
  };
}

/** With what this release added behind it. */
function parseEarlier(line: string): JournalRecord[] {
  const json = /^(?:\d+ \d+ [0-9a-f]{16} )?(\{.*)$/.exec(line)?.[1];
  const record = json === undefined ? null : parseJson(json);
  return record === null ? [] : [record as JournalRecord];
}
