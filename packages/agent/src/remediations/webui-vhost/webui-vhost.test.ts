import { describe, expect, it } from 'vitest';
import { contentOf, draft, plan } from '../../../testing/remediation.js';
import { givenTlsOff } from '../../../testing/tls-off.js';
import webuiVhost from './remediation.js';

const CONF = '/opt/msys/ecwebui/config/httpd.conf';

function given(
  open: string,
  {
    family = 'solaris',
    sslEngine = true,
    code = 1,
  }: { family?: string; sslEngine?: boolean; code?: number } = {},
) {
  const address = /<VirtualHost (.*)>/i.exec(open)?.[1] ?? '_default_:443';
  return givenTlsOff(
    'ecwebui',
    { [CONF]: `Listen 443\n${open}\n  SSLEngine on\n</VirtualHost>\n` },
    {
      code,
      location: { tls: 'on' },
      facts: {
        install: { serviceUser: null, databaseUser: null, os: { family } },
        webuiHttpd: {
          path: CONF,
          state: 'parsed',
          unread: [],
          unknowns: [],
          vhosts: [{ file: CONF, line: 2, address, sslEngine }],
          nameServiceCache: true,
        },
      },
    },
  );
}

describe('webui-vhost', () => {
  it.each([
    ['<VirtualHost _default_:443>', '<VirtualHost *:443>'],
    ['<virtualhost  _DEFAULT_:443  >', '<virtualhost  *:443  >'],
    ['<VirtualHost 192.0.2.1:443 _default_:443>', '<VirtualHost 192.0.2.1:443 *:443>'],
  ])('%s', async (before, after) => {
    const made = await draft(webuiVhost, given(before));
    expect(await contentOf(made, CONF)).toBe(`Listen 443\n${after}\n  SSLEngine on\n</VirtualHost>\n`);
    expect(made.steps).toMatchObject([{ files: [{ path: CONF }] }, { service: 'ecwebui', action: 'start' }]);
  });

  it.each([
    ['Linux', '<VirtualHost _default_:443>', { family: 'linux' }, 'nothing'],
    ['a host without SSL', '<VirtualHost _default_:443>', { sslEngine: false }, 'nothing'],
    ['a named host', '<VirtualHost *:443>', {}, 'nothing'],
    ['a host that a macro opens', 'Use TlsHost', {}, 'refused'],
    ['a web UI whose state is not known', '<VirtualHost _default_:443>', { code: 127 }, 'refused'],
  ])('does nothing for %s', async (_, open, over, kind) => {
    expect(await plan(webuiVhost, given(open, over))).toMatchObject({ kind });
  });
});
