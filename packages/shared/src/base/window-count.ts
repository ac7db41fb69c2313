/** Kinds that are told apart at once; further ones share one place. */
export const KINDS_MAX = 256;

interface Kept {
  since: number;
  leftOut: number;
}

/** Lets one thing of a kind through in a window and counts the others. Bounded: what strangers provoke comes through here. */
export class WindowCount {
  readonly #windowMs: number;
  readonly #kinds = new Map<string, Kept>();

  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** How many of this kind were left out since the last that passed; null: this one is left out too. */
  pass(wanted: string, now: number): number | null {
    const kind = this.#kinds.has(wanted) || this.#kinds.size < KINDS_MAX ? wanted : 'other';
    const known = this.#kinds.get(kind);
    // A clock that was put back must not keep a kind silent.
    if (known && now - known.since < this.#windowMs && now >= known.since) {
      known.leftOut += 1;
      return null;
    }
    this.#kinds.set(kind, { since: now, leftOut: 0 });
    return known?.leftOut ?? 0;
  }
}
