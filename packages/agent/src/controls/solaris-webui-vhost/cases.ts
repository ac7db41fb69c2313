import { caseInstall } from '../../../testing/cases/node.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

const path = '/opt/msys/ecwebui/config/httpd.conf';
const vhost = {
  file: path,
  line: 8,
  address: '_default_:443',
  sslEngine: true,
  certificateFile: null,
  certificateKeyFile: null,
  serverName: null,
};
const facts =
  (httpd: Partial<Facts['webuiHttpd']>, family: 'linux' | 'solaris' | 'unknown' = 'solaris') =>
  (): Partial<Facts> => ({
    install: caseInstall({ os: { family, pretty: family } }),
    webuiHttpd: {
      path,
      state: 'parsed',
      unread: [],
      unknowns: [],
      authority: { kind: 'not-asked', why: 'the case has no programs' },
      listens: [],
      vhosts: [vhost],
      nameServiceCache: true,
      ...httpd,
    },
  });

export default defineCases([
  {
    name: 'the default host, with the cache on',
    facts: facts({}),
    expect: { status: 'fail', violations: 1, at: { file: path, line: 8 } },
  },
  { name: 'the cache is off', facts: facts({ nameServiceCache: false }), expect: { status: 'pass' } },
  {
    name: 'the cache cannot be told',
    facts: facts({ nameServiceCache: null }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a star in place of _default_',
    facts: facts({ vhosts: [{ ...vhost, address: '*:443' }] }),
    expect: { status: 'pass' },
  },
  {
    name: 'the file could not be read',
    facts: facts({ state: 'denied' }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'an included file that could not be read may hold the host',
    facts: facts({ vhosts: [], unread: ['/opt/msys/ecwebui/config/ssl.conf'] }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a line that was not understood may make the host',
    facts: facts({
      vhosts: [],
      unknowns: [{ file: path, line: 3, why: 'whether SSL is defined is not known' }],
    }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'httpd itself sees other hosts',
    facts: facts({
      vhosts: [],
      authority: {
        kind: 'differs',
        program: '/opt/msys/bin/httpd',
        onlyHttpd: ['_default_:443'],
        onlyFiles: [],
      },
    }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a system that nobody knows',
    facts: facts({}, 'unknown'),
    expect: { status: 'indeterminate' },
  },
  { name: 'no web UI', facts: facts({ state: 'missing' }), expect: { status: 'not-applicable' } },
  { name: 'Linux', facts: facts({}, 'linux'), expect: { status: 'not-applicable' } },
]);
