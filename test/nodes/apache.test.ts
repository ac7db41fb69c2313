import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePair } from '../../packages/agent/testing/pairs.js';
import { ECUSER, type Expected, HTTPD_CONF, laidNodes, type TestNode } from './node.js';

const newNode = laidNodes();
const WEB = '/opt/msys/ecwebui/config';
const SITE = `${WEB}/site`;
const vhost = (certificate = `${SITE}/server.crt`, key = `${SITE}/server.key`, more = '') =>
  `<VirtualHost *:443>\nSSLEngine on\nSSLCertificateFile ${certificate}\nSSLCertificateKeyFile ${key}\n${more}</VirtualHost>\n`;
const open = '$'.concat('{');
const PASSES: Expected = { 'MOM-CRT-003': 'pass', 'MOM-CRT-004': 'pass' };
const UNKNOWN: Expected = { 'MOM-CRT-003': 'indeterminate', 'MOM-CRT-004': 'indeterminate' };
const OFF: Expected = { 'MOM-CRT-003': 'fail', 'MOM-CRT-004': 'not-applicable' };

type Row = readonly [
  name: string,
  main: string,
  expected: Expected,
  others?: Readonly<Record<string, string>>,
];

const ROWS: readonly Row[] = [
  [
    'a path by Define',
    `Define site ${SITE}\nListen 443\n${vhost(`${open}site}/server.crt`, `${open}site}/server.key`)}`,
    PASSES,
  ],
  [
    'a path by a variable of the environment',
    `Listen 443\n${vhost(`${open}HOME_OF_IT}/server.crt`)}`,
    { 'MOM-CRT-003': 'indeterminate', 'MOM-CRT-004': ['indeterminate'] },
  ],
  [
    'TLS where SSL is defined, and no file does',
    `Listen 80\n<IfDefine SSL>\nListen 443\n${vhost()}</IfDefine>\n`,
    UNKNOWN,
  ],
  [
    'TLS where SSL is defined, and a line does',
    `Define SSL\n<IfDefine SSL>\nListen 443\n${vhost()}</IfDefine>\n`,
    PASSES,
  ],
  [
    'TLS where SSL is not defined, and a line does',
    `Define SSL\n<IfDefine !SSL>\nListen 443\n${vhost()}</IfDefine>\n`,
    OFF,
  ],
  ['a definition taken back', `Define SSL\nUnDefine SSL\n<IfDefine SSL>\n${vhost()}</IfDefine>\n`, OFF],
  [
    'an Include with a bracket pattern',
    `ServerRoot ${WEB}\nListen 443\nInclude sites/[^.#]*\n`,
    PASSES,
    { [`${WEB}/sites/webui`]: vhost('site/server.crt', 'site/server.key') },
  ],
  [
    'an Include with a pattern in a folder',
    `ServerRoot ${WEB}\nListen 443\nIncludeOptional sites/*/ssl.conf\n`,
    PASSES,
    { [`${WEB}/sites/webui/ssl.conf`]: vhost('site/server.crt', 'site/server.key') },
  ],
  ['an Include of a folder', `Listen 443\nInclude ${WEB}/sites\n`, PASSES, { [`${WEB}/sites/a/b`]: vhost() }],
  ['a pattern that finds nothing', `Listen 443\nInclude ${WEB}/sites/*.conf\n`, OFF],
  ['an Include that is not there', `Listen 443\nInclude ${WEB}/gone.conf\n`, UNKNOWN],
  ['an optional one that is not there', `Listen 443\nIncludeOptional ${WEB}/gone.conf\n${vhost()}`, PASSES],
  [
    'a host made by a macro',
    `Listen 443\n<Macro W $name>\n<VirtualHost *:443>\nServerName $name.example\nSSLEngine on\nSSLCertificateFile ${SITE}/$name.crt\nSSLCertificateKeyFile ${SITE}/$name.key\n</VirtualHost>\n</Macro>\nUse W server\n`,
    PASSES,
  ],
  ['a macro that no line uses', `Listen 443\n<Macro W>\n${vhost()}</Macro>\n`, OFF],
  ['a macro that is not there', `Listen 443\nUse W\n`, UNKNOWN],
  [
    'lines that go on',
    `Listen 443\n<VirtualHost \\\n*:443>\nSSL\\\nEngine on\nSSLCertificateFile \\\n  ${SITE}/server.crt\nSSLCertificateKeyFile ${SITE}/server.key\n</VirtualHost>\n`,
    PASSES,
  ],
  ['a comment that goes on over SSLEngine', '# x \\\nSSLEngine on\nListen 80\n', OFF],
  [
    'IfModule of the TLS that other lines show',
    `Listen 443\n<IfModule mod_ssl.c>\nSSLProtocol all\n</IfModule>\n${vhost()}`,
    PASSES,
  ],
  ['IfModule that decides alone', `Listen 443\n<IfModule mod_ssl.c>\n${vhost()}</IfModule>\n`, UNKNOWN],
  [
    'IfModule after LoadModule',
    `LoadModule ssl_module modules/mod_ssl.so\nListen 443\n<IfModule ssl_module>\n${vhost()}</IfModule>\n`,
    PASSES,
  ],
  [
    'IfModule without TLS where it is loaded',
    `LoadModule ssl_module modules/mod_ssl.so\n<IfModule !mod_ssl.c>\n${vhost()}</IfModule>\n`,
    OFF,
  ],
  [
    'IfFile of a file that is there',
    `Listen 443\n<IfFile ${SITE}/server.crt>\n${vhost()}</IfFile>\n`,
    PASSES,
  ],
  ['IfFile of one that is not', `Listen 443\n<IfFile ${SITE}/none>\n${vhost()}</IfFile>\n`, OFF],
  ['IfVersion', `Listen 443\n<IfVersion >= 2.4>\n${vhost()}</IfVersion>\n`, UNKNOWN],
  ['a section of another module', `Listen 443\n<Perl>\n1;\n</Perl>\n${vhost()}`, UNKNOWN],
  ['SSLEngine off last', `Listen 443\n${vhost(undefined, undefined, 'SSLEngine off\n')}`, OFF],
  [
    'SSLEngine off where X is defined',
    `Listen 443\n${vhost(undefined, undefined, '<IfDefine X>\nSSLEngine off\n</IfDefine>\n')}`,
    UNKNOWN,
  ],
  [
    'SSLEngine of the main server',
    `Listen 443\nSSLEngine on\nSSLCertificateFile ${SITE}/server.crt\nSSLCertificateKeyFile ${SITE}/server.key\n`,
    PASSES,
  ],
  [
    'https by its port alone',
    `Listen 443\n<VirtualHost *:443>\nSSLCertificateFile ${SITE}/server.crt\nSSLCertificateKeyFile ${SITE}/server.key\n</VirtualHost>\n`,
    PASSES,
  ],
  [
    'http by its port alone',
    `Listen 80\n<VirtualHost *:80>\nSSLCertificateFile ${SITE}/server.crt\nSSLCertificateKeyFile ${SITE}/server.key\n</VirtualHost>\n`,
    OFF,
  ],
  [
    'TLS on and no certificate named',
    'Listen 443\n<VirtualHost *:443>\nSSLEngine on\n</VirtualHost>\n',
    { 'MOM-CRT-003': 'fail' },
  ],
  [
    'a certificate that is not there, beside what is not understood',
    `Listen 443\n<IfDefine X>\n${vhost()}</IfDefine>\n${vhost(`${SITE}/gone.crt`)}`,
    { 'MOM-CRT-003': 'fail' },
  ],
];

