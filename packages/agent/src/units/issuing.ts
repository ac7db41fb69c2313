import type { Acme } from '../ports/acme.js';
import type { Clock } from '../ports/clock.js';
import type { Exec } from '../ports/exec.js';
import type { FileReader } from '../ports/files.js';
import type { SigningRequest, SigningResult } from '../ports/signer.js';
import type { StateStore } from '../ports/state-store.js';

export type { AcmeResult } from '../ports/acme.js';
export type { SigningResult } from '../ports/signer.js';

/** Who may be asked for certificates: as root says in the agent's settings, and the server as it says of itself. */
export interface IssuingSettings {
  readonly acme: AcmeSettings | null;
  /** Absolute path of a program; null: none is set up. */
  readonly command: string | null;
  /** The server's authority for services, or why it cannot be asked, for a person. */
  readonly server: ServerIssuing;
}

export type ServerIssuing =
  | { readonly authorityPem: string; readonly daysMax: number }
  | { readonly why: string };

/** Nobody on the server has asked: what is planned at the node's own shell has no run there. */
export const NOT_BY_SERVER: ServerIssuing = {
  why: 'the server signs within a run that a person approved there: ask for the plan on the server',
};

export interface AcmeSettings {
  /** URL of the directory (RFC 8555, 7.1.1). */
  readonly directory: string;
  /** PEM file of who vouches for the directory's own certificate; null: the system's. */
  readonly authorities: string | null;
  readonly contact: string | null;
  /** HTTP-01: the folder that is served at http://NAME/. */
  readonly webroot: string | null;
  /** DNS-01: a program that is called with add or remove, the record's name and its value. */
  readonly dnsCommand: string | null;
}

export const NO_ISSUING: IssuingSettings = { acme: null, command: null, server: NOT_BY_SERVER };

/** What may be used while a run stages contents. Nothing that is in force is changed by it. */
export interface MakeContext {
  readonly files: FileReader;
  /** The child is in the journal before it may do anything. */
  readonly exec: Exec;
  readonly clock: Clock;
  readonly state: StateStore;
  readonly acme: Acme;
  readonly signal: AbortSignal;
  /** By the server, for this run. */
  sign(request: Pick<SigningRequest, 'target' | 'requestPem' | 'timeoutMs'>): Promise<SigningResult>;
  /** A folder of root's alone in the node's tree, the same for the whole step; it is gone when the step is done, or undone. */
  scratch(): string;
  /**
   * A public file of root's in a folder that exists, or in folders below it that are made. Withdrawn by what it returns, or,
   * after a crash, before the next one is published.
   */
  publish(path: string, content: string): () => void;
  tell(line: string): void;
}
