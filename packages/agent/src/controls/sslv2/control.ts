import { judgeProtocol } from '../../knowledge/tls/judge-protocol.js';
import { versionsServed } from '../../knowledge/tls/wire-rules.js';
import { withServed } from '../../knowledge/tls/with-served.js';
import { defineControl } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

export default defineControl({
  id: 'MOM-TLS-003',
  slug: 'sslv2',
  title: 'SSLv2 disabled',
  severity: 'high',
  subject: 'tls',
  reads: ['momentumConfig', 'momentumVersion', 'servedTls'],
  sources: [{ cite: 'RFC 6176' }, manual3('install.security'), manual3('conf.ref.tls_protocols')],
  remediation: 'tls-protocols',
  otherRemediations: ['config-reload'],
  params: {},

  evaluate({ facts }) {
    return withServed(judgeProtocol(facts, 'SSLv2', ['inbound', 'outbound']), {
      servedTls: facts.servedTls,
      control: this.id,
      whole: this.subject,
      says: (served) => versionsServed(served, ['SSLv2']),
    });
  },
});
