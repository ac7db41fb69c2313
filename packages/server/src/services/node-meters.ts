import { Bucket, NODE_SHARE, type NodeShare } from '../domain/node-share.js';

export type { NodeShare };

/** Why something of a node's was left out. */
export type Refusal = 'own control' | 'unknown control' | 'verdicts' | 'verdict bytes' | 'findings';

/** A link is not left unread for longer at a time: its heartbeats come through the same socket. */
export const PAUSE_MS_MAX = 5_000;
/** Slowed again within this time counts as one. */
const SLOWED_GAP_MS_MAX = 2 * PAUSE_MS_MAX;

type BucketName =
  | 'frames'
  | 'bytes'
  | 'verdicts'
  | 'heartbeats'
  | 'connections'
  | 'unaskedStates'
  | 'logLines'
  | 'auditLines';

interface Refused {
  count: number;
  lastMs: number;
}

interface Meter {
  readonly buckets: Map<BucketName, Bucket>;
  readonly refused: Map<Refusal, Refused>;
  slowedSinceMs: number | null;
  slowedLastMs: number;
}

export interface Received {
  readonly bytes: number;
  readonly verdicts: number;
  readonly isHeartbeat: boolean;
}

/** What a node did with its share, in this life of the server. Times are of a monotonic clock. */
export interface ShareUse {
  readonly nodeId: string;
  /** How long its link has been slowed again and again; 0 when it is not. */
  readonly slowedForMs: number;
  /** Since its link was last slowed; null when it never was. */
  readonly sinceSlowedMs: number | null;
  readonly refused: ReadonlyMap<Refusal, { readonly count: number; readonly sinceMs: number }>;
}

/** One meter for each node that was heard: it outlives the connection, so that a new one begins with the old debts. */
export class NodeMeters {
  readonly share: NodeShare;
  readonly #nowMs: () => number;
  readonly #meters = new Map<string, Meter>();
  readonly #resolving = new Set<string>();

  constructor(share: NodeShare = NODE_SHARE, nowMs: () => number = () => performance.now()) {
    this.share = share;
    this.#nowMs = nowMs;
  }

  /** Counts a frame. Returns for how long the node's link is to rest, and because of which bound; null for not at all. */
  received(nodeId: string, { bytes, verdicts, isHeartbeat }: Received): Rest | null {
    return this.#spend(nodeId, [
      ['frames', 1],
      ['bytes', bytes],
      ['verdicts', verdicts],
      ['heartbeats', isHeartbeat ? 1 : 0],
    ]);
  }

  /** Counts a whole state that nobody asked for. */
  unaskedState(nodeId: string): Rest | null {
    return this.#spend(nodeId, [['unaskedStates', 1]]);
  }

  mayConnect(nodeId: string): boolean {
    return this.#tryTake(nodeId, 'connections');
  }

  mayLog(nodeId: string): boolean {
    return this.#tryTake(nodeId, 'logLines');
  }

  mayAudit(nodeId: string): boolean {
    return this.#tryTake(nodeId, 'auditLines');
  }

  refused(nodeId: string, why: Refusal): void {
    const meter = this.#of(nodeId);
    const before = meter.refused.get(why)?.count ?? 0;
    meter.refused.set(why, { count: before + 1, lastMs: this.#nowMs() });
  }

  /** A finding of this node was resolved: it may have more history than its share. */
  resolved(nodeId: string): void {
    this.#resolving.add(nodeId);
  }

  /** The nodes of which findings were resolved since the last time. */
  takeResolving(): string[] {
    const all = [...this.#resolving];
    this.#resolving.clear();
    return all;
  }

  /** Verdicts of this node are missing here: its digest can't be ours, and a whole state would not help. */
  hasMissing(nodeId: string): boolean {
    const refused = this.#meters.get(nodeId)?.refused;
    return refused !== undefined && (refused.has('verdicts') || refused.has('verdict bytes'));
  }

  /** Begins anew: all that was refused is told and over. */
  forget(nodeId: string, whys: readonly Refusal[]): void {
    const refused = this.#meters.get(nodeId)?.refused;
    for (const why of whys) refused?.delete(why);
  }

  use(nodeId: string): ShareUse | null {
    const meter = this.#meters.get(nodeId);
    return meter ? this.#useOf(nodeId, meter) : null;
  }

  uses(): ShareUse[] {
    return [...this.#meters].map(([nodeId, meter]) => this.#useOf(nodeId, meter));
  }

  #useOf(nodeId: string, meter: Meter): ShareUse {
    const now = this.#nowMs();
    const isSlowed = meter.slowedSinceMs !== null && now - meter.slowedLastMs <= SLOWED_GAP_MS_MAX;
    const refused = [...meter.refused].map(
      ([why, { count, lastMs }]) => [why, { count, sinceMs: now - lastMs }] as const,
    );
    return {
      nodeId,
      slowedForMs: isSlowed && meter.slowedSinceMs !== null ? now - meter.slowedSinceMs : 0,
      sinceSlowedMs: meter.slowedSinceMs === null ? null : now - meter.slowedLastMs,
      refused: new Map(refused),
    };
  }

  #spend(nodeId: string, spent: readonly (readonly [BucketName, number])[]): Rest | null {
    const meter = this.#of(nodeId);
    const now = this.#nowMs();
    let rest: Rest | null = null;
    for (const [bound, count] of spent) {
      const ms = Math.min(PAUSE_MS_MAX, this.#bucket(meter, bound).take(count, now));
      if (ms > (rest?.ms ?? 0)) rest = { ms, bound };
    }
    if (rest) {
      if (meter.slowedSinceMs === null || now - meter.slowedLastMs > SLOWED_GAP_MS_MAX)
        meter.slowedSinceMs = now;
      meter.slowedLastMs = now;
    }
    return rest;
  }

  #tryTake(nodeId: string, name: BucketName): boolean {
    return this.#bucket(this.#of(nodeId), name).tryTake(this.#nowMs());
  }

  #bucket(meter: Meter, name: BucketName): Bucket {
    const known = meter.buckets.get(name);
    if (known) return known;
    const bucket = new Bucket(this.share[name], this.#nowMs());
    meter.buckets.set(name, bucket);
    return bucket;
  }

  #of(nodeId: string): Meter {
    const known = this.#meters.get(nodeId);
    if (known) return known;
    const meter: Meter = { buckets: new Map(), refused: new Map(), slowedSinceMs: null, slowedLastMs: 0 };
    this.#meters.set(nodeId, meter);
    return meter;
  }
}

export interface Rest {
  readonly ms: number;
  readonly bound: string;
}
