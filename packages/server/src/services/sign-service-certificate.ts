import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { plainText } from '@castellan/shared/model/bounds';
import type { PlannedSigning } from '@castellan/shared/model/plan';
import { isFinal } from '@castellan/shared/model/run';
import type { ServiceCertificate, ServiceCertificateRequest } from '@castellan/shared/protocol/messages';
import { RUN_QUIET_MS_MAX } from '../domain/run/progress.js';
import { beyondPolicy } from '../domain/service-names.js';
import type { RunRecord } from '../store/run.repository.js';
import { APPLY_COMMAND_MS_MAX } from './approve-plan.js';
import { checkClock } from './node-proof.js';
import { openSigner } from './service-authority.js';
import type { Unit } from './unit.js';

const DAY_MS = 86_400_000;
/** After its approval a run has this long to ask: the time to begin it, and the longest that one is under way unheard. */
const ASK_MS_MAX = APPLY_COMMAND_MS_MAX + RUN_QUIET_MS_MAX;

/**
 * A node asks for the certificate that a person approved: of this node, of a run under way, for the names, the kind of
 * key and the days that the approved plan says, and once. A refusal is an answer, and is written down.
 */
export async function signServiceCertificate(
  unit: Unit,
  nodeId: string,
  message: ServiceCertificateRequest,
): Promise<ServiceCertificate> {
  const { requestId, runId, target, csr } = message;
  const line = { actor: `node:${nodeId}`, action: 'services.sign', object: runId };
  try {
    checkClock(unit, message.clock);
    const planned = await approvedFor(unit, nodeId, message);
    const signer = await openSigner(unit.ctx, unit.tx);
    if (signer.fingerprint !== planned.authority)
      throw refused('another authority signs now than the one of the approved plan: plan again');
    const { commonName, altNames, keyType, days } = planned;
    const names = { commonName, altNames, keyType, lifeMs: days * DAY_MS };
    const signed = await signer.issue({ csrPem: csr, ...names });
    if (!signed.ok) throw signed.error;
    const { pem, serial, notAfter } = signed.value;
    const record = { runId, target, nodeId, authority: signer.fingerprint, serial, notAfter };
    if (!(await unit.tx.serviceAuthorities.addSigned({ ...record, signedAt: unit.now })))
      throw refused(`a certificate for ${target} was signed in this run already: plan again`);
    const detail = { target, serial, notAfter: new Date(notAfter).toISOString(), names: [...altNames] };
    await unit.audit({ ...line, outcome: 'ok', detail });
    unit.ctx.counters.add('certificates', 'signed for a service');
    return { type: 'serviceCertificate', requestId, certificate: pem, error: null };
  } catch (cause) {
    // Anything else is a fault of ours or of the store, and ends the session as every other.
    if (!(cause instanceof CasError)) throw cause;
    const { code } = cause;
    const leftOut = unit.ctx.refusals.pass(`services.sign ${nodeId} ${code}`, unit.now);
    if (leftOut !== null)
      await unit.audit({ ...line, outcome: 'refused', detail: { target, code, leftOut } });
    unit.ctx.counters.add('certificates', 'refused to a service');
    const error = { code, detail: plainText(cause.detail.slice(0, 1024)) };
    return { type: 'serviceCertificate', requestId, certificate: null, error };
  }
}

/** What was approved for this file. Throws CAS_SIGNING_REFUSED. */
async function approvedFor(
  { tx, ctx, now }: Unit,
  nodeId: string,
  { runId, target }: ServiceCertificateRequest,
): Promise<PlannedSigning> {
  const run = await tx.runs.get(runId);
  // Another node's run is none of this one's business: it learns no more than of one that there is not.
  if (!run || run.nodeId !== nodeId) throw refused(`there is no run ${runId} of this node`);
  requireUnderWay(run, now);
  const planned = (await tx.plans.get(run.planId))?.plan?.signs?.find((one) => one.target === target);
  if (!planned) throw refused(`the approved plan has no certificate for ${target} signed by the server`);
  const beyond = beyondPolicy(planned, ctx.facts.services);
  if (beyond !== null) throw refused(beyond);
  return planned;
}

/** Its first line may be on its way still: a run that was sent counts. */
function requireUnderWay({ id, state, approvedAt }: RunRecord, now: number): void {
  if (isFinal(state) || state === 'rollingBack')
    throw refused(`the run ${id} is ${state}: nothing is signed for it any more`);
  if (now > approvedAt + ASK_MS_MAX || now < approvedAt)
    throw refused(`the run ${id} was approved at ${new Date(approvedAt).toISOString()}: plan again`);
}

function refused(detail: string): CasError {
  return casError('CAS_SIGNING_REFUSED', detail);
}
