import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import { isSecondPerson } from '../domain/access/second-person.js';
import type { PlanRecord } from '../store/plan.repository.js';
import { commandIdOf } from './accept-hello.js';
import type { ServerContext } from './context.js';
import { signingOffered } from './service-authority.js';
import { type Actor, audited, commit } from './unit.js';

/** The node must have begun by then; it refuses a command that is older. */
export const APPLY_COMMAND_MS_MAX = 10 * 60_000;

/** A person approves the very plan they saw, by its digest. The run, its signed command and the audit line are one commit. */
export async function approvePlan(
  ctx: ServerContext,
  actor: Actor,
  planId: string,
  digest: string,
): Promise<Result<{ runId: string }>> {
  const runId = ctx.random.id('run');
  const act = { actor, action: 'plan.approve', object: planId, detail: { digest, run: runId } };
  const approved = await audited(ctx, act, async (unit) => {
    const plan = await unit.tx.plans.get(planId);
    checkApproval(plan, digest, unit.now);
    if (!isSecondPerson(plan, actor, ctx.facts.plans.twoPersons))
      throw casError(
        'CAS_SECOND_PERSON',
        `in the group ${plan.group} another than the one who asked must approve`,
      );
    if ((await unit.tx.nodes.get(plan.nodeId))?.retiredAt !== null)
      throw casError('CAS_CONFLICT', `the node ${plan.nodeName} was retired`);
    const expiresAt = unit.now + APPLY_COMMAND_MS_MAX;
    const payload: CommandPayload = {
      kind: 'apply',
      iss: ctx.facts.serverId,
      aud: plan.nodeId,
      jti: commandIdOf(runId),
      iat: Math.floor(unit.now / 1000),
      exp: Math.floor(expiresAt / 1000),
      remediation: plan.remediation,
      params: { ...(plan.params ?? {}) },
      runId,
      planDigest: digest,
      services: await signingOffered(ctx, unit.tx),
    };
    const jws = await ctx.authorities.sign(Buffer.from(JSON.stringify(payload)));
    await unit.tx.runs.add({
      id: runId,
      nodeId: plan.nodeId,
      planId,
      remediation: plan.remediation,
      state: 'approved',
      lastIndex: 0,
      jws,
      approvedBy: actor,
      approvedAt: unit.now,
      expiresAt,
      finishedAt: null,
      heardAt: unit.now,
      error: null,
    });
    await unit.tx.plans.update({ ...plan, state: 'approved', params: null, runId });
    unit.publish({ kind: 'plan', data: { id: planId, nodeId: plan.nodeId, state: 'approved' } });
    unit.publish({ kind: 'run', data: { id: runId, nodeId: plan.nodeId, state: 'approved', index: 0 } });
    return { nodeId: plan.nodeId, jws };
  });
  if (!approved.ok) return approved;
  await sendRun(ctx, approved.value.nodeId, runId, approved.value.jws);
  return { ok: true, value: { runId } };
}

/** Hands a run's command to the node. A node that is away gets it with its next hello, as long as the command is valid. */
export async function sendRun(ctx: ServerContext, nodeId: string, runId: string, jws: string): Promise<void> {
  if (!ctx.links.send(nodeId, { type: 'command', commandId: commandIdOf(runId), jws })) return;
  await commit(ctx, async (unit) => {
    const run = await unit.tx.runs.get(runId);
    if (run?.state !== 'approved') return;
    await unit.tx.runs.update({ ...run, state: 'sent' });
    unit.publish({ kind: 'run', data: { id: runId, nodeId, state: 'sent', index: 0 } });
  });
}

function checkApproval(plan: PlanRecord | null, digest: string, now: number): asserts plan is PlanRecord {
  if (!plan) throw casError('CAS_NOT_FOUND');
  if (plan.state !== 'ready') throw casError('CAS_CONFLICT', `the plan is ${plan.state}, not ready`);
  if (plan.expiresAt <= now) throw casError('CAS_PLAN_STALE', 'the plan has expired: plan again');
  if (plan.plan?.digest !== digest)
    throw casError('CAS_PLAN_STALE', 'the digest is not of this plan: read it again');
}
