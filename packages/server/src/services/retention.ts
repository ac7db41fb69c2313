import {
  REPLACED_CONTROL,
  REPLACED_SHOWN_MS,
  REPLACED_SUBJECT,
  replacedVerdict,
} from '../domain/node-replaced.js';
import type { ServerContext } from './context.js';
import { moveFinding } from './move-finding.js';
import { commit } from './unit.js';

const DAY_MS = 86_400_000;
/** Deliveries that are over are kept this long. */
const DELIVERIES_KEPT_MS = 90 * DAY_MS;
/** A boot of an agent that has not been heard of for so long will not send its records again. */
const BOOTS_KEPT_MS = 30 * DAY_MS;

/** Ends sessions and forgets what nobody will ask for. Findings, runs and the audit are kept. */
export async function forgetOld(ctx: ServerContext): Promise<void> {
  await commit(ctx, async ({ tx, now }) => {
    await tx.users.endSessionsBefore(now);
    await tx.deliveries.forgetBefore(now - DELIVERIES_KEPT_MS);
    await tx.verdicts.forgetBootsBefore(now - BOOTS_KEPT_MS);
  });
  await endOldNotices(ctx);
}

/** That a node got a new identity is shown for a day. */
async function endOldNotices(ctx: ServerContext): Promise<void> {
  for (const { id } of await ctx.store.read.nodes.all()) {
    const notice = await ctx.store.read.findings.living(id, REPLACED_CONTROL, REPLACED_SUBJECT);
    if (!notice || ctx.clock.now() - notice.openedAt < REPLACED_SHOWN_MS) continue;
    await commit(ctx, (unit) => moveFinding(unit, id, replacedVerdict('pass', 'Nobody objected for a day.')));
  }
}
