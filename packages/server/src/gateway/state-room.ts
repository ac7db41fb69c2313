/** What all states that are not complete yet may hold together, in bytes of their frames. */
export const STATE_ROOM_BYTES_MAX = 64 * 1024 * 1024;
/** The next part of a state comes by then, or what has come is let go. */
export const STATE_PART_MS_MAX = 60_000;

interface Held {
  bytes: number;
  readonly letGo: () => void;
}

/** Shared by all sessions: parts of states that never become whole fill the memory of nobody but who sent most of them. */
export class StateRoom {
  readonly #bytesMax: number;
  readonly #held = new Map<object, Held>();
  #total = 0;

  constructor(bytesMax: number = STATE_ROOM_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#total;
  }

  /** `holder` has so many bytes now. Beyond the bound who has the most is told to let go, until there is room. */
  hold(holder: object, bytes: number, letGo: () => void): void {
    this.free(holder);
    if (bytes === 0) return;
    this.#held.set(holder, { bytes, letGo });
    this.#total += bytes;
    while (this.#total > this.#bytesMax) this.#dropLargest();
  }

  free(holder: object): void {
    this.#total -= this.#held.get(holder)?.bytes ?? 0;
    this.#held.delete(holder);
  }

  #dropLargest(): void {
    const [first, ...others] = this.#held;
    if (!first) return;
    const [holder, held] = others.reduce((most, one) => (one[1].bytes > most[1].bytes ? one : most), first);
    this.free(holder);
    held.letGo();
  }
}
