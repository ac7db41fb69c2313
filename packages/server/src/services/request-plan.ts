import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import type { CatalogueRemediation } from './catalogue.js';
import type { ServerContext } from './context.js';
import { signingOffered } from './service-authority.js';
import { type Actor, audited } from './unit.js';

/** A node that has not answered by then will not answer. */
export const PLAN_ANSWER_MS_MAX = 30_000;
/** A plan older than this is made again: the node has moved on. */
export const PLAN_READY_MS_MAX = 15 * 60_000;

export interface PlanRequest {
  readonly nodeId: string;
  readonly remediation: string;
  readonly params: Readonly<Record<string, string>>;
}

/** Asks a node for a plan. The answer comes later; nothing is changed on the node. */
export async function requestPlan(
  ctx: ServerContext,
  actor: Actor,
  request: PlanRequest,
): Promise<Result<{ id: string }>> {
  const { nodeId, remediation, params } = request;
  const id = ctx.random.id('pln');
  const commandId = `cmd-${id}`;
  const act = { actor, action: 'plan.request', object: nodeId, detail: { remediation, plan: id } };
  const asked = await audited(ctx, act, async (unit) => {
    checkParams(
      ctx.catalogue.remediations.find((r) => r.slug === remediation),
      params,
    );
    if ((await unit.tx.nodes.get(nodeId))?.isServer !== false)
      throw casError('CAS_NOT_FOUND', `there is no node ${nodeId}`);
    if (!ctx.links.isConnected(nodeId))
      throw casError('CAS_NODE_OFFLINE', 'the node is not connected: a plan is made on the node');
    await unit.tx.plans.add({
      id,
      nodeId,
      remediation,
      params,
      commandId,
      state: 'waiting',
      plan: null,
      error: null,
      requestedBy: actor,
      requestedAt: unit.now,
      expiresAt: unit.now + PLAN_ANSWER_MS_MAX,
      runId: null,
    });
    unit.publish({ kind: 'plan', data: { id, nodeId, state: 'waiting' } });
    const seconds = Math.floor(unit.now / 1000);
    const payload: CommandPayload = {
      kind: 'plan',
      iss: ctx.facts.serverId,
      aud: nodeId,
      jti: commandId,
      iat: seconds,
      exp: seconds + PLAN_ANSWER_MS_MAX / 1000,
      remediation,
      params,
      services: await signingOffered(ctx, unit.tx),
    };
    return ctx.authorities.sign(Buffer.from(JSON.stringify(payload)));
  });
  if (!asked.ok) return asked;
  // Sent after the commit, so that no answer can be quicker than the row it belongs to. Not sent: the timeout tells.
  ctx.links.send(nodeId, { type: 'command', commandId, jws: asked.value });
  return { ok: true, value: { id } };
}

// Five parts: a compact JWE. The server carries secrets only sealed, and refuses to hold one that is not.
const COMPACT_JWE = /^[\w-]+\.[\w-]*\.[\w-]+\.[\w-]+\.[\w-]+$/;

function checkParams(
  remediation: CatalogueRemediation | undefined,
  params: Readonly<Record<string, string>>,
): void {
  if (!remediation) throw casError('CAS_REMEDIATION_UNKNOWN');
  for (const name of Object.keys(params)) {
    if (!Object.hasOwn(remediation.params, name))
      throw casError('CAS_PARAM_INVALID', `"${name}" is not a parameter of ${remediation.slug}`);
  }
  for (const [name, param] of Object.entries(remediation.params)) {
    const value = params[name];
    if (value === undefined) {
      if (param.required && param.default === undefined)
        throw casError('CAS_PARAM_INVALID', `"${name}" is missing: ${param.text}`);
    } else if (param.kind === 'secret' && !COMPACT_JWE.test(value)) {
      throw casError('CAS_PARAM_INVALID', `"${name}" is a secret: it must be sealed to the node's key`);
    } else if (param.oneOf && !param.oneOf.includes(value)) {
      throw casError('CAS_PARAM_INVALID', `"${name}" must be one of: ${param.oneOf.join(', ')}`);
    }
  }
}
