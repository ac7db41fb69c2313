import { type Static, Type } from 'typebox';
import { sha256Hex } from '../base/canonical-json.js';
import { err, ok, type Result } from '../base/result.js';
import { casError } from '../errors/cas-error.js';
import { Text } from '../model/bounds.js';
import { Id, Instant, NodeName } from '../model/ids.js';

/**
 * POST /enrol on the agents' port, before the node has a certificate. The agent checks that the server's certificate
 * chains to the authority whose fingerprint the token carries.
 */
export const EnrolRequest = Type.Object({
  token: Text(512),
  name: NodeName,
  /** PKCS#10, PEM; its key was made on the node and stays there. */
  csr: Text(16_384),
  agentVersion: Text(64),
  /**
   * By the key of the certificate that the node has: ECDSA P-256 with SHA-256 over `proofText`, r and s joined (64 bytes),
   * base64url. Left out where the node has none.
   */
  proof: Type.Optional(Type.String({ maxLength: 86, pattern: '^[A-Za-z0-9_-]{86}$' })),
  /** The node's clock: no certificate is issued while it and the server's differ by too much. */
  clock: Type.Optional(Instant),
  /** The agent takes an answer that names more than one authority. */
  takesBundle: Type.Optional(Type.Literal(true)),
});
export type EnrolRequest = Static<typeof EnrolRequest>;

/** What a node signs with the key that it has, to be given a certificate for the next. Good for this request only. */
export function proofText(request: { token: string; name: string; csr: string }): string {
  return `castellan enrolment\n${request.name}\n${sha256Hex(request.token)}\n${sha256Hex(request.csr)}`;
}

export const EnrolAnswer = Type.Object({
  nodeId: Id,
  serverId: Id,
  /**
   * The node's certificate and the authorities', PEM: first the one that the token names, then what else is trusted while
   * an authority takes the place of another.
   */
  certificate: Text(16_384),
  authority: Text(16_384),
  /** The Ed25519 key that commands are signed with, as a JWK. */
  commandKey: Type.Object({ kty: Type.Literal('OKP'), crv: Type.Literal('Ed25519'), x: Text(64) }),
  /** Where the agent connects: wss://host:port/agent */
  url: Type.String({ maxLength: 512, pattern: '^wss://[^\\s\\u0000-\\u001f]+$' }),
});
export type EnrolAnswer = Static<typeof EnrolAnswer>;

/**
 * POST /renew on the agents' port: a node that cannot connect any more, because its certificate has ended, asks for the
 * next by proof of the key of that certificate. No token: the key says who asks.
 */
export const RenewalRequest = Type.Object({
  nodeId: Id,
  /** PKCS#10, PEM; its key was made on the node and stays there. */
  csr: Text(16_384),
  /** The node's clock, part of what is signed: a request is good for minutes, and for a clock that is right. */
  clock: Instant,
  /** By the key of the certificate that the server knows this node by; as the proof of an enrolment, over `renewalText`. */
  proof: Type.String({ maxLength: 86, pattern: '^[A-Za-z0-9_-]{86}$' }),
});
export type RenewalRequest = Static<typeof RenewalRequest>;

/** What a node signs with the key of its last certificate to be given the next. Good for this request only. */
export function renewalText(request: { nodeId: string; csr: string; clock: string }): string {
  return `castellan renewal\n${request.nodeId}\n${sha256Hex(request.csr)}\n${request.clock}`;
}

/** The node's next certificate, PEM. */
export const RenewalAnswer = Type.Object({ certificate: Text(16_384) });
export type RenewalAnswer = Static<typeof RenewalAnswer>;

/** `cas1.<token id>.<secret>.<SHA-256 of the authority's certificate (DER), hex>` */
export interface EnrolToken {
  readonly id: string;
  readonly secret: string;
  readonly authorityFingerprint: string;
}

export function formatToken(token: EnrolToken): string {
  return `cas1.${token.id}.${token.secret}.${token.authorityFingerprint}`;
}

export function parseToken(text: string): Result<EnrolToken> {
  const match = /^cas1\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{20,128})\.([0-9a-f]{64})$/.exec(text.trim());
  const [, id, secret, authorityFingerprint] = match ?? [];
  if (!id || !secret || !authorityFingerprint) {
    return err(
      casError(
        'CAS_TOKEN_MALFORMED',
        'An enrolment token has four parts joined by dots and begins with "cas1.": copy the whole line that "castellan-server token create" printed.',
      ),
    );
  }
  return ok({ id, secret, authorityFingerprint });
}
