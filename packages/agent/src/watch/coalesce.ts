import { type Clock, steady } from '../ports/clock.js';

/** However restless the node: a change is inspected within this. */
export const BURST_MS_MAX = 2000;
/** More paths than this say only that much changed: `overflow` asks for a full scan. */
export const PATHS_MAX = 10_000;

export interface Batch {
  readonly paths: ReadonlySet<string>;
  readonly overflow: boolean;
}

/** Gathers changed paths until it has been quiet for a while, or for as long as a burst may last; then gives them at once. */
export class Coalescer {
  #paths = new Set<string>();
  #overflow = false;
  #firstAt = 0;
  #lastAt = 0;
  #isWaiting = false;

  constructor(
    private readonly clock: Clock,
    private readonly quietMs: number,
    private readonly signal: AbortSignal,
    private readonly flush: (batch: Batch) => void,
  ) {}

  add(path: string): void {
    if (this.#paths.size >= PATHS_MAX) this.#overflow = true;
    else this.#paths.add(path);
    this.#touch();
  }

  /** Something was missed: everything is to be inspected. */
  overflow(): void {
    this.#overflow = true;
    this.#touch();
  }

  #touch(): void {
    this.#lastAt = steady(this.clock);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#firstAt = this.#lastAt;
    this.#wait();
  }

  #wait(): void {
    const now = steady(this.clock);
    const dueMs = Math.min(this.#lastAt + this.quietMs, this.#firstAt + BURST_MS_MAX) - now;
    if (dueMs <= 0) return this.#give();
    this.clock.sleep(dueMs, this.signal).then(
      () => this.#wait(),
      (error: unknown) => {
        if (!this.signal.aborted) throw error;
      },
    );
  }

  #give(): void {
    const batch = { paths: this.#paths, overflow: this.#overflow };
    this.#paths = new Set();
    this.#overflow = false;
    this.#isWaiting = false;
    this.flush(batch);
  }
}
