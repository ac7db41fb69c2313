import type { Json } from '@castellan/shared/base/canonical-json';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { CasError } from '@castellan/shared/errors/cas-error';
import type { AuditFacts } from '../domain/audit/chain.js';
import { storeFailureOf } from '../store/failure.js';
import type { Repositories } from '../store/store.js';
import type { ServerContext } from './context.js';
import type { ServerEvent } from './event-feed.js';

/** One unit of work: a transaction, the time it happens at, and what is told once it is committed. */
export interface Unit {
  readonly ctx: ServerContext;
  readonly tx: Repositories;
  readonly now: number;
  /** Told after the commit, and only then. */
  publish(event: ServerEvent): void;
  /** The outbox has something new: it is woken after the commit. */
  queued(): void;
  audit(line: Omit<AuditFacts, 'at'>): Promise<void>;
}

/**
 * One transaction. The writer serves in the order in which it is asked, and nodes ask for one batch at a time: a
 * person's write waits for at most one batch of theirs, however much they have waiting.
 */
export async function commit<T>(ctx: ServerContext, work: (unit: Unit) => Promise<T>): Promise<T> {
  const events: ServerEvent[] = [];
  let hasQueued = false;
  const value = await ctx.store.transaction((tx) => {
    const now = ctx.clock.now();
    return work({
      ctx,
      tx,
      now,
      publish: (event) => events.push(event),
      queued: () => {
        hasQueued = true;
      },
      audit: (line) => tx.audit.append({ at: now, ...line }),
    });
  });
  if (hasQueued) ctx.wakeOutbox();
  for (const event of events) ctx.events.publish(event);
  return value;
}

/** Who asks. `system` is the server itself; a node is `node:<id>`; the command line is `cli:<user>`. */
export type Actor = string;

export interface Act {
  readonly actor: Actor;
  readonly action: string;
  readonly object: string;
  readonly detail?: Readonly<Record<string, Json>>;
  /** Whoever knows the address may ask: refusals of a kind are written once a window, with a count. */
  readonly isOpen?: boolean;
}

/** A use case that leaves a line in the audit, whether it succeeds or is refused. A CasError thrown inside rolls back. */
export async function audited<T>(
  ctx: ServerContext,
  act: Act,
  work: (unit: Unit) => Promise<T>,
): Promise<Result<T>> {
  const { actor, action, object, detail = {} } = act;
  try {
    return ok(
      await commit(ctx, async (unit) => {
        const value = await work(unit);
        await unit.audit({ actor, action, object, outcome: 'ok', detail });
        return value;
      }),
    );
  } catch (cause) {
    // Nothing can be written down about a store that does not answer.
    if (storeFailureOf(cause) !== null) throw cause;
    const isExpected = cause instanceof CasError;
    const kind = `${action} ${actor} ${isExpected ? cause.code : ''}`;
    const leftOut = act.isOpen ? ctx.refusals.pass(kind, ctx.clock.now()) : 0;
    if (leftOut !== null) {
      const code: Readonly<Record<string, string>> = isExpected ? { code: cause.code } : {};
      const more: Readonly<Record<string, number>> = leftOut > 0 ? { leftOut } : {};
      await commit(ctx, (unit) =>
        unit.audit({
          actor,
          action,
          object,
          outcome: isExpected ? 'refused' : 'failed',
          detail: { ...detail, ...code, ...more },
        }),
      );
    }
    if (!isExpected) throw cause;
    return err(cause);
  }
}
