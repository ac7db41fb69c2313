import { judgeProtocol } from '../../knowledge/tls/judge-protocol.js';
import { versionsServed } from '../../knowledge/tls/wire-rules.js';
import { withServed } from '../../knowledge/tls/with-served.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-TLS-001',
  slug: 'sslv3-inbound',
  title: 'SSLv3 disabled, inbound (POODLE)',
  severity: 'high',
  subject: 'inbound',
  reads: ['momentumConfig', 'momentumVersion', 'servedTls'],
  sources: [{ cite: 'CVE-2014-3566' }, manual3('install.security'), manual3('conf.ref.tls_protocols')],
  remediation: 'tls-protocols',
  otherRemediations: ['config-reload'],
  params: {},

  evaluate({ facts }) {
    return withServed(judgeProtocol(facts, 'SSLv3', ['inbound']), {
      servedTls: facts.servedTls,
      control: this.id,
      whole: this.subject,
      says: (served) => versionsServed(served, ['SSLv3']),
    });
  },
});
