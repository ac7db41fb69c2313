import { EXPIRY_PARAMS, judgeEach, judgeExpiry, judgePair } from '../../knowledge/certificates/judge-pair.js';
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
    return judgeEach(facts, 'ecconfigd', { whole: 'ecconfigd certificate', each: 'ecconfigd' }, (one) => {
      const pair = judgePair(one, 'ecconfigd');
      if (pair.status === 'fail' || pair.status === 'not-applicable') return pair;
      // A pair that cannot be compared may have expired all the same.
      const expiry = judgeExpiry(one, 'ecconfigd', nowMs, params);
      const { certificates } = expiry;
      return expiry.status === 'fail' || pair.status === 'pass'
        ? expiry
        : { ...pair, ...(certificates ? { certificates } : {}) };
    });
  },
});
