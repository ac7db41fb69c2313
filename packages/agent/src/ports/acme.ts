/** Asking an ACME server (RFC 8555) for a certificate. The key stays with whoever asks: the server is given a request. */
export interface AcmeRequest {
  readonly directory: string;
  /** PEM; null: the system's authorities vouch for the directory. */
  readonly authoritiesPem: string | null;
  readonly accountKeyPem: string;
  readonly contact: string | null;
  /** PKCS#10, PEM. */
  readonly requestPem: string;
  /** Identifier of the certificate that this one takes the place of (RFC 9773, 4.1); null: none, or not this server's. */
  readonly replaces: string | null;
  readonly challenge: 'http-01' | 'dns-01';
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  fulfil(challenge: AcmeChallenge): Promise<void>;
  withdraw(challenge: AcmeChallenge): Promise<void>;
}

export interface AcmeChallenge {
  readonly name: string;
  readonly token: string;
  /** HTTP-01: the content of the file; DNS-01: the record's value. */
  readonly answer: string;
}

export type AcmeResult =
  /** The leaf first. */
  | { readonly kind: 'issued'; readonly chainPem: string }
  | { readonly kind: 'refused'; readonly detail: string; readonly retryAfterMs: number | null };

/** RFC 9773, 4.2: when the server would have it renewed. Milliseconds since 1970. */
export interface RenewalWindow {
  readonly startMs: number;
  readonly endMs: number;
}

export interface Acme {
  issue(request: AcmeRequest): Promise<AcmeResult>;
  /** Null: the server has no such thing, or does not say. Never a reason not to renew. */
  renewalWindow(request: {
    readonly directory: string;
    readonly authoritiesPem: string | null;
    readonly certificateId: string;
    readonly timeoutMs: number;
  }): Promise<RenewalWindow | null>;
}
