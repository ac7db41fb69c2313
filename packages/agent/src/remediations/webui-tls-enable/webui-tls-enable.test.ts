import { describe, expect, it } from 'vitest';
import { contentOf, draft, plan } from '../../../testing/remediation.js';
import { givenTlsOff } from '../../../testing/tls-off.js';
import { nodeFiles } from '../../adapters/node-files.js';
import { apacheConfig } from '../../knowledge/apache/httpd-conf.js';
import { apacheHosts } from '../../knowledge/apache/virtual-hosts.js';
import webuiTlsEnable from './remediation.js';

const CONF = '/opt/msys/ecwebui/config/httpd.conf';
const PAIR = '/opt/msys/ecwebui/config/site/server';
const PLAIN = `Listen 80
<VirtualHost *:80>
\tServerName mail.example.com
\tDocumentRoot /opt/msys/ecwebui/htdocs
</VirtualHost>
`;

/** The facts of a file, as the collectors have them. */
function given(
  text: string,
  over: { readonly unknowns?: readonly unknown[]; readonly code?: number; readonly tls?: 'on' } = {},
) {
  const files = { [CONF]: text, '/opt/msys/ecwebui/config/site/.keep': '' };
  const root = givenTlsOff('ecwebui', files).root;
  const config = apacheConfig(nodeFiles(root), CONF);
  const hosts = apacheHosts(config);
  const decides = hosts.findLast(({ decidedBy }) => decidedBy !== null)?.decidedBy;
  const named = hosts.some(({ pairs }) => pairs.length > 0);
  return givenTlsOff('ecwebui', files, {
    code: over.code ?? 0,
    location: {
      tls: over.tls ?? 'off',
      decidedBy: decides ?? { file: CONF },
      ...(named ? {} : { isUnnamed: true }),
    },
    facts: {
      webuiHttpd: {
        path: CONF,
        state: 'parsed',
        unread: [],
        unknowns: over.unknowns ?? [],
        authority: { kind: 'not-asked', why: '' },
        listens: [{ line: 1, address: '*', port: 80 }],
        vhosts: hosts.flatMap(({ vhost }) => (vhost === null ? [] : [{ ...vhost, sslEngine: false }])),
        nameServiceCache: null,
      },
    },
  });
}

const SWITCHED = `<VirtualHost *:443>
  SSLEngine off
  SSLCertificateFile ${PAIR}.crt
  SSLCertificateKeyFile ${PAIR}.key
</VirtualHost>
`;

describe('webui-tls-enable', () => {
  it.each([
    ['the switch that is off', SWITCHED, SWITCHED.replace('off', 'on')],
    [
      'the switch that is off, with no pair named',
      '<VirtualHost *:443>\n\tsslengine\tOff\n</VirtualHost>\n',
      `<VirtualHost *:443>\n\tsslengine\ton\n\tSSLCertificateFile ${PAIR}.crt\n\tSSLCertificateKeyFile ${PAIR}.key\n</VirtualHost>\n`,
    ],
    [
      'no switch: a host like the one without TLS, in its indentation',
      PLAIN,
      `${PLAIN}Listen 443
<VirtualHost *:443>
\tServerName mail.example.com
\tDocumentRoot /opt/msys/ecwebui/htdocs
\tSSLEngine on
\tSSLProtocol all -SSLv2 -SSLv3
\tSSLCertificateFile ${PAIR}.crt
\tSSLCertificateKeyFile ${PAIR}.key
</VirtualHost>
`,
    ],
    [
      'no host at all',
      'Listen 80\n',
      `Listen 80
Listen 443
<VirtualHost *:443>
  ServerName mta1.example.com
  SSLEngine on
  SSLProtocol all -SSLv2 -SSLv3
  SSLCertificateFile ${PAIR}.crt
  SSLCertificateKeyFile ${PAIR}.key
</VirtualHost>
`,
    ],
  ])('%s', async (_, before, after) => {
    const made = await draft(webuiTlsEnable, given(before));
    expect(await contentOf(made, CONF)).toBe(after);
    expect(made.steps).toMatchObject([
      { files: [{ path: `${PAIR}.key` }, { path: `${PAIR}.crt` }] },
      { files: [{ path: CONF }] },
      { kind: 'service', service: 'ecwebui', action: 'restart' },
    ]);
  });

  it('looks for a new host at its port, and starts a web UI that is down', async () => {
    const made = await draft(webuiTlsEnable, given(PLAIN, { code: 3 }));
    expect(made.steps.at(-1)).toMatchObject({ action: 'start', servedBefore: { endpoint: { port: 443 } } });
  });

  it.each([
    ['TLS is on', SWITCHED, { tls: 'on' as const }, 'nothing'],
    [
      'a line was not understood',
      SWITCHED,
      { unknowns: [{ file: CONF, line: 3, why: 'IfDefine X' }] },
      'refused',
    ],
    ['several hosts are without TLS', PLAIN + PLAIN.replaceAll('80', '81'), {}, 'refused'],
    ['its port speaks without TLS', PLAIN.replaceAll('80', '443'), {}, 'refused'],
    ['the switch is a variable', SWITCHED.replace('off', 'off # no'), {}, 'refused'],
  ])('does nothing where %s', async (_, text, over, kind) => {
    expect(await plan(webuiTlsEnable, given(text, over))).toMatchObject({ kind });
  });
});
