import type { Result } from '@castellan/shared/base/result';

export interface IssuedCertificate {
  readonly pem: string;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly notAfter: number;
  readonly publicJwk: PublicJwk;
}

export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

/** What a presented certificate says, after its signature and dates were checked. */
export interface NodeIdentity {
  readonly nodeId: string;
  readonly serial: string;
}

/** The server's own certificate authority and its command-signing key. */
export interface Authority {
  readonly rootPem: string;
  /** SHA-256 of the root's DER, lower-case hexadecimal: what an enrolment token carries. */
  readonly fingerprint: string;
  /** Public part of the key that commands are signed with. */
  readonly commandKey: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
  /** A key and a certificate for the agent listener; DNS names and IP addresses become the SAN. */
  issueServer(
    hostnames: readonly string[],
  ): Promise<{ readonly keyPem: string; readonly certificatePem: string }>;
  /** `name` is what the request's subject must be, if it has one. */
  issueNode(request: { csrPem: string; nodeId: string; name: string }): Promise<Result<IssuedCertificate>>;
  /** Ours, within its dates, for a client: whatever the TLS library thought of it. Revocation is the store's to know. */
  identify(certificateDer: Uint8Array | null): Result<NodeIdentity>;
  /** Compact JWS (EdDSA). */
  sign(payload: Uint8Array): Promise<string>;
}
