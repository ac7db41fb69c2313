import { RUN_QUIET_MS_MAX, UNDER_WAY } from '../domain/run/progress.js';
import type { PlanRecord } from '../store/plan.repository.js';
import type { RunRecord } from '../store/run.repository.js';
import type { Repositories } from '../store/store.js';
import { APPLY_COMMAND_MS_MAX } from './approve-plan.js';
import type { ServerContext } from './context.js';
import { judgeRun } from './judge-run.js';
import { heardAs } from './record-run-event.js';
import { PLAN_READY_MS_MAX } from './request-plan.js';
import { commit, type Unit } from './unit.js';

/**
 * Ends what only a node could end and did not: plans that were not answered or not approved in time, runs whose command
 * nobody took, and runs that were begun and are heard of no more. Bounded by what is open.
 */
export async function endOverdue(ctx: ServerContext): Promise<void> {
  const found = await overdue(ctx, ctx.store.read, ctx.clock.now());
  if (found.plans.length + found.untaken.length + found.quiet.length === 0) return;
  await commit(ctx, async (unit) => {
    // Asked again: an answer may have come meanwhile.
    const { plans, untaken, quiet } = await overdue(ctx, unit.tx, unit.now);
    for (const plan of plans) await endPlan(unit, plan);
    for (const run of untaken) await expire(unit, run);
    for (const run of quiet) await lose(unit, run);
  });
}

async function overdue(ctx: ServerContext, { plans, runs }: Repositories, now: number) {
  const quiet = await runs.quiet(UNDER_WAY, now, RUN_QUIET_MS_MAX);
  return {
    plans: await plans.overdue(now, PLAN_READY_MS_MAX),
    untaken: await runs.overdue(now, APPLY_COMMAND_MS_MAX),
    // The wall clock may have been put forward: the steady one must agree. After a start each run has its time again.
    quiet: quiet.filter(
      ({ id }) => (ctx.presence.quietMs(heardAs(id)) ?? ctx.presence.uptimeMs()) > RUN_QUIET_MS_MAX,
    ),
  };
}

async function endPlan(unit: Unit, plan: PlanRecord): Promise<void> {
  const isUnanswered = plan.state === 'waiting';
  const state = isUnanswered ? 'failed' : 'expired';
  const error = isUnanswered
    ? { code: 'CAS_COMMAND_EXPIRED', detail: 'the node did not answer in time' }
    : plan.error;
  await unit.tx.plans.update({ ...plan, state, error, params: null });
  unit.publish({ kind: 'plan', data: { id: plan.id, nodeId: plan.nodeId, state } });
}

async function expire(unit: Unit, run: RunRecord): Promise<void> {
  await end(unit, { ...run, state: 'expired', error: 'CAS_COMMAND_EXPIRED' });
}

async function lose(unit: Unit, run: RunRecord): Promise<void> {
  unit.ctx.presence.forget(heardAs(run.id));
  await end(unit, { ...run, state: 'lost', error: 'CAS_RUN_LOST' });
  const last = (await unit.tx.runs.events(run.id)).at(-1);
  await judgeRun(unit, run, 'lost', last ? `${last.state}, ${last.line}` : 'none');
}

async function end(unit: Unit, run: RunRecord): Promise<void> {
  const { id, nodeId, state, lastIndex: index, remediation } = run;
  await unit.tx.runs.update({ ...run, jws: null, finishedAt: unit.now });
  await unit.audit({
    actor: 'system',
    action: `run.${state}`,
    object: id,
    outcome: 'failed',
    detail: { remediation },
  });
  unit.publish({ kind: 'run', data: { id, nodeId, state, index } });
}
