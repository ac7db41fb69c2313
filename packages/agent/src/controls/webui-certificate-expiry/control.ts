import { EXPIRY_PARAMS, judgeEach, judgeExpiry } from '../../knowledge/certificates/judge-pair.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-CRT-004',
  slug: 'webui-certificate-expiry',
  title: 'Web UI certificate in its time',
  severity: 'high',
  otherSeverities: ['critical', 'medium'],
  subject: 'webui certificate',
  reads: ['serviceCertificates'],
  sources: [manual3('executable.create_ssl_cert')],
  remediation: 'certificate-renew',
  params: EXPIRY_PARAMS,

  evaluate({ facts, params, nowMs }) {
    return judgeEach(facts, 'ecwebui', { whole: 'webui certificate', each: 'webui' }, (one) =>
      judgeExpiry(one, 'ecwebui', nowMs, params),
    );
  },
});
