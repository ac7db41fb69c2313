import type { Facts } from '../../src/facts/facts.generated.js';
import type { ControlCase } from '../../src/units/case.js';

type ServiceName = Facts['serviceCertificates']['services'][number]['slot']['service'];
/** How the certificate of a service ages: the cases of every control that judges one. */
export declare function expiryCases(service: ServiceName): readonly ControlCase[];
//# sourceMappingURL=expiry.d.ts.map
