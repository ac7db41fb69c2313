import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { storeFailureOf } from '../store/failure.js';
import type { ServerContext } from './context.js';
import { Lanes, type Load, type Queued } from './lanes.js';
import { commit, type Unit } from './unit.js';

/** A batch is closed at this cost, or at this age: what it may hold up anybody else for. */
export const BATCH_COST_MAX = 64;
export const BATCH_MS_MAX = 60;
const PIECES_MAX = 512;
/** The most that waits, of all lanes; beyond it who has more than LANE_FREE_BYTES waiting must come back later. */
export const QUEUE_MAX = 20_000;
export const QUEUE_BYTES_MAX = 64 * 1024 * 1024;
const LANE_FREE_PIECES = 16;
const LANE_FREE_BYTES = 64 * 1024;
/** After a batch others get their turn at the lock, another process too: this share of the time that it took. */
const BREATH_SHARE = 0.1;
const BREATH_MS_MAX = 20;

export interface PieceFacts {
  /** The node's id. */
  readonly lane: string;
  readonly source: object | null;
  readonly cost: number;
  readonly bytes: number;
  /** What nobody waits for, as whole states are: the news of other nodes go first. What has more to do is from then on. */
  readonly isBulk?: boolean;
}

/** Work that has more to do, in a transaction of its own and before anything else of its lane. */
export class More {
  constructor(
    readonly cost: number,
    readonly work: (unit: Unit) => Promise<unknown>,
  ) {}
}

interface Piece extends Queued {
  readonly work: (unit: Unit) => Promise<unknown>;
  readonly done: (value: unknown) => void;
  readonly failed: (cause: unknown) => void;
}

interface Worked {
  readonly piece: Piece;
  readonly value: unknown;
}

/**
 * Gathers what many nodes send into few transactions: one fsync for a batch. Each node has a lane and a fair share by
 * cost; within a node order is kept. A promise settles after the commit. If a batch fails it is halved until the bad
 * piece stands alone; if the store as a whole fails, the batch fails at once.
 * People's writes do not come here: they ask the writer themselves, which serves in order and has at most one of our
 * batches before them.
 */
export class WriteQueue {
  readonly #ctx: ServerContext;
  readonly #lanes = new Lanes<Piece>();
  /** Connections that ended: what a failed batch gives back is not for them. */
  readonly #gone = new WeakSet<object>();
  /** The most pieces in the next batch: halved by a batch that fails, doubled by one that does not. */
  #caution = PIECES_MAX;
  #isDraining = false;
  #isClosed = false;
  #isCleared = false;
  #whenIdle: (() => void)[] = [];

  constructor(ctx: ServerContext) {
    this.#ctx = ctx;
  }

  load(lane: string): Load {
    return this.#lanes.load(lane);
  }

  get total(): Load {
    return this.#lanes.total;
  }

  add<T>(facts: PieceFacts, work: (unit: Unit) => Promise<T | More>): Promise<T> {
    if (this.#isClosed) return Promise.reject(stops());
    if (this.#isFullFor(facts.lane))
      return Promise.reject(casError('CAS_TOO_MANY', 'the write queue is full'));
    return new Promise<T>((resolve, reject) => {
      this.#lanes.push({ ...facts, work, done: resolve as (value: unknown) => void, failed: reject });
      if (!this.#isDraining) void this.#drain();
    });
  }

  /** A connection is gone: what it brought and was not begun was not acknowledged, and comes back. */
  drop(source: object): void {
    this.#gone.add(source);
    for (const piece of this.#lanes.drop(source)) piece.failed(gone());
  }

  /** Takes nothing more; stores what waits for at most so long and drops the rest. After that the store may be closed. */
  async close(withinMs = 3_000): Promise<void> {
    this.#isClosed = true;
    if (!this.#isDraining) return;
    const idle = new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    const timer = setTimeout(() => {
      this.#isCleared = true;
      for (const piece of this.#lanes.clear()) piece.failed(stops());
    }, withinMs);
    await idle;
    clearTimeout(timer);
  }

  /** Who has little waiting is let in even then: a few that fill the queue do not shut it for the others. */
  #isFullFor(lane: string): boolean {
    const { total } = this.#lanes;
    if (total.pieces < QUEUE_MAX && total.bytes < QUEUE_BYTES_MAX) return false;
    const { pieces, bytes } = this.#lanes.load(lane);
    return pieces >= LANE_FREE_PIECES || bytes >= LANE_FREE_BYTES;
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    // One turn of the loop lets the frames that are already here join the batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#lanes.total.pieces > 0) {
      const startedAt = performance.now();
      await this.#commitSome();
      const tookMs = performance.now() - startedAt;
      if (this.#lanes.total.pieces > 0) await pause(Math.min(BREATH_MS_MAX, tookMs * BREATH_SHARE));
    }
    this.#isDraining = false;
    for (const idle of this.#whenIdle.splice(0)) idle();
  }

  async #commitSome(): Promise<void> {
    const taken: Piece[] = [];
    try {
      const worked = await commit(this.#ctx, (unit) => this.#work(unit, taken));
      this.#caution = Math.min(PIECES_MAX, this.#caution * 2);
      for (const { piece, value } of worked) this.#settle(piece, value);
    } catch (cause) {
      this.#batchFailed(taken, cause);
    }
  }

  /** Piece after piece, in turn, until the batch is full; `taken` holds what was begun. */
  async #work(unit: Unit, taken: Piece[]): Promise<Worked[]> {
    const startedAt = performance.now();
    const worked: Worked[] = [];
    let cost = 0;
    while (
      taken.length < this.#caution &&
      cost < BATCH_COST_MAX &&
      performance.now() - startedAt < BATCH_MS_MAX
    ) {
      const piece = this.#lanes.take();
      if (!piece) break;
      taken.push(piece);
      cost += piece.cost;
      const value = await piece.work(unit);
      worked.push({ piece, value });
      // What is to follow it in its lane must not come before its own rest.
      if (value instanceof More) break;
    }
    return worked;
  }

  #settle(piece: Piece, value: unknown): void {
    if (!(value instanceof More)) return piece.done(value);
    this.#putBack({ ...piece, isBulk: true, cost: value.cost, work: value.work }, 0);
  }

  /** A store that is full or locked fails whatever is tried; else the bad piece is found by halving. */
  #batchFailed(taken: readonly Piece[], cause: unknown): void {
    if (taken.length <= 1 || storeFailureOf(cause) !== null) {
      for (const piece of taken) piece.failed(cause);
      return;
    }
    this.#caution = Math.ceil(taken.length / 2);
    for (const piece of [...taken].reverse()) this.#putBack(piece, piece.cost);
  }

  #putBack(piece: Piece, refund: number): void {
    if (piece.source !== null && this.#gone.has(piece.source)) piece.failed(gone());
    else if (this.#isCleared) piece.failed(stops());
    else this.#lanes.pushFront(piece, refund);
  }
}

function gone(): CasError {
  return casError('CAS_UNAVAILABLE', 'the connection ended before this was stored');
}

function stops(): CasError {
  return casError('CAS_UNAVAILABLE', 'the server stops');
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
