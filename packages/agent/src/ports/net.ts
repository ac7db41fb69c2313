/** Looking at the node's own listeners. Never another host. */
export type Preamble = 'none' | 'postgresql' | 'smtp';

export interface ProbeRequest {
  readonly host: string;
  readonly port: number;
  readonly preamble: Preamble;
  readonly servername?: string;
  /** Take no other kind of certificate: of a listener with several, that one is shown (from TLS 1.2 on). */
  readonly keyType?: 'rsa' | 'ec';
  readonly timeoutMs: number;
}

export type ProbeResult =
  /** `fingerprint` is the SHA-256 of the leaf (DER), lower-case hex. */
  | {
      readonly kind: 'served';
      readonly fingerprint: string;
      readonly leafDer: Buffer;
      readonly protocol: string;
    }
  | { readonly kind: 'no-tls'; readonly detail: string }
  | { readonly kind: 'closed'; readonly detail: string }
  /** Time-outs and odd answers: never taken for fine. */
  | { readonly kind: 'inconclusive'; readonly detail: string }
  /** Probing is switched off (--no-probe, a tree that is not live, policy). */
  | { readonly kind: 'forbidden'; readonly detail: string };

export interface Net {
  probeTls(request: ProbeRequest): Promise<ProbeResult>;
}
