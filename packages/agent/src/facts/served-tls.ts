import type { Place } from '@castellan/shared/model/verdict';
import type { Preamble } from '../ports/net.js';
import type { ServedTls } from './parts/served-tls.js';

/** One of the MTA's listeners, and what it said on the wire. */
export interface ServedListener {
  /** As controls name the listener: `inbound Esmtp_Listener::Listen:\:25:`. */
  readonly subject: string;
  readonly at: Place;
  readonly endpoint: { readonly host: string; readonly port: number; readonly preamble: Preamble };
  /** Of its certificate, as the configuration names the file; null: it names none, or not one alone. */
  readonly certificatePath: string | null;
  /** What the running Momentum makes of TLS_Protocols in this scope (`config eval`); null: it was not to be had. */
  readonly running: string | null;
  readonly wire:
    | { readonly state: 'seen'; readonly served: ServedTls }
    /** Nothing listens there now. */
    | { readonly state: 'closed'; readonly why: string }
    | { readonly state: 'inconclusive'; readonly why: string };
}

export interface ServedTlsFact {
  /** Those that speak TLS by the configuration, or may. */
  readonly listeners: readonly ServedListener[];
  /** Why none was probed; null: they were. */
  readonly notProbed: string | null;
}
