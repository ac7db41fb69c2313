import type { Facts } from '../../src/facts/facts.generated.js';
import type { ParsedCertificate } from '../../src/facts/parts/pem-evidence.js';

type Service = Facts['serviceCertificates']['services'][number];
/** The moment at which cases about certificates are judged. */
export declare const CASE_NOW_MS: number;
export declare const DAY_MS = 86400000;
/** A certificate with `daysLeft` days to go at CASE_NOW_MS. */
export declare function caseCertificate(
  daysLeft: number,
  over?: Partial<ParsedCertificate>,
): ParsedCertificate;
/** A service in good order, its certificate with `daysLeft` days to go; `over` changes what a case is about. */
export declare function caseService(
  service: Service['slot']['service'],
  daysLeft: number,
  over?: Partial<Service>,
): Service;
export declare const caseServices: (...services: readonly Service[]) => () => Partial<Facts>;
//# sourceMappingURL=certificate.d.ts.map
