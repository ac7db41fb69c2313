import { type Clock, instant, rest } from '../ports/clock.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';

export const CANARY_FOLDER = 'canary';
const CANARY_EVERY_MS = 30_000;
/** An event that takes longer is taken for lost. */
const CANARY_MS_MAX = 10_000;

/** Writes a file of its own and waits to hear of it: so a watcher that has gone deaf is found out. */
export class Canary {
  #provenAt: string | null = null;
  #problem: string | null = null;
  #heard: (() => void) | null = null;

  constructor(
    readonly name: string,
    private readonly store: StateStore,
    private readonly clock: Clock,
  ) {}

  get provenAt(): string | null {
    return this.#provenAt;
  }

  /** The watcher told of the canary's file. */
  sang(): void {
    this.#heard?.();
  }

  /** Resolves with whether the watcher told of it in time. */
  async prove(signal: AbortSignal): Promise<boolean> {
    const done = new AbortController();
    const heard = new Promise<boolean>((resolve) => {
      this.#heard = () => resolve(true);
    });
    const late = this.clock.sleep(CANARY_MS_MAX, AbortSignal.any([signal, done.signal])).then(
      () => false,
      () => false,
    );
    let isProven = false;
    try {
      this.store.replace(`${CANARY_FOLDER}/${this.name}`, instant(this.clock));
      isProven = await Promise.race([heard, late]);
    } finally {
      done.abort();
      this.#heard = null;
    }
    if (isProven) this.#provenAt = instant(this.clock);
    return isProven;
  }

  /** Why it cannot be written, or null. It proves nothing then, and the watcher may be well all the same. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Null: the state folder refused, which is no deafness. */
  async #tried(signal: AbortSignal): Promise<boolean | null> {
    try {
      const isProven = await this.prove(signal);
      this.#problem = null;
      return isProven;
    } catch (error) {
      if (!(error instanceof StateProblem)) throw error;
      this.#problem = error.message;
      return null;
    }
  }

  async run(signal: AbortSignal, deaf: () => void): Promise<void> {
    while (!signal.aborted) {
      const isHeard = await this.#tried(signal);
      if (isHeard === false && !signal.aborted) deaf();
      await rest(this.clock, CANARY_EVERY_MS, signal);
    }
  }
}