function having(main: string, others: Readonly<Record<string, string>> = {}): TestNode {
  const node = newNode().write(HTTPD_CONF, main, ECUSER);
  for (const [path, text] of Object.entries(others)) node.write(path, text, ECUSER);
  return node;
}

test.each(ROWS.map((row) => [row[0], row] as const))('%s', async (_, [, main, expected, others]) => {
  await having(main, others).says(expected);
});

describe('several pairs', () => {
  let over: Awaited<ReturnType<typeof makePair>>;
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'castellan-pairs-'));
    over = await makePair({ notBefore: new Date('2024-01-01'), notAfter: new Date('2025-01-01') });
    const at = (name: string) => join(folder, name);
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '300',
        '-subj',
        '/CN=ec.example',
        '-keyout',
        at('ec.key'),
        '-out',
        at('ec.crt'),
      ],
      { stdio: 'ignore' },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const both = (main: string) =>
    having(main)
      .write(`${SITE}/rsa.crt`, over.certificatePem, ECUSER)
      .write(`${SITE}/rsa.key`, over.keyPem, { ...ECUSER, mode: 0o644 })
      .write(`${SITE}/ec.crt`, readFileSync(join(folder, 'ec.crt')), ECUSER)
      .write(`${SITE}/ec.key`, readFileSync(join(folder, 'ec.key')), { ...ECUSER, mode: 0o600 });
  const second = `SSLCertificateFile ${SITE}/ec.crt\nSSLCertificateKeyFile ${SITE}/ec.key\n`;

  test('RSA beside ECDSA: each is judged, under a subject that does not change with their order', async () => {
    const verdicts = await both(`Listen 443\n${vhost(`${SITE}/rsa.crt`, `${SITE}/rsa.key`, second)}`).says({
      'MOM-CRT-003': 'pass',
      'MOM-CRT-004': 'fail',
      'MOM-CRT-009': 'fail',
    });
    const ages = verdicts.filter(({ control }) => control === 'MOM-CRT-004');
    expect(
      Object.fromEntries(ages.map(({ subject, status }) => [subject.split(' ').at(-1), status])),
    ).toEqual({
      [`${SITE}/rsa.crt`]: 'fail',
      [`${SITE}/ec.crt`]: 'pass',
    });
    expect(ages.find(({ status }) => status === 'fail')?.severity).toBe('critical');
  });

  test('a second virtual host', async () => {
    const main = `Listen 443\n${vhost()}${vhost(`${SITE}/rsa.crt`, `${SITE}/rsa.key`, 'ServerName b.example\n')}`;
    await both(main).says({ 'MOM-CRT-003': 'pass', 'MOM-CRT-004': 'fail' });
  });

  test.each(['SSLCertificateChainFile', 'the certificate’s own file'])(
    'an expired intermediate in %s',
    async (where) => {
      const isApart = where.startsWith('SSL');
      const more = isApart ? `SSLCertificateChainFile ${SITE}/rsa.crt\n` : '';
      const node = both(`Listen 443\n${vhost(undefined, undefined, more)}`);
      if (!isApart) node.edit(`${SITE}/server.crt`, (text) => `${text}${over.certificatePem}`);
      await node.says({ 'MOM-CRT-003': 'pass', 'MOM-CRT-004': 'fail' });
    },
  );

  test.each([
    ['exec:/opt/msys/ecwebui/bin/pass', 'indeterminate'],
    ['"|/opt/msys/ecwebui/bin/pass"', 'indeterminate'],
    ['builtin', 'fail'],
  ] as const)('a key with a pass phrase and SSLPassPhraseDialog %s', async (dialog, status) => {
    const node = having(`Listen 443\nSSLPassPhraseDialog ${dialog}\n${vhost()}`);
    execFileSync(
      'openssl',
      [
        'rsa',
        '-aes128',
        '-passout',
        'pass:of-the-test',
        '-in',
        node.at(`${SITE}/server.key`),
        '-out',
        node.at(`${SITE}/enc.key`),
      ],
      { stdio: 'ignore' },
    );
    node.edit(HTTPD_CONF, (text) => text.replace('server.key', 'enc.key'));
    node.give(`${SITE}/enc.key`, { ...ECUSER, mode: 0o600 });
    await node.says({ 'MOM-CRT-003': status });
  });
});
