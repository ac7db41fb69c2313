import type { Access } from '@castellan/shared/model/plan';
import type { RunState } from '@castellan/shared/model/run';
import type { Step } from '../kit/step.js';
import type { StateStore } from '../ports/state-store.js';

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
  | { readonly t: 'event'; readonly index: number; readonly state: RunState; readonly line: string }
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
  | { readonly t: 'done'; readonly step: number }
  | { readonly t: 'verified' }
  | { readonly t: 'rollback'; readonly why: string }
  | { readonly t: 'closed'; readonly state: RunState };

const FOLDER = 'journal';
const ENDING = '.jsonl';

export class Journal {
  readonly #records: JournalRecord[];
  #isTorn: boolean;

  /** `isTorn`: the file ends in the middle of a line, which is closed before anything is added. */
  constructor(
    private readonly state: StateStore,
    readonly runId: string,
    records: readonly JournalRecord[] = [],
    isTorn = false,
  ) {
    this.#records = [...records];
    this.#isTorn = isTorn;
  }

  get records(): readonly JournalRecord[] {
    return this.#records;
  }

  /** On the disk when it returns. */
  append(record: JournalRecord): void {
    this.state.append(fileOf(this.runId), `${this.#isTorn ? '\n' : ''}${JSON.stringify(record)}\n`);
    this.#isTorn = false;
    this.#records.push(record);
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

/** A run's journal as it stands on the disk. */
export interface WrittenRun {
  readonly runId: string;
  readonly records: readonly JournalRecord[];
  /** The last line was torn off. */
  readonly isTorn: boolean;
  /** How it ended; null: it has not. */
  readonly ended: RunState | null;
}

type JournalReader = Pick<StateStore, 'read' | 'list'>;

export function writtenRuns(state: JournalReader): WrittenRun[] {
  return state
    .list(FOLDER)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => readRun(state, name.slice(0, -ENDING.length)));
}

/** Journals of runs that did not come to an end. */
export function openJournals(state: StateStore): Journal[] {
  return writtenRuns(state)
    .filter(({ ended }) => ended === null)
    .map(({ runId, records, isTorn }) => new Journal(state, runId, records, isTorn));
}

/** Whether a run of this name was ever begun here: an apply that is delivered twice is carried out once. */
export function isKnownRun(state: StateStore, runId: string): boolean {
  return state.read(fileOf(runId)) !== null;
}

export function removeJournal(state: StateStore, runId: string): void {
  state.remove(fileOf(runId));
}

function fileOf(runId: string): string {
  return `${FOLDER}/${runId}${ENDING}`;
}

function readRun(state: JournalReader, runId: string): WrittenRun {
  const text = state.read(fileOf(runId))?.toString('utf8') ?? '';
  const lines = text.split('\n');
  const isTorn = lines.pop() !== '';
  const records = lines.flatMap(parseLine);
  const closed = records.find((one) => one.t === 'closed');
  return { runId, records, isTorn, ended: closed?.t === 'closed' ? closed.state : null };
}

/** A line that was torn off by a crash stands for something that was not done: the line comes first. */
function parseLine(line: string): JournalRecord[] {
  try {
    return [JSON.parse(line)];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
