/** Looking at the node's own listeners. Never another host. */
export type Preamble = 'none' | 'postgresql' | 'smtp' | 'ldap';

export interface ProbeRequest {
  readonly host: string;
  readonly port: number;
  readonly preamble: Preamble;
  readonly servername?: string;
  /** The name that SMTP is greeted with; absent: localhost. */
  readonly ehloName?: string;
  /** For everything: connecting, the words before TLS, the handshake. */
  readonly timeoutMs: number;
}

/** What keeps a listener from being seen at all, whatever was asked of it. */
export type Unseen =
  | { readonly kind: 'no-tls'; readonly detail: string }
  | { readonly kind: 'closed'; readonly detail: string }
  /** Time-outs and odd answers: never taken for fine. */
  | { readonly kind: 'inconclusive'; readonly detail: string }
  /** Probing is switched off (--no-probe, a tree that is not live, policy). */
  | { readonly kind: 'forbidden'; readonly detail: string };

export type ProbeResult =
  /** `fingerprint` is the SHA-256 of the leaf (DER), lower-case hex. */
  | {
      readonly kind: 'served';
      readonly fingerprint: string;
      readonly leafDer: Buffer;
      readonly protocol: string;
    }
  | Unseen;

/** A hello of our own. */
export interface ExchangeRequest extends ProbeRequest {
  readonly hello: Buffer;
  /** Whether these bytes, all that came since the hello, need no more. */
  isEnough(bytes: Buffer): boolean;
  /** What comes beyond is not read. */
  readonly bytesMax: number;
}

/** `end` says why no more was read; `bytes` may be none. */
export type ExchangeResult =
  | {
      readonly kind: 'heard';
      readonly bytes: Buffer;
      readonly end: 'enough' | 'closed' | 'reset' | 'silent' | 'too-long';
    }
  | Unseen;

/** What became of a command that stood behind STARTTLS in the same packet (CVE-2011-0411). */
export type InjectionResult =
  /** Answered inside TLS, as if it had been encrypted. */
  | { readonly kind: 'carried-out' }
  /** TLS began, and nobody heard of the command again. */
  | { readonly kind: 'ignored' }
  /** The attempt ended the conversation, or STARTTLS was refused for it. */
  | { readonly kind: 'rejected'; readonly detail: string }
  | Unseen;

export interface Net {
  probeTls(request: ProbeRequest): Promise<ProbeResult>;
  exchange(request: ExchangeRequest): Promise<ExchangeResult>;
  injectStarttls(request: ProbeRequest): Promise<InjectionResult>;
}
