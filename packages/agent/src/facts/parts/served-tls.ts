import type { ParsedCertificate } from './pem-evidence.js';

export type WireVersion = 'SSLv2' | 'SSLv3' | 'TLSv1.0' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** `inconclusive` is never taken for `not-offered`. */
export type WireAnswer = 'offered' | 'not-offered' | 'inconclusive';

export interface VersionAnswer {
  readonly version: WireVersion;
  readonly answer: WireAnswer;
  /** What proves it, or why nothing does: `alert 70`, `no answer`. */
  readonly reason: string;
  /** The suite that the server chose, as IANA names it. */
  readonly cipher: string | null;
}

/** Asked with the suites of one kind alone. */
export interface KindAnswer {
  readonly answer: WireAnswer;
  readonly reason: string;
}

export interface DheAnswer extends KindAnswer {
  /** Size of the smallest prime that was shown, bits. */
  readonly bits: number | null;
  /** SHA-256 of that prime, big-endian without leading zeros, lower-case hex. */
  readonly primeSha256: string | null;
  /** `RFC 3526 2048`; null: of no group that is known here. */
  readonly group: string | null;
  /** By number theory; null: none was shown, or too long to be tested. */
  readonly isPrime: boolean | null;
}

/** What one listener offers. */
export interface ServedTls {
  readonly versions: readonly VersionAnswer[];
  /** Null: SSL 3.0 is not offered. */
  readonly cbcUnderSslv3: KindAnswer | null;
  /** Null: no version to 1.2 is offered, and 1.3 has no such choice. */
  readonly dhe: DheAnswer | null;
  /** In the words of OpenSSL (RC4, EXP ...), with the suites that were accepted; null as `dhe`. */
  readonly weak:
    | (KindAnswer & { readonly kinds: readonly string[]; readonly suites: readonly string[] })
    | null;
  /** As served up to TLS 1.2, the leaf first; of a listener with 1.3 alone only the leaf. Empty: none was seen. */
  readonly chain: readonly ParsedCertificate[];
  /** Of SMTP with STARTTLS only. */
  readonly injection: {
    readonly kind: 'carried-out' | 'ignored' | 'rejected' | 'inconclusive';
    readonly detail: string;
  } | null;
  readonly connections: number;
}
