import type { Access } from '@castellan/shared/model/plan';
import type { FileIdentity } from '../ports/files.js';
import type { Preamble } from '../ports/net.js';

/**
 * The effects of a remediation, as data: the runner journals each before it happens, can undo each, and can tell after
 * a crash what happened. Nothing here holds a secret's value: contents and secrets are named and looked up in memory.
 */
export interface FileReplacement {
  /** Path without links, in the node's tree. */
  readonly path: string;
  /** SHA-256 hex of what the plan saw, or null where there was no file. Checked again right before the rename. */
  readonly beforeSha256: string | null;
  /** Which file that was, of the same look; null where there was none. Nothing else is backed up or replaced. */
  readonly before: FileIdentity | null;
  /** Name of the content in `Draft.contents`. */
  readonly content: string;
  readonly access: Access;
}

export interface AccessChange {
  /** Path without links. */
  readonly path: string;
  /** Which file or folder the plan inspected: no other is given to anybody. */
  readonly identity: FileIdentity;
  readonly before: Access;
  readonly after: Access;
}

export const SERVICES = ['ecconfigd', 'ecwebui', 'msyspg', 'ecelerity'] as const;
export type Service = (typeof SERVICES)[number];

export type ReloadWord = 'reload' | 'graceful';

/** A listener, and the certificates that it should serve (SHA-256 of the DER, lower-case hex); none: it was down. */
export interface ServedCertificate {
  readonly endpoint: { readonly host: string; readonly port: number; readonly preamble: Preamble };
  readonly servername: string;
  /** Its kind of key, where the listener has certificates of several. */
  readonly keyType?: 'rsa' | 'ec';
  readonly fingerprints: readonly string[];
}

export type Step =
  /** Stage all beside their targets, check, then rename back to back. A key and its certificate are one step. */
  | {
      readonly kind: 'replace-files';
      readonly id: string;
      readonly files: readonly FileReplacement[];
      /** The old content holds a secret: its backup is removed when the run is done. */
      readonly secretBackup?: boolean;
    }
  /** For a file that a later step puts there; undone while it is empty. */
  | {
      readonly kind: 'make-folder';
      readonly id: string;
      /** Without links; nothing is there. */
      readonly path: string;
      readonly access: Access;
    }
  | {
      readonly kind: 'set-access';
      readonly id: string;
      readonly entries: readonly AccessChange[];
    }
  | {
      readonly kind: 'program';
      readonly id: string;
      /** Absolute path in the tree, one of the product's own programs. */
      readonly program: string;
      /** A `{secret}` is put in only at the call. */
      readonly argv: readonly (string | { readonly secret: string })[];
      readonly timeoutMs: number;
      /** When it counts as done: the exit code (null: not inspected, where the manual gives none) a text on
       * stdout, and texts that neither stream may hold. */
      readonly expect: {
        readonly exitCode: number | null;
        readonly stdoutIncludes?: string;
        readonly excludes?: readonly string[];
      };
      /** Files it makes: undone by removing what was not there before, and by restoring what was. */
      readonly creates?: readonly string[];
      /** Run it again when rolling back, after the files were restored (a reload, say). */
      readonly againOnRollback?: boolean;
      /** What it did that nothing takes back: told at the end of a run that was put back after it. */
      readonly lasting?: string;
    }
  | {
      readonly kind: 'service';
      readonly id: string;
      readonly service: Service;
      /**
       * `start`: it was down before the run, and is stopped again when the run is put back. `reload`, `graceful`: words
       * of its init script by which it goes on to listen; restarted where it then does not serve another certificate.
       */
      readonly action: 'restart' | ReloadWord | 'start';
      /** What its listener showed before the run; looked for again when the run was put back. */
      readonly servedBefore?: ServedCertificate;
    }
  /** After everything is verified, and last: what is committed reaches other nodes, and is not taken back. */
  | {
      readonly kind: 'commit';
      readonly id: string;
      readonly username: string;
      /** Null: eccfg finds it in the credential store. */
      readonly password: { readonly secret: string } | null;
      /** Without links. Nothing else may stand edited then: eccfg commits everything. */
      readonly files: readonly string[];
      /** The run's id is added. */
      readonly message: string;
      readonly timeoutMs: number;
    };
