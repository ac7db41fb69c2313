/** Asking the server for the certificate of a service, within a run that a person approved there. */
export interface SigningRequest {
  readonly runId: string;
  /** The file that it goes into, as the plan names it. */
  readonly target: string;
  /** PKCS#10, PEM. */
  readonly requestPem: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type SigningResult =
  | { readonly kind: 'signed'; readonly certificatePem: string }
  | { readonly kind: 'refused'; readonly detail: string };

export interface Signer {
  sign(request: SigningRequest): Promise<SigningResult>;
}
