import type { Place } from '@castellan/shared/model/verdict';
import type { ProbeResult } from '../ports/net.js';
import type { FileReach } from './parts/file-reach.js';
import type { CertificateService, KeyPairLocation } from './parts/key-pair-location.js';
import type { CertificateEvidence, KeyEvidence } from './parts/pem-evidence.js';
import type { PlainAccess } from './parts/plain-access.js';

/** One place where a service of Momentum keeps a key and a certificate (`create_ssl_cert`'s three services). */
export interface ServiceCertificate {
  readonly location: KeyPairLocation;
  readonly certificate: CertificateEvidence;
  readonly key: KeyEvidence;
  /** Of the location's `chainPath`. */
  readonly chain?: CertificateEvidence;
  /** Whether the certificate is of this key; null where one of them could not be read. */
  readonly matches: boolean | null;
  readonly served: ProbeResult;
  /** When the served certificate ends, in milliseconds since 1970; null where none was seen. */
  readonly servedNotAfterMs: number | null;
  /** Of PostgreSQL only. */
  readonly plainAccess: PlainAccess | null;
  /** Whether the service's own user can read the two files; of PostgreSQL only, which is never root. */
  readonly reach?: { readonly certificate: FileReach; readonly key: FileReach };
}

export interface ServiceCertificatesFact {
  /** A key pair each, only of services that this node has. */
  readonly services: readonly ServiceCertificate[];
  /** What could make further hosts and pairs of a service, or change them, and was not understood. */
  readonly unknowns: readonly ServiceUnknown[];
}

export interface ServiceUnknown {
  readonly service: CertificateService;
  readonly at: Place;
  readonly why: string;
}
