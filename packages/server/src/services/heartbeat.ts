import type { ServerContext } from './context.js';

export const HEARTBEAT_EVERY_MS = 60_000;
const ATTEMPT_MS_MAX = 15_000;
/** What should have been sent for so long, to a target that takes messages, is stuck. */
export const STUCK_MS = 300_000;

/**
 * Says outside that alerts leave this server: by the way that they take, and only while the store takes writes and no
 * message is stuck. Whoever watches the URL notices when it stops. Returns whether it was said and taken.
 */
export async function beat(ctx: ServerContext, url: string): Promise<boolean> {
  const problem = await whatIsStuck(ctx);
  if (problem !== null) {
    ctx.log.error({ event: 'heartbeat.withheld', problem }, 'the heartbeat is withheld');
    return false;
  }
  const body = JSON.stringify({
    type: 'castellan.heartbeat',
    timestamp: new Date(ctx.clock.now()).toISOString(),
    data: { serverId: ctx.facts.serverId, version: ctx.facts.version },
  });
  const answer = await ctx.httpOut.post({
    url,
    body,
    timeoutMs: ATTEMPT_MS_MAX,
    headers: { 'content-type': 'application/json', 'user-agent': 'Castellan' },
  });
  const isTaken = answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
  const why = answer.kind === 'answered' ? `HTTP ${answer.status}` : answer.detail;
  if (isTaken) ctx.counters.add('heartbeats', 'taken');
  else {
    ctx.counters.add('heartbeats', 'failed');
    ctx.log.warn({ event: 'heartbeat.failed', why }, 'the heartbeat was not taken');
  }
  return isTaken;
}

async function whatIsStuck({ store, clock }: ServerContext): Promise<string | null> {
  try {
    await store.probe();
  } catch {
    return 'the store takes no writes';
  }
  const stuckSince = await store.read.deliveries.dueSince(clock.now() - STUCK_MS);
  return stuckSince === null ? null : 'a message that is due is not sent';
}
