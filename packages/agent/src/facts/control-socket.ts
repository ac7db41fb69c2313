import type { Place } from '@castellan/shared/model/verdict';

/** A Unix socket that a Listen of the Control_Listener names. */
export interface ControlSocket {
  readonly instance: string;
  readonly path: string;
  /** File_Mode as it is in force, the default included; `unclear`: why it is not known. */
  readonly fileMode: { readonly text: string; readonly at: Place; readonly unclear: string | null };
  /**
   * What stands at the path, links not followed. `elsewhere`: outside of the places where a console's socket belongs, so
   * that it was not inspected. `missing`: also where Momentum is down.
   */
  readonly state: 'socket' | 'missing' | 'denied' | 'other' | 'elsewhere';
  /** Permission bits of the socket, 0o7777; null where there is none to see. */
  readonly mode: number | null;
}

/** The console's sockets: what the configuration gives them, and what they have. */
export interface ControlSocketFact {
  readonly sockets: readonly ControlSocket[];
}
