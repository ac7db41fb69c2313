import { planDigest } from '@castellan/shared/model/plan';
import type { PlanAnswer } from '@castellan/shared/protocol/messages';
import { beyondPolicy, type ServicePolicy } from '../domain/service-names.js';
import { recordRefusal } from './record-refusal.js';
import { PLAN_READY_MS_MAX } from './request-plan.js';
import type { Unit } from './unit.js';
import { warnAbout } from './warn-about.js';

/** The node's answer to a request for a plan. An answer that nobody waits for any more is left out. */
export async function recordPlanAnswer(unit: Unit, nodeId: string, answer: PlanAnswer): Promise<void> {
  const waiting = await unit.tx.plans.byCommand(answer.commandId);
  const { commandId, error: refusal } = answer;
  // Agents that speak the first version of the protocol refuse a command of any kind so.
  if (!waiting && refusal) return recordRefusal(unit, nodeId, { commandId, ...refusal });
  if (!waiting || waiting.nodeId !== nodeId || waiting.state !== 'waiting') {
    warnAbout(unit.ctx, nodeId, { event: 'plan.unexpected', commandId }, 'a plan that nobody waits for');
    return;
  }
  const error = problemOf(answer, waiting.remediation, unit.ctx.facts.services);
  const state = error ? 'failed' : 'ready';
  await unit.tx.plans.update({
    ...waiting,
    state,
    plan: error ? null : answer.plan,
    error,
    params: error ? null : waiting.params,
    expiresAt: unit.now + PLAN_READY_MS_MAX,
  });
  unit.publish({ kind: 'plan', data: { id: waiting.id, nodeId, state } });
}

function problemOf(
  { plan, error }: PlanAnswer,
  remediation: string,
  services: ServicePolicy,
): { code: string; detail: string } | null {
  if (error) return error;
  if (!plan)
    return { code: 'CAS_FRAME_INVALID', detail: 'the node answered with neither a plan nor a reason' };
  const { digest, ...rest } = plan;
  // What the approver names must be what the approver saw.
  if (planDigest(rest) !== digest)
    return { code: 'CAS_FRAME_INVALID', detail: "the plan's digest is not the digest of the plan" };
  if (plan.remediation !== remediation)
    return { code: 'CAS_FRAME_INVALID', detail: `the plan is for ${plan.remediation}` };
  const beyond = (plan.signs ?? []).flatMap((one) => beyondPolicy(one, services) ?? [])[0];
  // Said before a person approves what would be refused afterwards.
  return beyond === undefined ? null : { code: 'CAS_SIGNING_REFUSED', detail: beyond };
}
