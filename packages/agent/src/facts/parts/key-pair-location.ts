import type { Place } from '@castellan/shared/model/verdict';
import type { Preamble } from '../../ports/net.js';

export type CertificateService = 'ecconfigd' | 'ecwebui' | 'msyspg';

/** Where one service reads its key and certificate, resolved from its own settings before the documented defaults. */
export interface KeyPairLocation {
  readonly service: CertificateService;
  /** Whether the service is set up to speak TLS; `unknown` where its settings could not be read. */
  readonly tls: 'on' | 'off' | 'unknown';
  /** Why `tls` is unknown, for a person. */
  readonly doubt?: string;
  /** The line (or default) that decides `tls`. */
  readonly decidedBy: Place;
  readonly certificatePath: string;
  readonly keyPath: string;
  /** The user that must read the key, and that create_ssl_cert gives it to. */
  readonly owner: 'ecuser' | 'msyspg';
  /**
   * What tells this pair from the service's others: the host's name with its port, and the certificate's path. Neither
   * their order nor a line, and not the algorithm either, which an unreadable file does not tell. Absent: there is one.
   */
  readonly name?: string;
  /** Certificates that are sent with the pair and stand in a file of their own. */
  readonly chainPath?: string;
  /** Where the service gets the key's pass phrase from, when it asks nobody (`exec:/opt/x`); or why that is not known. */
  readonly passphraseFrom?: string;
  /** No line that was understood names the certificate: the path is the documented default. */
  readonly isUnnamed?: boolean;
  /** Host name that the certificate is made for: the name the service is reached by. */
  readonly hostname: string;
  readonly endpoint: { readonly host: string; readonly port: number; readonly preamble: Preamble };
  /** PostgreSQL's list of who may connect how. */
  readonly accessFile?: string;
  /** PostgreSQL's release by its data folder (9.6, 15); null: not known. */
  readonly databaseVersion?: number | null;
  /** PostgreSQL asks a program for the key's pass phrase. */
  readonly passphraseCommand?: boolean;
  /** The documentation's other place, where it also exists and differs. */
  readonly otherPlace: { readonly certificatePath: string; readonly keyPath: string } | null;
}
