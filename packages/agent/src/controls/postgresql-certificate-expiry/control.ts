import { EXPIRY_PARAMS, judgeExpiry, serviceOf } from '../../knowledge/certificates/judge-pair.js';
import { defineControl } from '../../units/control.js';
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
    return judgeExpiry(serviceOf(facts, 'msyspg'), 'msyspg', nowMs, params);
  },
});
