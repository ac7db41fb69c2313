import { worst } from '@castellan/shared/model/severity';
import {
  chainFaults,
  EXPIRY_PARAMS,
  judgeExpiry,
  serviceOf,
} from '../../knowledge/certificates/judge-pair.js';
import { defineControl, fail } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-CRT-002',
  slug: 'postgresql-certificate-expiry',
  title: 'PostgreSQL certificate in its time',
  severity: 'high',
  otherSeverities: ['critical', 'medium'],
  subject: 'postgresql certificate',
  reads: ['serviceCertificates'],
  sources: [manual3('executable.create_ssl_cert')],
  remediation: 'certificate-renew',
  params: EXPIRY_PARAMS,

  evaluate({ facts, params, nowMs }) {
    const service = serviceOf(facts, 'msyspg');
    const own = judgeExpiry(service, 'msyspg', nowMs, params);
    const above = service && service.slot.tls !== 'off' ? chainFaults(service, nowMs, params) : [];
    if (above.length === 0 || (own.status !== 'pass' && own.status !== 'fail')) return own;
    const severities = above.map(({ severity }) => severity);
    if (own.status === 'fail') severities.push(own.severity ?? 'high');
    const summary =
      own.status === 'fail'
        ? own.summary
        : `A certificate above that of PostgreSQL is out of its time: ${above[0]?.violation.found ?? ''}`;
    const violations = above.map(({ violation }) => violation);
    return fail(
      summary,
      [...(own.status === 'fail' ? own.violations : []), ...violations],
      worst(severities) ?? 'high',
    );
  },
});
