/** How the way to a mail server is kept: TLS at once, TLS by STARTTLS or not at all, or in the clear. */
export const MAIL_TLS = ['implicit', 'starttls', 'none'] as const;
export type MailTls = (typeof MAIL_TLS)[number];

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly tls: MailTls;
  /** PEM of the authorities that are trusted in place of the system's; empty: the system's. */
  readonly ca: string;
}

export interface MailRequest {
  readonly server: MailServer;
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  /** Both with their angle brackets. */
  readonly messageId: string;
  readonly thread: string;
  readonly at: Date;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  /** Gives up at once: the server stops. */
  readonly signal?: AbortSignal;
}

export type MailAnswer =
  /** `refused`: recipients that the server does not take; the others have the mail. `code`: the reply to the first. */
  | { readonly kind: 'accepted'; readonly refused: number; readonly code: number | null; readonly ms: number }
  /** The server said no: its reply code, and at which command. */
  | { readonly kind: 'rejected'; readonly code: number; readonly command: string; readonly ms: number }
  /** We did not connect: the address is not permitted, or the name has none. */
  | { readonly kind: 'refused'; readonly detail: string; readonly ms: number }
  /** No answer. `isAmbiguous`: the mail may have been taken. */
  | { readonly kind: 'broken'; readonly detail: string; readonly isAmbiguous: boolean; readonly ms: number };

/** Mail by a server that a person gave us: it must not become a way into our own network. */
export interface MailOut {
  send(request: MailRequest): Promise<MailAnswer>;
  /** What is wrong with the server's settings, as far as can be said without asking anybody; null if nothing. */
  problemOf(server: MailServer): string | null;
}
