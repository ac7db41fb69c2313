import { createHash, X509Certificate } from 'node:crypto';
import { parseJson } from '@castellan/shared/base/parse-json';
import { certificatesIn } from '@castellan/shared/base/pem-bundle';
import { err, ok, type Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import type { TrustPayload } from '@castellan/shared/protocol/trust';
import type { StateStore } from '../ports/state-store.js';
import type { Identity } from './identity.js';

/** Beside the identity, which stays as it is: replaced whole, so that there is always one or the other. */
const FILE = 'identity/trust.json';

/** What the server said last of its authorities. */
export interface KnownTrust extends Pick<Identity, 'nodeId' | 'serverId'> {
  readonly revision: number;
  /** Roots, PEM; the last one issues. */
  readonly authorities: readonly string[];
  /** When it was told, milliseconds since 1970 by the server's clock. */
  readonly toldAt: number;
}

/** Null: nothing was ever said to this identity, or it is damaged: what the node was enrolled with is trusted then. */
export function readTrust(
  store: StateStore,
  { nodeId, serverId }: Pick<Identity, 'nodeId' | 'serverId'>,
): KnownTrust | null {
  const text = store.read(FILE)?.toString('utf8') ?? null;
  const value = text === null ? null : parseJson(text);
  if (typeof value !== 'object' || value === null) return null;
  const { sum, ...trust } = value as unknown as KnownTrust & { readonly sum?: unknown };
  const isOurs = trust.nodeId === nodeId && trust.serverId === serverId;
  return isOurs && sum === sumOf(trust) ? trust : null;
}

export function writeTrust(store: StateStore, trust: KnownTrust): void {
  store.replace(FILE, `${JSON.stringify({ ...trust, sum: sumOf(trust) }, null, 2)}\n`);
}

/** No error when there is none. */
export function removeTrust(store: StateStore): void {
  store.remove(FILE);
}

/** SHA-256 of each root's DER, lower-case hexadecimal. */
export function fingerprintsOf(bundlePem: string): readonly string[] {
  return certificatesIn(bundlePem).map(fingerprintOf);
}

function fingerprintOf(pem: string): string {
  return createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');
}

function sumOf({ nodeId, serverId, revision, authorities, toldAt }: KnownTrust): string {
  const text = JSON.stringify([nodeId, serverId, revision, authorities, toldAt]);
  return createHash('sha256').update(text).digest('hex');
}

/**
 * What the server signed, when it is for this node, not older than what is known, and overlaps with what is trusted.
 * Errors: CAS_COMMAND_SIGNATURE, CAS_COMMAND_NOT_ALLOWED.
 */
export async function checkTrust(
  jws: string,
  identity: Identity,
  knownRevision: number,
): Promise<Result<Pick<KnownTrust, 'revision' | 'authorities'>>> {
  const [{ verifiedPayload }, { TrustPayload: Schema }, { Compile }] = await Promise.all([
    import('./signed.js'),
    import('@castellan/shared/protocol/trust'),
    import('typebox/compile'),
  ]);
  const signed = await verifiedPayload(jws, identity.commandKey);
  if (!signed.ok) return signed;
  if (!Compile(Schema).Check(signed.value)) return refused('it is no message about authorities');
  const { iss, aud, revision, authorities } = signed.value as TrustPayload;
  if (iss !== identity.serverId || aud !== identity.nodeId)
    return err(casError('CAS_COMMAND_SIGNATURE', `it is for the node ${aud} of the server ${iss}`));
  if (revision < knownRevision) return refused('it is older than what this node was told before');
  const fault = faultOf(authorities, identity.authorityPem);
  return fault === null ? ok({ revision, authorities }) : refused(fault);
}

function refused(detail: string): { readonly ok: false; readonly error: CasError } {
  return err(casError('CAS_COMMAND_NOT_ALLOWED', detail));
}

/** Why these cannot take the place of what is trusted; null: they can. */
function faultOf(authorities: readonly string[], trustedPem: string): string | null {
  try {
    const roots = authorities.map((pem) => new X509Certificate(pem));
    if (roots.some((root) => !root.ca || !root.checkIssued(root) || !root.verify(root.publicKey)))
      return 'one of them is no authority';
    const trusted = fingerprintsOf(trustedPem);
    return authorities.some((pem) => trusted.includes(fingerprintOf(pem)))
      ? null
      : 'none of them is trusted by this node';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
