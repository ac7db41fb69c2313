import type { Place } from '@castellan/shared/model/verdict';
import type { Doubt } from './parts/doubt.js';
import type { FileReach } from './parts/file-reach.js';
import type { CertificateEvidence, KeyEvidence } from './parts/pem-evidence.js';

/** A certificate that the MTA's configuration names, with the key that goes with it. */
export interface MtaPair {
  readonly certificatePath: string;
  /** The certificate's own file where no tls_key is set: it may hold the key as well. */
  readonly keyPath: string;
  readonly at: Place;
  readonly certificate: CertificateEvidence;
  readonly key: KeyEvidence;
  readonly matches: boolean | null;
  /** Whether Momentum's user can read each; absent where the node has no such user. */
  readonly reach?: { readonly certificate: FileReach; readonly key: FileReach };
}

/** A file of certificate authorities that tls_ca or tls_client_ca names. */
export interface MtaAuthorities {
  readonly path: string;
  readonly option: string;
  readonly at: Place;
  readonly state: 'parsed' | 'missing' | 'unusable' | 'unread';
  readonly detail: string;
  readonly reach?: FileReach;
}

export interface MtaCertificatesFact {
  readonly pairs: readonly MtaPair[];
  readonly authorities: readonly MtaAuthorities[];
  /** Names that do not say which file is meant: `relative`, `macro`. */
  readonly unresolved: readonly { readonly path: string; readonly problem: string; readonly at: Place }[];
  readonly doubts: readonly Doubt[];
}
