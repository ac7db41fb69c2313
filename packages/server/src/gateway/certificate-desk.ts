import { err, ok, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import type {
  Certificate,
  CertificateRequest,
  ServiceCertificate,
  ServiceCertificateRequest,
} from '@castellan/shared/protocol/messages';
import { renewOverLink } from '../services/renew-certificate.js';
import { signServiceCertificate } from '../services/sign-service-certificate.js';
import type { Unit } from '../services/unit.js';

/** The most certificates that are signed for one session. An agent needs one. */
export const RENEWALS_MAX = 8;
/** The most requests for certificates of services in one session: far more than a person approves runs. */
export const SIGNINGS_MAX = 64;

type Sign = (unit: Unit) => Promise<Certificate | ServiceCertificate>;

/** Of one session: which requests for certificates are taken. */
export class CertificateDesk {
  #renewals = 0;
  #signings = 0;

  /** What answers the request. Errors: CAS_TOO_MANY. */
  take(nodeId: string, message: CertificateRequest | ServiceCertificateRequest): Result<Sign> {
    if (message.type === 'certificateRequest') {
      this.#renewals += 1;
      if (this.#renewals > RENEWALS_MAX)
        return err(casError('CAS_TOO_MANY', 'too many certificate requests in one session'));
      return ok((unit) => renewOverLink(unit, nodeId, message));
    }
    this.#signings += 1;
    if (this.#signings > SIGNINGS_MAX)
      return err(casError('CAS_TOO_MANY', 'too many requests for certificates of services in one session'));
    return ok((unit) => signServiceCertificate(unit, nodeId, message));
  }
}
