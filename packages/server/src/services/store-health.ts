import { inTime } from '@castellan/shared/base/in-time';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import type { Log } from '../ports/log.js';
import { asUnavailable, type StoreFailure, storeFailureOf } from '../store/failure.js';
import type { Store } from '../store/store.js';

/** A probe waits no longer than this for its answer. */
export const PROBE_MS_MAX = 2_000;
/** An answer serves all who ask for so long: a probe costs a look at the disk. */
export const PROBE_KEPT_MS = 1_000;

/** What the server knows of its own store. */
export interface StoreHealth {
  /** Reads, and writes a row; null when both work in time, else what a caller may know. */
  probe(): Promise<CasError | null>;
  /** What the last look at the whole file found; it holds until the next start. */
  readonly damage: readonly string[];
  damaged(lines: readonly string[]): void;
  /** A statement failed so: a damaged page that is met is known from then on. */
  failed(failure: StoreFailure): void;
}

export function storeHealth(store: Pick<Store, 'probe'>): StoreHealth {
  let damage: readonly string[] = [];
  let kept: { atMs: number; answer: Promise<CasError | null> } | null = null;
  return {
    get damage() {
      return damage;
    },
    damaged(lines) {
      damage = lines;
    },
    failed(failure) {
      if (isDamage(failure) && damage.length === 0) damage = ['a page that was read is damaged'];
    },
    async probe() {
      if (damage.length > 0) return casError('CAS_STORE_DAMAGED');
      if (!kept || performance.now() - kept.atMs > PROBE_KEPT_MS)
        kept = { atMs: performance.now(), answer: answerOf(store.probe()) };
      return kept.answer;
    },
  };
}

/** Looks at every page of the file, on a reader: nobody waits for it. */
export async function checkStore(ctx: {
  readonly store: Pick<Store, 'check'>;
  readonly health: StoreHealth;
  readonly log: Log;
}): Promise<void> {
  const lines = await ctx.store.check().catch((cause: unknown) => {
    if (!isDamage(storeFailureOf(cause))) throw cause;
    return ['the file cannot be read to its end'];
  });
  ctx.health.damaged(lines);
  if (lines.length === 0) return;
  ctx.log.error(
    { event: 'store.damaged', code: 'CAS_STORE_DAMAGED', lines },
    'the database is damaged: stop the server and restore a backup',
  );
}

function isDamage(failure: StoreFailure | null): boolean {
  return failure === 'SQLITE_CORRUPT' || failure === 'SQLITE_NOTADB';
}

function answerOf(probe: Promise<void>): Promise<CasError | null> {
  const answer = probe.then(
    () => null,
    (cause: unknown) => {
      const failure = storeFailureOf(cause);
      return failure
        ? asUnavailable(failure, cause)
        : casError('CAS_UNAVAILABLE', 'the store does not answer');
    },
  );
  return inTime(answer, PROBE_MS_MAX, () =>
    casError('CAS_UNAVAILABLE', `the store did not answer in ${PROBE_MS_MAX} ms`),
  );
}
