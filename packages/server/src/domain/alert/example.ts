import type { AlertMessage } from './message.js';

/** An alert as one may be, for previews: names of RFC 2606. */
export function exampleMessage(consoleUrl: string, at: number): AlertMessage {
  const finding = (name: string) => ({
    id: `fnd_example_${name}`,
    node: { id: `nod_example_${name}`, name: `${name}.example.com` },
    subject: 'ecelerity',
    severity: 'high' as const,
    state: 'open',
    summary: 'SSLv3 is offered by the listener on port 25.',
    violations: [
      {
        at: { file: '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf', line: 42 },
        found: 'TLS_Ciphers = "ALL:+SSLv3"',
        proposed: 'TLS_Ciphers = "ALL:-SSLv3"',
      },
    ],
    remediation: 'tls-protocols',
    openedAt: at,
    resolvedAt: null,
    acknowledgement: null,
    url: `${consoleUrl}/findings/fnd_example_${name}`,
  });
  return {
    type: 'alert.firing',
    reason: 'opened',
    at,
    alert: {
      id: 'alr_example',
      key: 'castellan/example/alr_example',
      control: 'MOM-TLS-001',
      title: 'SSLv3 is off',
      group: 'production',
      severity: 'high',
      state: 'open',
      openedAt: at,
      endedAt: null,
      url: `${consoleUrl}/alerts/alr_example`,
    },
    counts: { findings: 2, nodes: 2 },
    findings: [finding('mta1'), finding('mta2')],
    alerts: [],
    more: 0,
  };
}
