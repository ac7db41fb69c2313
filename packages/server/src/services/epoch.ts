import type { ServerContext } from './context.js';
import { type Actor, commit } from './unit.js';

/**
 * The database is older than what this server has done since: an epoch begins. What may have been used or ended since
 * cannot be told from it, so that no token and no sign-in of before is good any more. Nodes that joined since are said
 * when they connect. Returns how many tokens that were still good have ended.
 */
export async function beginEpoch(ctx: ServerContext, actor: Actor, why: string): Promise<number> {
  return commit(ctx, async (unit) => {
    const epoch = ctx.random.id('epo');
    const tokens = await unit.tx.tokens.endAll();
    await unit.tx.users.endAllSessions();
    await unit.tx.secrets.setFact('epoch', epoch);
    await unit.audit({ actor, action: 'epoch.begin', object: epoch, outcome: 'ok', detail: { why, tokens } });
    return tokens;
  });
}

/** Nodes of which it was said already, in this life of the server. */
export const STRANGERS_MAX = 1_000;

/**
 * A certificate of ours, in its time, of a node that the database does not know: it was enrolled after the backup that
 * this database was restored from, or was deleted. Said once in each life of the server: in the log and in the audit.
 */
export async function sayStranger(ctx: ServerContext, nodeId: string, serial: string): Promise<void> {
  const key = `stranger:${nodeId}`;
  if (ctx.presence.quietMs(key) !== null || ctx.presence.countOf('stranger:') >= STRANGERS_MAX) return;
  ctx.presence.heard(key);
  ctx.log.error(
    { event: 'node.stranger', nodeId, serial },
    'a node with a certificate of ours is not known here: it was enrolled after the backup, or deleted; enrol it again',
  );
  await commit(ctx, (unit) =>
    unit.audit({
      actor: `node:${nodeId}`,
      action: 'node.stranger',
      object: nodeId,
      outcome: 'refused',
      detail: { serial },
    }),
  );
}
