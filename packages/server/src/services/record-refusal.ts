import { isOpenToRefusal, refusedState } from '../domain/run/progress.js';
import type { PlanProblem, PlanRecord } from '../store/plan.repository.js';
import type { RunRecord } from '../store/run.repository.js';
import { runIdOf } from './accept-hello.js';
import type { Unit } from './unit.js';
import { warnAbout } from './warn-about.js';

export interface Refusal extends PlanProblem {
  readonly commandId: string;
}

/** A node does not carry a command out: what asked for it ends, with the node's own reason. */
export async function recordRefusal(unit: Unit, nodeId: string, refusal: Refusal): Promise<void> {
  const { commandId, code } = refusal;
  const plan = await unit.tx.plans.byCommand(commandId);
  if (plan?.nodeId === nodeId && plan.state === 'waiting') return refusePlan(unit, plan, refusal);
  const runId = runIdOf(commandId);
  const run = runId === null ? null : await unit.tx.runs.get(runId);
  if (run?.nodeId === nodeId && isOpenToRefusal(run)) return refuseRun(unit, run, refusal);
  const fields = { event: 'command.refusalUnexpected', commandId, code };
  warnAbout(unit.ctx, nodeId, fields, 'a refusal that nothing waits for');
}

async function refusePlan(unit: Unit, plan: PlanRecord, { code, detail }: Refusal): Promise<void> {
  await unit.tx.plans.update({ ...plan, state: 'failed', plan: null, error: { code, detail }, params: null });
  unit.publish({ kind: 'plan', data: { id: plan.id, nodeId: plan.nodeId, state: 'failed' } });
}

async function refuseRun(unit: Unit, run: RunRecord, { code, detail }: Refusal): Promise<void> {
  const state = refusedState(code);
  // As the node's own line would be, should it come as well: it has the same number.
  const event = {
    runId: run.id,
    index: 1,
    at: new Date(unit.now).toISOString(),
    state,
    line: detail.slice(0, 2048),
    error: code,
  };
  await unit.tx.runs.addEvent(event, unit.now, null);
  await unit.tx.runs.update({ ...run, state, jws: null, finishedAt: unit.now, error: code });
  await unit.audit({
    actor: `node:${run.nodeId}`,
    action: `run.${state}`,
    object: run.id,
    outcome: 'refused',
    detail: { remediation: run.remediation, code, why: detail.slice(0, 1024) },
  });
  unit.publish({ kind: 'run', data: { id: run.id, nodeId: run.nodeId, state, index: 1 } });
}
