import type { Result } from '@castellan/shared/base/result';
import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { plainText } from '@castellan/shared/model/bounds';
import { type RenewalAnswer, type RenewalRequest, renewalText } from '@castellan/shared/protocol/enrolment';
import type { Certificate, CertificateRequest } from '@castellan/shared/protocol/messages';
import { isWithinGrace } from '../domain/certificates.js';
import type { NodeRecord } from '../store/node.repository.js';
import type { ServerContext } from './context.js';
import { checkClock, isSignedBy } from './node-proof.js';
import { issuerFor } from './trust.js';
import { audited, type Unit } from './unit.js';

/**
 * A node asks over its link. What was signed for it before and never used is good no more; the certificate in use stays
 * so until the new one is used. A refusal is an answer, and is written down.
 */
export async function renewOverLink(
  unit: Unit,
  nodeId: string,
  { requestId, csr, clock }: CertificateRequest,
): Promise<Certificate> {
  const line = { actor: `node:${nodeId}`, action: 'node.renew', object: nodeId };
  try {
    checkClock(unit, clock);
    const node = await unit.tx.nodes.get(nodeId);
    if (!node) throw casError('CAS_NOT_FOUND');
    const { pem, serial } = await issueCandidate(unit, node, csr);
    await unit.audit({ ...line, outcome: 'ok', detail: { serial, by: 'link' } });
    unit.ctx.counters.add('certificates', 'renewed over the link');
    return { type: 'certificate', requestId, certificate: pem, error: null };
  } catch (cause) {
    // Anything else is a fault of ours or of the store, and ends the session as every other.
    if (!(cause instanceof CasError)) throw cause;
    const leftOut = unit.ctx.refusals.pass(`node.renew ${nodeId} ${cause.code}`, unit.now);
    if (leftOut !== null)
      await unit.audit({ ...line, outcome: 'refused', detail: { code: cause.code, leftOut } });
    unit.ctx.counters.add('certificates', 'refused');
    const error = { code: cause.code, detail: plainText(cause.detail.slice(0, 1024)) };
    return { type: 'certificate', requestId, certificate: null, error };
  }
}

/**
 * A node that cannot connect, because its certificate has ended, asks by the key of that certificate. Errors:
 * CAS_RENEWAL_REFUSED (no such node, or another key: whoever has not the key learns nothing more), CAS_CLOCK_SKEW,
 * CAS_CERT_REVOKED, CAS_CERT_EXPIRED (its grace is over), CAS_CSR_INVALID.
 */
export async function renewByKey(
  ctx: ServerContext,
  request: RenewalRequest,
  address: string,
): Promise<Result<RenewalAnswer>> {
  const act = {
    actor: 'node:(renewing)',
    action: 'node.renew',
    object: request.nodeId,
    detail: { by: 'key', address },
    isOpen: true,
  };
  const renewed = await audited(ctx, act, async (unit) => {
    const node = await unit.tx.nodes.get(request.nodeId);
    if (
      !node ||
      node.certificateSerial === '' ||
      !isSignedBy(node.publicJwk, renewalText(request), request.proof)
    )
      throw casError('CAS_RENEWAL_REFUSED');
    checkClock(unit, request.clock);
    if (await unit.tx.nodes.isRevoked(node.certificateSerial)) throw casError('CAS_CERT_REVOKED');
    if (!isWithinGrace(node.certificateNotAfter, unit.now, ctx.facts.certificates.renewalGraceMs))
      throw casError(
        'CAS_CERT_EXPIRED',
        `the certificate of ${node.name} ended too long ago to be renewed by its key: enrol it again with a token made by "castellan-server token create --replace ${node.name}"`,
      );
    const { pem } = await issueCandidate(unit, node, request.csr);
    return { certificate: pem };
  });
  ctx.counters.add('certificates', renewed.ok ? 'renewed by key' : 'refused');
  return renewed;
}

/** Signed for this very node, whatever the request says; it becomes the node's when it is first used. */
async function issueCandidate(unit: Unit, node: NodeRecord, csrPem: string) {
  const { authorities, facts } = unit.ctx;
  await authorities.refresh(unit.tx);
  const { nodeLifeMs: lifeMs } = facts.certificates;
  const issued = await issuerFor(authorities, node).issueNode({
    csrPem,
    nodeId: node.id,
    name: node.name,
    lifeMs,
  });
  if (!issued.ok) throw issued.error;
  if (node.candidateSerial !== null)
    await unit.tx.nodes.revoke(node.candidateSerial, node.id, unit.now, 'never used');
  await unit.tx.nodes.setCandidate(node.id, issued.value.serial);
  return issued.value;
}
