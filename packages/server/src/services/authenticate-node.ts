import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { standingOf } from '../domain/certificates.js';
import type { NodeIdentity } from '../ports/authority.js';
import type { NodeRecord } from '../store/node.repository.js';
import type { ServerContext } from './context.js';
import { sayStranger } from './epoch.js';
import type { Unit } from './unit.js';

export type Authenticated =
  | { readonly ok: true; readonly value: NodeIdentity & { name: string } }
  | { readonly ok: false; readonly error: CasError };

const refusedFor = (error: CasError): Authenticated => ({ ok: false, error });

/** Who connects: `identified` by a certificate of ours, in its time; not revoked and not renewed, of a node that we know. */
export async function authenticateNode(
  ctx: ServerContext,
  identified: ReturnType<ServerContext['authorities']['identify']>,
): Promise<Authenticated> {
  if (!identified.ok) return identified;
  const { nodes } = ctx.store.read;
  const { nodeId, serial } = identified.value;
  if (await nodes.isRevoked(serial)) return refusedFor(casError('CAS_CERT_REVOKED'));
  const node = await nodes.get(nodeId);
  if (!node) {
    await sayStranger(ctx, nodeId, serial);
    return refusedFor(casError('CAS_CERT_REVOKED', 'this node is no longer known here: enrol it again'));
  }
  if (standing(node, identified.value) === 'older')
    return refusedFor(casError('CAS_CERT_REVOKED', 'a newer certificate of this node is in use'));
  return { ok: true, value: { ...identified.value, name: node.name } };
}

function standing(node: NodeRecord, presented: NodeIdentity) {
  const { certificateSerial: serial, certificateNotAfter: notAfter, candidateSerial } = node;
  return standingOf({ current: { serial, notAfter }, candidateSerial }, presented);
}

/**
 * A node says hello with this certificate: from its first use on it is the node's, and the one before is good no more.
 * Returns when the certificate that the node is known by ends.
 */
export async function useCertificate(unit: Unit, presented: NodeIdentity): Promise<number | null> {
  const { nodeId, serial, notAfter, publicJwk, authorityFingerprint } = presented;
  const node = await unit.tx.nodes.get(nodeId);
  if (!node) return null;
  const what = standing(node, presented);
  // It may have been renewed, or revoked, between its handshake and its hello.
  if (what === 'current' || what === 'older' || (await unit.tx.nodes.isRevoked(serial)))
    return node.certificateNotAfter;
  for (const old of [node.certificateSerial, node.candidateSerial])
    if (old !== null && old !== serial) await unit.tx.nodes.revoke(old, nodeId, unit.now, 'renewed');
  await unit.tx.nodes.setCertificate(nodeId, {
    certificateSerial: serial,
    certificateNotAfter: notAfter,
    publicJwk,
    certificateAuthority: authorityFingerprint,
  });
  await unit.audit({
    actor: `node:${nodeId}`,
    action: 'node.certificate',
    object: nodeId,
    outcome: 'ok',
    detail: {
      serial,
      before: node.certificateSerial,
      was: what,
      notAfter: new Date(notAfter).toISOString(),
      authority: authorityFingerprint,
    },
  });
  unit.ctx.counters.add('certificates', 'first used');
  unit.ctx.log.info(
    { event: 'node.certificate', nodeId, serial, was: what },
    'a node uses its new certificate; the one before is good no more',
  );
  return notAfter;
}
