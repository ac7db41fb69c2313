import type { Result } from '@castellan/shared/base/result';
import type { ServiceKeyType } from '@castellan/shared/model/plan';

export interface IssuedCertificate {
  readonly pem: string;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly notAfter: number;
  readonly publicJwk: PublicJwk;
  readonly authorityFingerprint: string;
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
  /** Of the authority that issued it. */
  readonly authorityFingerprint: string;
  /** When it ends, milliseconds since 1970. */
  readonly notAfter: number;
  readonly publicJwk: PublicJwk;
}

/** What signs commands, and which authorities a node is to trust. It outlives every authority. */
export interface CommandSigner {
  /** Its public part. */
  readonly commandKey: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
  /** Compact JWS (EdDSA). */
  sign(payload: Uint8Array): Promise<string>;
}

/** What a certificate for a service is to say. */
export interface ServiceRequest {
  /** PKCS#10, PEM. */
  readonly csrPem: string;
  readonly commonName: string;
  /** `DNS:mta1.example.com`, `IP:192.0.2.1` */
  readonly altNames: readonly string[];
  readonly keyType: ServiceKeyType;
  /** How long it is good, from now on; never longer than the authority. */
  readonly lifeMs: number;
}

/** Signs certificates that services show to others. None of them lets anybody in here. */
export interface ServiceAuthority {
  readonly rootPem: string;
  readonly fingerprint: string;
  readonly notAfter: number;
  /** Errors: CAS_CSR_INVALID, also for a request that names anything else or has another kind of key. */
  issue(request: ServiceRequest): Promise<Result<Pick<IssuedCertificate, 'pem' | 'serial' | 'notAfter'>>>;
}

/** A certificate authority of this server. */
export interface Authority {
  readonly rootPem: string;
  /** When the root ends, milliseconds since 1970: nothing that it signed outlives it. */
  readonly notAfter: number;
  /** SHA-256 of the root's DER, lower-case hexadecimal: what an enrolment token carries. */
  readonly fingerprint: string;
  /** A key and a certificate for the agent listener; DNS names and IP addresses become the SAN. */
  issueServer(
    hostnames: readonly string[],
  ): Promise<{ readonly keyPem: string; readonly certificatePem: string }>;
  /** `name` is what the request's subject must be, if it has one. `lifeMs`: how long it is good, from now on. */
  issueNode(request: {
    csrPem: string;
    nodeId: string;
    name: string;
    lifeMs: number;
  }): Promise<Result<IssuedCertificate>>;
  /** Whether it signed this certificate (DER), whatever that says. */
  hasIssued(certificateDer: Uint8Array): boolean;
  /** Its own, within its dates, for a client: whatever the TLS library thought of it. Revocation is the store's to know. */
  identify(certificateDer: Uint8Array | null): Result<NodeIdentity>;
}
