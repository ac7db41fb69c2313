/** Which Momentum and which TLS library, and how that is known. */
export interface MomentumVersionFact {
  /** `3.6.6`, `4.1.0.2`; null where nothing tells. */
  readonly version: string | null;
  readonly from: 'console' | 'package' | 'assumed' | 'unknown';
  /** What was asked and answered, for the reader. */
  readonly detail: string;
  readonly tlsLibrary: {
    readonly name: 'openssl' | 'gnutls' | null;
    readonly version: string | null;
    readonly from: string;
  };
}
