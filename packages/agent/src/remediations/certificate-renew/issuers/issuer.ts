import type { PlannedSigning } from '@castellan/shared/model/plan';
import type { Issued } from '../../../knowledge/certificates/check-issued.js';
import type { KeyType } from '../../../knowledge/certificates/new-key.js';
import type { IssuingSettings, MakeContext } from '../../../units/issuing.js';
import type { PlanContext } from '../../../units/remediation.js';

/** What is asked for. Names that the old certificate had are never lost. */
export interface CertificateWanted {
  readonly service: 'ecconfigd' | 'ecwebui' | 'msyspg';
  /** The name that the service is reached by. */
  readonly hostname: string;
  readonly commonName: string;
  /** `DNS:mta1.example.com`, `IP:192.0.2.1` */
  readonly altNames: readonly string[];
  readonly days: number;
  readonly keyType: KeyType;
  /** PEM of the one whose place it takes; null: there is none that can be read. */
  readonly oldPem: string | null;
  /** The file that the certificate goes into. */
  readonly certificatePath: string;
}

/** Where it is judged whether an issuer can be asked. */
export interface IssuerLook extends Pick<PlanContext['look'], 'files' | 'clock'> {
  readonly issuing: IssuingSettings;
}

/** Who makes a certificate: one folder each. The key is made on this node and never leaves it. */
export interface Issuer {
  /** The folder's name, and the parameter's value. */
  readonly name: string;
  /** A line for the list of issuers. */
  readonly text: string;
  /** Somebody else's machine: it is asked with back-off, and its answer may be another each time. */
  readonly isOutside: boolean;
  /** What it makes is trusted by those only who were given it. */
  readonly isSelfSigned: boolean;
  /** Why it cannot be asked for this on this node; null: it can. */
  blocker(wanted: CertificateWanted, look: IssuerLook): string | null;
  /** `a new self-signed certificate`, with what is known of how long it is valid. */
  describe(wanted: CertificateWanted, issuing: IssuingSettings): string;
  /** What whoever approves has to know of it beside. */
  notes?(issuing: IssuingSettings): readonly string[];
  /** Whether it issued this certificate (PEM): then it is asked for the next without being named. */
  hasIssued?(oldPem: string, issuing: IssuingSettings): boolean;
  /** What the approved plan binds the server's signature to; null: nothing is signed there. */
  signs?(wanted: CertificateWanted, issuing: IssuingSettings): PlannedSigning | null;
  /** It wants the old one renewed now, whatever its end. An issuer that cannot be asked is no reason either way. */
  isDue?(
    wanted: CertificateWanted,
    look: IssuerLook,
    make: { readonly acme: Pick<MakeContext['acme'], 'renewalWindow'> },
  ): Promise<boolean>;
  /** Throws IssueFailed. */
  issue(wanted: CertificateWanted, make: MakeContext, issuing: IssuingSettings): Promise<Issued>;
}

/** It did not issue. `retryAfterMs`: when it wants to be asked again, if it says. */
export class IssueFailed extends Error {
  override readonly name = 'IssueFailed';
  constructor(
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

export function defineIssuer(issuer: Issuer): Issuer {
  return issuer;
}
