import type { Verdict } from '@castellan/shared/model/verdict';
import { httpOut } from '../src/adapters/http-out.js';
import { systemRandom } from '../src/adapters/system.js';
import type { RunningServer } from '../src/app/server.js';
import { applyVerdict } from '../src/services/apply-verdict.js';
import { moveFinding } from '../src/services/move-finding.js';
import { createTarget } from '../src/services/targets.js';
import { commit } from '../src/services/unit.js';
import { verdict } from './agent.js';
import { webhookOf } from './receiver.js';
import { enrolNew, eventually, startTestServer } from './server.js';

export const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

export async function serverWithTarget(
  url: string,
  changes: { severityMin?: 'critical' | 'high' | 'low'; clock?: { now(): number } } = {},
) {
  const { clock = { now: () => Date.now() }, severityMin = 'low' } = changes;
  const server = await startTestServer({
    adapters: {
      clock,
      random: { ...systemRandom, share: () => 0.5 },
      httpOut: httpOut({ allowPrivate: true, clock }),
    },
  });
  const made = await createTarget(server.ctx, 'cli:test', webhookOf(url, { severityMin, secret: SECRET }));
  if (!made.ok) throw made.error;
  const { nodeId } = await enrolNew(server);
  const say = (verdictChanges: Partial<Verdict> = {}) =>
    commit(server.ctx, (unit) =>
      applyVerdict(unit, { nodeId, verdict: verdict(verdictChanges), observedAt: clock.now() }),
    );
  /** Many messages at once, more than storms let through. */
  const queueMany = (count: number) =>
    commit(server.ctx, async (unit) => {
      const targets = await unit.tx.targets.all();
      for (let n = 0; n < count; n += 1) {
        const control = `MOM-MANY-${n}`;
        await moveFinding(unit, nodeId, verdict({ control }));
        const finding = await unit.tx.findings.active(nodeId, control, 'inbound');
        for (const { id } of targets)
          await unit.tx.deliveries.queue({
            id: unit.ctx.random.id('msg'),
            targetId: id,
            alertId: finding?.alertId ?? '',
            findingId: finding?.id ?? '',
            nodeId: null,
            type: 'alert.firing',
            reason: 'worse',
            isCritical: false,
            at: unit.now,
          });
      }
    });
  return { server, nodeId, targetId: made.value.id, say, queueMany };
}

export const deliveries = (server: RunningServer, targetId: string) =>
  server.ctx.store.read.deliveries.ofTarget(targetId, 50);
export const settled = (server: RunningServer, targetId: string, states: string[]) =>
  eventually(async () => {
    const list = (await deliveries(server, targetId)).reverse();
    return list.map((d) => d.state).join() === states.join() ? list : null;
  }, `deliveries to be ${states.join()}`);
