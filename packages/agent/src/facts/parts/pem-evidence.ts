/**
 * Why a PEM file gave nothing: each is told apart, because each has another fix. Of `denied`, `failed` and
 * `too-large` nothing is known but that the file could not be inspected, of `unclear` that its consumer may read it or
 * may not; with the others its consumer certainly does not start.
 */
export type PemProblem =
  | 'missing'
  | 'dangling'
  | 'denied'
  | 'directory'
  | 'empty'
  | 'too-large'
  | 'malformed'
  | 'no-block'
  /** DER where its consumer reads PEM only. */
  | 'not-pem'
  | 'unclear'
  | 'failed';

export interface ParsedCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly commonName: string | null;
  /** `DNS:mta1.example.com`, `IP:192.0.2.1` */
  readonly subjectAltNames: readonly string[];
  readonly serial: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** SHA-256 of the certificate (DER), lower-case hex. */
  readonly fingerprint: string;
  /** SHA-256 of the public key (SPKI, DER), lower-case hex. */
  readonly spkiSha256: string;
  readonly keyType: string;
  readonly keyBits: number | null;
  readonly isSelfSigned: boolean;
  /** Digest of its signature (`sha1`, `sha256`); `unknown`: an algorithm of its own parameters or one not known here. */
  readonly signatureDigest?: string;
}

/** `chain` is every certificate of the file, the first one first. */
export type CertificateEvidence =
  | {
      readonly state: 'parsed';
      readonly leaf: ParsedCertificate;
      readonly chain: readonly ParsedCertificate[];
    }
  | { readonly state: 'unread'; readonly problem: PemProblem; readonly detail: string };

/** Of a private key only what may be told. */
export type KeyEvidence =
  | {
      readonly state: 'parsed';
      readonly keyType: string;
      readonly keyBits: number | null;
      readonly spkiSha256: string;
    }
  | { readonly state: 'encrypted'; readonly detail: string }
  | { readonly state: 'unread'; readonly problem: PemProblem; readonly detail: string };
