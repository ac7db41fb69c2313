/** A bucket of tokens: so many a second, and so many at once after a quiet time. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What one node may ask of the server. The bursts hold a whole state at its largest, and a spool that comes back. */
export interface NodeShare {
  readonly frames: Rate;
  readonly bytes: Rate;
  readonly verdicts: Rate;
  readonly heartbeats: Rate;
  /** Connections: an agent that is sent away waits longer each time. */
  readonly connections: Rate;
  /** Whole states that the server did not ask for. */
  readonly unaskedStates: Rate;
  /** Lines of the log about this node's mistakes, and lines of the audit about what its spool dropped. */
  readonly logLines: Rate;
  readonly auditLines: Rate;
  readonly verdictsMax: number;
  /** Of the verdicts' texts as they are stored. */
  readonly verdictBytesMax: number;
  readonly findingsMax: number;
  /** Resolved findings that are kept as history; the oldest go first. */
  readonly resolvedFindingsMax: number;
  /** Boots whose numbers are remembered. */
  readonly bootsMax: number;
}

const MIB = 1024 * 1024;

export const NODE_SHARE: NodeShare = {
  frames: { perSecond: 1_000, burst: 20_000 },
  bytes: { perSecond: 2 * MIB, burst: 64 * MIB },
  verdicts: { perSecond: 500, burst: 20_000 },
  heartbeats: { perSecond: 10, burst: 100 },
  connections: { perSecond: 5, burst: 100 },
  unaskedStates: { perSecond: 0.2, burst: 10 },
  logLines: { perSecond: 0.1, burst: 20 },
  auditLines: { perSecond: 1 / 60, burst: 10 },
  verdictsMax: 5_000,
  verdictBytesMax: 8 * MIB,
  findingsMax: 1_000,
  resolvedFindingsMax: 1_000,
  bootsMax: 100,
};

/** Tokens may be owed: who takes more than there is waits until it is earned. */
export class Bucket {
  readonly #rate: Rate;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes what is asked for, and returns how long to wait for what is owed now, in milliseconds. */
  take(count: number, nowMs: number): number {
    this.#earn(nowMs);
    // Nobody can owe more than one burst: a debt that never ends is no rate.
    this.#tokens = Math.max(this.#tokens - count, -this.#rate.burst);
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#rate.perSecond) * 1_000;
  }

  /** Takes one if it is there. */
  tryTake(nowMs: number): boolean {
    this.#earn(nowMs);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #earn(nowMs: number): void {
    const earned = ((nowMs - this.#atMs) / 1_000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + Math.max(0, earned));
    this.#atMs = nowMs;
  }
}
