/** Acknowledgements of one session are gathered for this long. */
export const ACK_DELAY_MS_MAX = 20;

/** Cumulative acknowledgements: one for many records, for each boot the highest. */
export class AckLine {
  readonly #send: (bootId: string, upTo: number) => void;
  readonly #owed = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (bootId: string, upTo: number) => void) {
    this.#send = send;
  }

  /** Only after the commit. */
  committed(bootId: string, upTo: number): void {
    this.#owed.set(bootId, Math.max(upTo, this.#owed.get(bootId) ?? 0));
    this.#timer ??= setTimeout(() => this.#flush(), ACK_DELAY_MS_MAX);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#owed.clear();
  }

  #flush(): void {
    this.#timer = null;
    for (const [bootId, upTo] of this.#owed) this.#send(bootId, upTo);
    this.#owed.clear();
  }
}
