import { type Clock, instant, rest, steady } from '../ports/clock.js';
import type { Difference, Differences } from '../ports/differences.js';
import type { Log } from '../ports/log.js';
import { type Batch, PATHS_MAX } from './coalesce.js';
import { isNoise, isSameLooked, type Looked } from './watch-set.js';
import type { Watching } from './watching.js';

/** Of the node's processor, at most, where trees are asked. */
const TREES_CPU_SHARE = 0.004;
/** However large the trees are. */
export const TREES_EVERY_MS_MAX = 600_000;

export interface PollerDeps {
  readonly differences: Differences;
  readonly clock: Clock;
  readonly log: Log;
  /** Between two questions. */
  readonly intervalMs: number;
  readonly signal: AbortSignal;
  changed(batch: Batch): void;
}

/** Asks a node that gives no events, again and again, what changed. Trees are asked less often where that costs much. */
export class Poller implements Watching {
  #looked: Looked | null = null;
  #turn: Promise<void> = Promise.resolve();
  #provenAt: string | null = null;
  #problem: string | null = null;
  #isListCut = false;
  #areTreesCut = false;
  #treesEveryMs: number;
  #treesAskedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly deps: PollerDeps) {
    this.#treesEveryMs = deps.intervalMs;
  }

  get proofs(): Watching['proofs'] {
    const provenAt = this.#provenAt;
    return [
      { name: 'files', provenAt, everyS: seconds(this.deps.intervalMs) },
      { name: 'trees', provenAt, everyS: seconds(this.#treesEveryMs) },
    ];
  }

  get problem(): string | null {
    return this.#problem;
  }

  follow(looked: Looked): Promise<void> {
    // One after the other: what the second says is a difference to the first.
    this.#turn = this.#turn.then(() => this.#follow(looked));
    return this.#turn;
  }

  async #follow(looked: Looked): Promise<void> {
    if (this.#looked && isSameLooked(this.#looked, looked)) return;
    this.#looked = looked;
    try {
      const found = await this.deps.differences.follow(looked);
      this.#isListCut = found.isCut;
      this.#take(found);
    } catch (error) {
      // All of it is told anew after the next look.
      this.#looked = null;
      this.#failed(error);
    }
  }

  async run(): Promise<void> {
    const { clock, intervalMs, signal } = this.deps;
    while (!signal.aborted) {
      const askedAt = steady(clock);
      // A sleep may be over a moment early, and a whole interval must not be lost by it.
      const isWithTrees = askedAt - this.#treesAskedAt >= this.#treesEveryMs - intervalMs / 2;
      try {
        const found = await this.deps.differences.ask(isWithTrees);
        if (isWithTrees) this.#treesAskedAt = askedAt;
        if (isWithTrees) this.#spread(found.treesCpuMs);
        if (isWithTrees) this.#areTreesCut = found.isCut;
        this.#take(found);
      } catch (error) {
        this.#failed(error);
      }
      await rest(clock, Math.max(0, askedAt + intervalMs - steady(clock)), signal);
    }
  }

  /** What was asked is over with the session. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  #spread(treesCpuMs: number): void {
    const { intervalMs, log } = this.deps;
    const before = this.#treesEveryMs;
    // In whole intervals, so that it is asked when it is said to be.
    const wantedMs = Math.ceil(treesCpuMs / TREES_CPU_SHARE / intervalMs) * intervalMs;
    this.#treesEveryMs = Math.max(intervalMs, Math.min(wantedMs, TREES_EVERY_MS_MAX));
    if (this.#treesEveryMs !== before)
      log.info(
        { event: 'watch.spread', treesCpuMs, everyMs: this.#treesEveryMs },
        'trees are asked at another interval, for what they cost the node',
      );
  }

  #take({ changed, watched }: Difference): void {
    this.#provenAt = instant(this.deps.clock);
    const isCut = this.#isListCut || this.#areTreesCut;
    this.#problem = isCut ? `not everything is watched: ${watched} paths are, and there are more` : null;
    const paths = new Set([...changed].filter((path) => this.#matters(path)));
    if (paths.size > 0) this.deps.changed({ paths, overflow: paths.size > PATHS_MAX });
  }

  #matters(path: string): boolean {
    return this.#looked?.paths.has(path) === true || !path.split('/').some(isNoise);
  }

  #failed(error: unknown): void {
    if (this.deps.signal.aborted) return;
    const before = this.#problem;
    this.#problem = error instanceof Error ? error.message : String(error);
    if (this.#problem === before) return;
    this.deps.log.error({ event: 'watch.failed', problem: this.#problem }, 'the node could not be asked');
  }
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
