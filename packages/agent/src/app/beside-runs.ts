import { parseJson } from '@castellan/shared/base/parse-json';
import { isFinal, type RunEvent } from '@castellan/shared/model/run';
import { type Clock, instant } from '../ports/clock.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import { TOLD_AGAIN_MAX } from '../runner/last-words.js';
import { OPEN_MAX } from './beside-order.js';

const FILE = 'beside-runs.json';
/** Runs that are kept: the oldest that have ended are forgotten first. */
export const RUNS_MAX = 200;

interface KnownRun {
  readonly runId: string;
  /** When a worker was given it. */
  readonly at: string;
  /** Its end is not known. */
  readonly isOpen: boolean;
  readonly last: RunEvent | null;
}

interface Kept {
  readonly runs: readonly KnownRun[];
  /** Runs of the node that were worth another try when a worker last asked. */
  readonly unfinished: number;
}

/**
 * What this host knows of the runs that it had carried out on a node, in its own state folder. The journal is the node's;
 * this is what is known without a session: which runs were given to a worker, and the last that was heard of each.
 */
export class BesideRuns {
  readonly #store: Pick<StateStore, 'read' | 'replace' | 'path'>;
  readonly #clock: Clock;

  constructor(store: Pick<StateStore, 'read' | 'replace' | 'path'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** On the disk before a worker hears of it. False: too many are open. */
  begin(runId: string): boolean {
    const { runs, unfinished } = this.#kept();
    if (runs.filter(({ isOpen }) => isOpen).length >= OPEN_MAX) return false;
    const known = { runId, at: instant(this.#clock), isOpen: true, last: null };
    this.#write({ runs: [...runs, known], unfinished });
    return true;
  }

  /** A line of a run. False: it was heard before. Of a run that was not begun from here nothing is kept. */
  hear(event: RunEvent): boolean {
    const { runs, unfinished } = this.#kept();
    const before = runs.find(({ runId }) => runId === event.runId);
    if (!before) return true;
    if ((before.last?.index ?? 0) >= event.index) return false;
    const heard = { ...before, last: event };
    this.#write({ runs: runs.map((run) => (run === before ? heard : run)), unfinished });
    return true;
  }

  /** The node has said how it ended, or that nothing of it was begun. */
  close(runId: string): void {
    const { runs, unfinished } = this.#kept();
    this.#write({
      runs: runs.map((run) => (run.runId === runId ? { ...run, isOpen: false } : run)),
      unfinished,
    });
  }

  setUnfinished(unfinished: number): void {
    const kept = this.#kept();
    if (kept.unfinished !== unfinished) this.#write({ ...kept, unfinished });
  }

  find(runId: string): KnownRun | null {
    return this.#kept().runs.find((run) => run.runId === runId) ?? null;
  }

  open(): readonly string[] {
    return this.#kept()
      .runs.filter(({ isOpen }) => isOpen)
      .map(({ runId }) => runId);
  }

  get unfinished(): number {
    return Math.max(this.#kept().unfinished, this.open().length);
  }

  lastWords(): readonly RunEvent[] {
    return this.#kept()
      .runs.flatMap(({ isOpen, last }) => (!isOpen && last && isFinal(last.state) ? [last] : []))
      .slice(-TOLD_AGAIN_MAX);
  }

  #kept(): Kept {
    const content = this.#store.read(FILE);
    if (content === null) return { runs: [], unfinished: 0 };
    const kept = parseJson(content.toString('utf8')) as Partial<Kept> | null;
    if (!kept || !Array.isArray(kept.runs) || typeof kept.unfinished !== 'number')
      throw new StateProblem('read', `${this.#store.path}/${FILE}`, 'it is damaged: move it aside');
    return { runs: kept.runs, unfinished: kept.unfinished };
  }

  #write({ runs, unfinished }: Kept): void {
    const beyond = Math.max(0, runs.length - RUNS_MAX);
    const old = new Set(runs.filter(({ isOpen }) => !isOpen).slice(0, beyond));
    this.#store.replace(FILE, JSON.stringify({ runs: runs.filter((run) => !old.has(run)), unfinished }));
  }
}
