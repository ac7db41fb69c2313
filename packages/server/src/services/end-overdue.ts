import type { ServerContext } from './context.js';
import { commit } from './unit.js';

/** Plans that were not answered or not approved in time, and runs whose command nobody took. Bounded by what is open. */
export async function endOverdue(ctx: ServerContext): Promise<void> {
  const now = ctx.clock.now();
  const { plans, runs } = ctx.store.read;
  if ((await plans.overdue(now)).length === 0 && (await runs.overdue(now)).length === 0) return;
  await commit(ctx, async (unit) => {
    for (const plan of await unit.tx.plans.overdue(now)) {
      const isUnanswered = plan.state === 'waiting';
      const state = isUnanswered ? 'failed' : 'expired';
      const error = isUnanswered
        ? { code: 'CAS_COMMAND_EXPIRED', detail: 'the node did not answer in time' }
        : plan.error;
      await unit.tx.plans.update({ ...plan, state, error, params: null });
      unit.publish({ kind: 'plan', data: { id: plan.id, nodeId: plan.nodeId, state } });
    }
    for (const run of await unit.tx.runs.overdue(now)) {
      await unit.tx.runs.update({
        ...run,
        state: 'expired',
        jws: null,
        finishedAt: now,
        error: 'CAS_COMMAND_EXPIRED',
      });
      await unit.audit({
        actor: 'system',
        action: 'run.expired',
        object: run.id,
        outcome: 'failed',
        detail: { remediation: run.remediation },
      });
      unit.publish({ kind: 'run', data: { id: run.id, nodeId: run.nodeId, state: 'expired', index: 0 } });
    }
  });
}
