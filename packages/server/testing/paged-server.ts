import { authorityMaker } from '../src/adapters/authority.js';
import { moveFinding } from '../src/services/move-finding.js';
import { createTarget } from '../src/services/targets.js';
import { commit } from '../src/services/unit.js';
import { verdict } from './agent.js';
import { startReceiver, webhookOf } from './receiver.js';
import { enrolNew, eventually, startTestServer } from './server.js';

/** A server with a clock that a test turns, one node, and one target whose pages are counted. */
export async function pagedServer(folder?: string) {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const adapters = { clock, maker: authorityMaker(clock) };
  const server = await startTestServer({ adapters, ...(folder === undefined ? {} : { folder }) });
  const { ctx } = server;
  const receiver = await startReceiver();
  const target = await createTarget(ctx, 'cli:test', webhookOf(receiver.url, { severityMin: 'low' }));
  if (!target.ok) throw target.error;
  const { nodeId } = await enrolNew(server);
  return {
    server,
    ctx,
    clock,
    adapters,
    nodeId,
    pages: receiver.pages,
    /** Lets so much time pass, ms. */
    pass: (ms: number) => {
      ahead += ms;
      ctx.wakeOutbox();
    },
    /** The node's verdict, at once. */
    say: (subject: string, changes: Parameters<typeof verdict>[0] = {}) =>
      commit(ctx, (unit) => moveFinding(unit, nodeId, verdict({ subject, ...changes }))),
    finding: async (subject: string, control = 'MOM-TLS-001') => {
      const active = await ctx.store.read.findings.active(nodeId, control, subject);
      if (!active) throw new Error(`no finding of ${subject}`);
      return active;
    },
    /** What the receiver heard, once it heard so much. */
    heard: (count: number) =>
      eventually(async () => {
        const types = receiver.pages.map(({ body }) => body.type.slice('alert.'.length));
        return types.length >= count ? types : null;
      }, `${count} pages`),
    /** What the receiver heard, once nothing is left to decide or to send. */
    heardInAll: () =>
      eventually(async () => {
        const { pending } = await ctx.store.read.deliveries.counts();
        const due = await ctx.store.read.notifications.due(clock.now(), 8 * 86_400_000, 1);
        return pending === 0 && due.length === 0
          ? receiver.pages.map(({ body }) => body.type.slice('alert.'.length))
          : null;
      }, 'an outbox that is empty'),
  };
}
