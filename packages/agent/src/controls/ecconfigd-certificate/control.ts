import { EXPIRY_PARAMS, judgeExpiry, judgePair, serviceOf } from '../../knowledge/certificates/judge-pair.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-CRT-006',
  slug: 'ecconfigd-certificate',
  title: 'ecconfigd certificate valid',
  severity: 'critical',
  otherSeverities: ['high', 'medium'],
  subject: 'ecconfigd certificate',
  reads: ['serviceCertificates'],
  sources: [manual3('executable.create_ssl_cert')],
  remediation: 'certificate-renew',
  params: EXPIRY_PARAMS,

  evaluate({ facts, params, nowMs }) {
    const service = serviceOf(facts, 'ecconfigd');
    const pair = judgePair(service, 'ecconfigd');
    if (pair.status !== 'pass') return pair;
    return judgeExpiry(service, 'ecconfigd', nowMs, params);
  },
});
