import { createPublicKey, X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type { EnrolAnswer } from '@castellan/shared/protocol/enrolment';
import type { StateStore } from '../ports/state-store.js';

/** Who this node is to its server. `keyPem` stays in this process and in its file. */
export interface Identity {
  readonly nodeId: string;
  readonly serverId: string;
  readonly name: string;
  /** wss://host:port/agent */
  readonly url: string;
  readonly commandKey: EnrolAnswer['commandKey'];
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly authorityPem: string;
}

const FOLDER = 'identity';

/** Null: the node was never enrolled. */
export function readIdentity(store: StateStore): Result<Identity | null> {
  const text = (name: string) => store.read(`${FOLDER}/${name}`)?.toString('utf8') ?? null;
  const node = text('node.json');
  if (node === null) return ok(null);
  const [keyPem, certificatePem, authorityPem] = [text('key.pem'), text('cert.pem'), text('authority.pem')];
  if (keyPem === null || certificatePem === null || authorityPem === null) {
    return err(
      casError(
        'CAS_STATE_UNUSABLE',
        `${store.path}/${FOLDER}: a file of the identity is missing; enrol the node again`,
      ),
    );
  }
  try {
    const known = JSON.parse(node) as Pick<Identity, 'nodeId' | 'serverId' | 'name' | 'url' | 'commandKey'>;
    return ok({ ...known, keyPem, certificatePem, authorityPem });
  } catch (cause) {
    return err(
      casError(
        'CAS_STATE_UNUSABLE',
        `${store.path}/${FOLDER}/node.json is damaged; enrol the node again`,
        cause,
      ),
    );
  }
}

/** node.json comes last: a crash before it leaves a node that is not enrolled, never half an identity. */
export function writeIdentity(store: StateStore, identity: Identity): void {
  const { keyPem, certificatePem, authorityPem, ...node } = identity;
  store.remove(`${FOLDER}/node.json`);
  store.replace(`${FOLDER}/key.pem`, keyPem);
  store.replace(`${FOLDER}/cert.pem`, certificatePem);
  store.replace(`${FOLDER}/authority.pem`, authorityPem);
  store.replace(`${FOLDER}/node.json`, `${JSON.stringify(node, null, 2)}\n`);
}

/** Why the certificate cannot serve, or null. */
export function certificateFault(identity: Identity, nowMs: number): string | null {
  try {
    return faultOf(identity, nowMs);
  } catch (error) {
    return `the node's key or certificate is damaged (${error instanceof Error ? error.message : String(error)}): enrol it again`;
  }
}

function faultOf(identity: Identity, nowMs: number): string | null {
  const certificate = new X509Certificate(identity.certificatePem);
  if (Date.parse(certificate.validTo) <= nowMs)
    return `the node's certificate ended on ${certificate.validTo}: enrol it again`;
  const own = createPublicKey(identity.keyPem).export({ type: 'spki', format: 'der' });
  if (!certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(own))
    return "the node's certificate is not of its key: enrol it again";
  return null;
}
