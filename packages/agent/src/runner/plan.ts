import { ok, type Result } from '@castellan/shared/base/result';
import type { Plan } from '@castellan/shared/model/plan';
import type { PlanDeps, RemediationRequest } from './deps.js';
import { prepare } from './prepare.js';

/** What the remediation would do on this node. Writes nothing; the same for the same node, digest included. */
export async function planRemediation(deps: PlanDeps, request: RemediationRequest): Promise<Result<Plan>> {
  const prepared = await prepare(deps, request);
  return prepared.ok ? ok(prepared.value.plan) : prepared;
}
