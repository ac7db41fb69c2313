import { casError } from '@castellan/shared/errors/cas-error';
import type { ServerContext } from './context.js';
import { commit, type Unit } from './unit.js';

/** The most pieces of work in one transaction. */
export const BATCH_MAX = 128;
/** The most pieces that wait; beyond it the sender must come back later. */
export const QUEUE_MAX = 20_000;

interface Piece {
  readonly work: (unit: Unit) => Promise<unknown>;
  readonly done: (value: unknown) => void;
  readonly failed: (cause: unknown) => void;
}

/**
 * Gathers what many nodes send into few transactions: one fsync for a batch. First come, first served, so each node's
 * order is kept. A promise settles after the commit. If a batch fails, its pieces are tried one by one, so that a bad
 * one takes no other with it.
 */
export class WriteQueue {
  readonly #ctx: ServerContext;
  readonly #waiting: Piece[] = [];
  #isDraining = false;
  #isClosed = false;
  #whenIdle: (() => void)[] = [];

  constructor(ctx: ServerContext) {
    this.#ctx = ctx;
  }

  add<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(casError('CAS_UNAVAILABLE', 'the server stops'));
    if (this.#waiting.length >= QUEUE_MAX)
      return Promise.reject(casError('CAS_TOO_MANY', 'the write queue is full'));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ work, done: resolve as (value: unknown) => void, failed: reject });
      if (!this.#isDraining) void this.#drain();
    });
  }

  /** Takes nothing more, and resolves when what waits is stored: after that the store may be closed. */
  close(): Promise<void> {
    this.#isClosed = true;
    if (!this.#isDraining) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    // One turn of the loop lets the frames that are already here join the batch.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) await this.#commitBatch(this.#waiting.splice(0, BATCH_MAX));
    this.#isDraining = false;
    for (const idle of this.#whenIdle.splice(0)) idle();
  }

  async #commitBatch(batch: readonly Piece[]): Promise<void> {
    try {
      const values = await commit(this.#ctx, async (unit) => {
        const results: unknown[] = [];
        for (const piece of batch) results.push(await piece.work(unit));
        return results;
      });
      for (const [index, piece] of batch.entries()) piece.done(values[index]);
    } catch (cause) {
      const [only] = batch;
      if (batch.length === 1 && only) only.failed(cause);
      else for (const piece of batch) await this.#commitBatch([piece]);
    }
  }
}
