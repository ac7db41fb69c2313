import { judgeEach, judgePair } from '../../knowledge/certificates/judge-pair.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-CRT-003',
  slug: 'webui-tls',
  title: 'Web UI TLS key and certificate present',
  severity: 'high',
  subject: 'webui',
  reads: ['serviceCertificates'],
  sources: [manual3('install.security'), manual3('executable.create_ssl_cert')],
  remediation: 'certificate-renew',
  otherRemediations: ['webui-tls-enable'],
  params: {},

  evaluate({ facts }) {
    return judgeEach(facts, 'ecwebui', { whole: 'webui', each: 'webui' }, (one) => judgePair(one, 'ecwebui'));
  },
});
