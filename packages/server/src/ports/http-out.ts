/** Bytes of an answer's body that are kept. */
export const ANSWER_TEXT_BYTES_MAX = 2_048;

export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  /** Gives up at once: the server stops. */
  readonly signal?: AbortSignal;
}

export type HttpAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The header as it came. */
      readonly retryAfter: string | undefined;
      /**
       * The beginning of the body, at most ANSWER_TEXT_BYTES_MAX, for a channel that has to understand it. A stranger
       * wrote it: never logged, stored or shown.
       */
      readonly text: string;
      readonly ms: number;
    }
  /** We did not ask: the address is not permitted, or the name has none. */
  | { readonly kind: 'refused'; readonly detail: string; readonly ms: number }
  /** No answer. `isAmbiguous`: the request may have arrived. */
  | { readonly kind: 'broken'; readonly detail: string; readonly isAmbiguous: boolean; readonly ms: number };

/** POST to an address that a person gave us: it must not become a way into our own network. */
export interface HttpOut {
  post(request: HttpRequest): Promise<HttpAnswer>;
  /** What is wrong with the address, as far as can be said without asking anybody; null if nothing. */
  problemOf(url: string): string | null;
}
