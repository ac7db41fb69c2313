import { REPLACED_CONTROL, REPLACED_SHOWN_MS, replacedVerdict } from '../domain/node-replaced.js';
import { SILENCE_SHOWN_MS } from '../domain/silence/silence.js';
import type { ServerContext } from './context.js';
import { moveFinding } from './move-finding.js';
import { dayOf } from './posture-days.js';
import { commit, type Unit } from './unit.js';

const DAY_MS = 86_400_000;
/** Deliveries that are over are kept this long. */
const DELIVERIES_KEPT_MS = 90 * DAY_MS;
/** Resolved findings are kept this long, and of each node the newest of its share. */
const RESOLVED_KEPT_MS = 400 * DAY_MS;
/** Days of posture that are kept: a year, and the days before it to compare with. */
const POSTURE_KEPT_MS = 400 * DAY_MS;
/** A boot of an agent that has not been heard of for so long will not send its records again. */
const BOOTS_KEPT_MS = 30 * DAY_MS;
/** Findings in one transaction: nobody waits for more. */
const FINDINGS_AT_ONCE = 100;

/** Ends sessions and forgets what nobody will ask for. Active findings, runs and the audit are kept. */
export async function purgeExpired(ctx: ServerContext): Promise<void> {
  await commit(ctx, async ({ tx, now }) => {
    await tx.users.endSessionsBefore(now);
    await tx.deliveries.forgetBefore(now - DELIVERIES_KEPT_MS);
    await tx.alerts.forgetBefore(now - DELIVERIES_KEPT_MS);
    await tx.silences.purgeBefore(now - SILENCE_SHOWN_MS);
    await tx.verdicts.purgeBootsBefore(now - BOOTS_KEPT_MS);
    await tx.posture.purgeBefore(dayOf(now - POSTURE_KEPT_MS));
  });
  await endOldNotices(ctx);
  await forgetAll(ctx, ({ tx, now }) => tx.findings.resolvedBefore(now - RESOLVED_KEPT_MS, FINDINGS_AT_ONCE));
}

/** That a node got a new identity is shown for a day. */
async function endOldNotices(ctx: ServerContext): Promise<void> {
  for (const { nodeId, openedAt } of await ctx.store.read.findings.activeOfControls([REPLACED_CONTROL])) {
    if (ctx.clock.now() - openedAt < REPLACED_SHOWN_MS) continue;
    const pass = replacedVerdict('pass', 'Nobody objected for a day.');
    await commit(ctx, (unit) => moveFinding(unit, nodeId, pass));
  }
}

/** Holds each node to its share of history: one that opens and resolves without end fills no disk. */
export async function purgeBeyondShare(ctx: ServerContext): Promise<void> {
  const { resolvedFindingsMax } = ctx.meters.share;
  for (const nodeId of ctx.meters.takeResolving())
    await forgetAll(ctx, ({ tx }) =>
      tx.findings.resolvedBeyond(nodeId, resolvedFindingsMax, FINDINGS_AT_ONCE),
    );
}

async function forgetAll(ctx: ServerContext, find: (unit: Unit) => Promise<string[]>): Promise<void> {
  for (let count = FINDINGS_AT_ONCE; count === FINDINGS_AT_ONCE; ) {
    count = await commit(ctx, async (unit) => {
      const ids = await find(unit);
      if (ids.length > 0) await unit.tx.findings.forget(ids);
      return ids.length;
    });
  }
}
