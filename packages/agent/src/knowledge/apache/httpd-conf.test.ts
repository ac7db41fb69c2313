import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { RESOLVED_LENGTH_MAX } from './definitions.js';
import { fnmatch } from './fnmatch.js';
import { apacheConfig, listenAddress } from './httpd-conf.js';
import { bearingOf } from './known-directives.js';
import { EXPANDED_LENGTH_MAX, MACRO_DEPTH_MAX, MACRO_USES_MAX } from './macros.js';
import { INCLUDE_DEPTH_MAX, INCLUDED_FILES_MAX, LINES_MAX, UNKNOWNS_MAX } from './reader.js';
import { apacheHosts } from './virtual-hosts.js';

const MAIN = '/etc/httpd.conf';
let tree: TestTree;
beforeEach(() => {
  tree = new TestTree();
});
afterEach(() => tree.remove());

function read(main: string, others: Readonly<Record<string, string>> = {}) {
  tree.put(MAIN, main);
  for (const [path, text] of Object.entries(others)) tree.put(path, text);
  return apacheConfig(tree.files, MAIN);
}
const told = (main: string, others?: Readonly<Record<string, string>>) =>
  read(main, others).directives.map((d) => [d.name, ...d.args].join(' '));
const whys = (main: string, others?: Readonly<Record<string, string>>) =>
  read(main, others).unknowns.map(({ why }) => why);

describe('directives', () => {
  test('names in any case, arguments with quotes, comments and blank lines', () => {
    expect(told("# SSLEngine on\n\n  sslENGINE On\r\nServerName \"a b\"\nServerName 'c\\'d'\n")).toEqual([
      'sslengine On',
      'servername a b',
      "servername c'd",
    ]);
  });

  test('a line that goes on is told by where it begins; a comment goes on too', () => {
    const { directives } = read('Listen 1\nList\\\nen \\\n  443\n# no \\\nListen 2\nListen 3\n');
    expect(directives.map((d) => [d.args[0], d.line])).toEqual([
      ['1', 1],
      ['443', 2],
      ['3', 7],
    ]);
  });

  test('belong to the virtual host around them; what stands in sections of requests does not', () => {
    const config = read(
      'Listen 1\n<VirtualHost _default_:443 [::1]:443>\n<Location /x>\nSSLEngine off\n</Location>\nSSLEngine on\n</VirtualHost>\nListen 2\n',
    );
    expect(config.directives.map((d) => [d.name, d.vhost?.address ?? null])).toEqual([
      ['listen', null],
      ['<virtualhost>', '_default_:443 [::1]:443'],
      ['sslengine', '_default_:443 [::1]:443'],
      ['listen', null],
    ]);
    expect(config.unknowns).toMatchObject([{ line: 4 }]);
  });

  test('paths are below ServerRoot; without one they are not known', () => {
    expect(told('ServerRoot "/opt/web/"\nSSLCertificateKeyFile ssl/../a.key\n')).toEqual([
      'sslcertificatekeyfile /opt/web/a.key',
    ]);
    expect(whys('SSLCertificateFile a.crt\n')).toEqual([expect.stringContaining('ServerRoot')]);
  });

  test('that are not known are unknown, and their arguments are not told', () => {
    expect(read('Fancy secret\n<Perl>\n<VirtualHost x>\n</Perl>\nListen 1\n').unknowns).toMatchObject([
      { line: 1, text: 'fancy' },
      { line: 2, text: '<perl>' },
    ]);
  });
});

describe('variables and conditions', () => {
  test.each([
    [`Define p 443\nListen \${P}\n`, ['listen 443']],
    [`Define p 443\nUnDefine p\nListen \${p}\n`, []],
    [`Listen \${ENV}\n`, []],
    ['Define A\n<IfDefine A>\nListen 1\n</IfDefine>\n<IfDefine !A>\nListen 2\n</IfDefine>\n', ['listen 1']],
    ['UnDefine A\n<IfDefine A>\nListen 1\n</IfDefine>\n', []],
    ['<IfDefine A>\nListen 1\n</IfDefine>\n', []],
    [
      '<IfFile /etc/httpd.conf>\nListen 1\n</IfFile>\n<IfFile !/etc/httpd.conf>\nListen 2\n</IfFile>\n',
      ['listen 1'],
    ],
    ['LoadModule ssl_module a.so\n<IfModule mod_ssl.c>\nListen 1\n</IfModule>\n', ['listen 1']],
    ['<IfModule !mod_ssl.c>\nListen 1\n</IfModule>\nSSLEngine on\n', ['sslengine on']],
    ['<IfModule ssl_module>\nListen 1\n</IfModule>\nSSLEngine on\n', ['listen 1', 'sslengine on']],
    ['<IfVersion >= 2.4>\nListen 1\n</IfVersion>\n', []],
    [`<IfDefine X>\nDefine p 1\n</IfDefine>\nListen \${p}\n`, []],
  ])('%j', (main, expected) => {
    expect(told(main)).toEqual(expected);
  });

  test.each([
    `Listen \${ENV}\n`,
    '<IfDefine A>\nListen 1\n</IfDefine>\n',
    '<IfModule mod_ssl.c>\nListen 1\n</IfModule>\n',
    '<IfModule mod_ssl.c>\nListen 1\n</IfModule>\nLoadModule ssl_module a.so\nSSLEngine on\n',
    '<IfVersion >= 2.4>\nListen 1\n</IfVersion>\n',
    `<IfDefine X>\nDefine p 1\n</IfDefine>\nListen \${p}\n`,
    '<IfDefine X>\nInclude /x.conf\n</IfDefine>\n',
    'Listen 1 \\\\\nListen 2\n',
    '<VirtualHost *:1>\n',
    '</VirtualHost>\n',
    '<VirtualHost *:1>\n<VirtualHost *:2>\n</VirtualHost>\n</VirtualHost>\n',
    'SSLEngine on off\n',
  ])('unknown: %j', (main) => {
    expect(whys(main, { '/x.conf': 'SSLEngine on\n' })).not.toEqual([]);
  });
});

describe('macros', () => {
  test('with parameters, the longest name first, nested and in other macros', () => {
    expect(
      told(
        '<Macro V $n $name>\n<VirtualHost $name:$n>\nUse S on\n</VirtualHost>\n</Macro>\n<Macro S $x>\nSSLEngine $x\n</Macro>\nUse v 1 h\n',
      ),
    ).toEqual(['<virtualhost> h:1', 'sslengine on']);
  });
  test('that no line uses make nothing; what cannot be used is unknown', () => {
    expect([told('<Macro V>\nListen 1\n</Macro>\n'), whys('<Macro V>\nListen 1\n</Macro>\n')]).toEqual([
      [],
      [],
    ]);
    for (const main of [
      'Use V\n',
      '<Macro V>\nUse V\n</Macro>\nUse V\n',
      '<Macro V $a>\n</Macro>\nUse V\n',
      '<Macro V>\n',
    ])
      expect(whys(main)).toHaveLength(1);
  });
});

describe('included files', () => {
  test('stand where they are included, in the virtual host around that line, with their own lines', () => {
    const { directives } = read('<VirtualHost *:443>\nInclude /etc/ssl.conf\n</VirtualHost>\nListen 9\n', {
      '/etc/ssl.conf': '\nSSLEngine on\n',
    });
    expect(directives[1]).toMatchObject({ file: '/etc/ssl.conf', line: 2, vhost: { file: MAIN, line: 1 } });
    expect(directives.at(-1)?.name).toBe('listen');
  });

  test('by pattern in any part, by folder with all that is below it, in order', () => {
    const others = {
      '/etc/d/b.conf': 'Listen 2',
      '/etc/d/a.conf': 'Listen 1',
      '/etc/d/.x.conf': 'Listen 9',
      '/etc/e/sub/f': 'Listen 3',
      '/etc/s/one/ssl.conf': 'Listen 4',
      '/etc/s/file': 'Listen 9',
    };
    expect(
      told('ServerRoot /etc\nInclude d/*.conf\nInclude e\nInclude s/*/ssl.conf\nInclude d/[!b.]*\n', others),
    ).toEqual(['listen 1', 'listen 2', 'listen 3', 'listen 4', 'listen 1']);
  });

  test.each([
    ['?.conf', 'ab.conf', false],
    ['a*b*c', 'a1b2b3c', true],
    ['a*b*c', 'a1b2b3', false],
    ['[^.#]*', 'webui', true],
    ['[^.#]*', '.webui', false],
    ['[c]onf', 'conf', true],
    ['[a-c]', 'd', false],
    ['[]]', ']', true],
    ['[x', '[x', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['.*', '.a', true],
  ])('%s and %s', (pattern, name, fits) => {
    expect(fnmatch(pattern)(name)).toBe(fits);
  });

  test('that are not there are unread, unless they are optional or a pattern', () => {
    expect(read('Include /gone.conf\n').unread).toEqual([{ path: '/gone.conf', problem: 'missing' }]);
    expect(read('IncludeOptional /gone.conf\nInclude /gone/*.conf\n').unread).toEqual([]);
    expect(apacheConfig(tree.files, '/none.conf').unread).toEqual([
      { path: '/none.conf', problem: 'missing' },
    ]);
  });
});

describe('bounds', () => {
  test(`a file that includes itself ends after ${INCLUDE_DEPTH_MAX} times, and that is told`, () => {
    const { directives, unread } = read(`Listen 1\nInclude ${MAIN}\n`);
    expect(directives).toHaveLength(INCLUDE_DEPTH_MAX + 1);
    expect(unread).toEqual([{ path: MAIN, problem: 'too-many' }]);
  });

  test(`of more than ${INCLUDED_FILES_MAX} files the rest is unread; a folder with links to itself has an end`, () => {
    for (let i = 0; i <= INCLUDED_FILES_MAX; i += 1) tree.put(`/etc/d/${i}.conf`, 'Listen 1');
    expect(read('Include /etc/d/*.conf\n').directives).toHaveLength(INCLUDED_FILES_MAX - 1);
    for (const name of ['x', 'y', 'z']) tree.link('/etc/l', `/etc/l/${name}`);
    expect(read('Include /etc/l\n').unread.length).toBeLessThanOrEqual(INCLUDED_FILES_MAX);
  });

  test('lines, unknowns, uses and depth of macros, and lengths', () => {
    expect(whys('Listen 1\n'.repeat(LINES_MAX))).toEqual([]);
    expect(whys('Listen 1\n'.repeat(LINES_MAX + 1))).toEqual([`more than ${LINES_MAX} lines`]);
    expect(whys('Fancy\n'.repeat(UNKNOWNS_MAX + 9))).toHaveLength(UNKNOWNS_MAX);
    const use = (count: number) => `<Macro V>\nListen 1\n</Macro>\n${'Use V\n'.repeat(count)}`;
    expect([whys(use(MACRO_USES_MAX)), whys(use(MACRO_USES_MAX + 1)).length]).toEqual([[], 1]);
    const nest = (depth: number) =>
      `${Array.from({ length: depth }, (_, i) => `<Macro m${i}>\nUse m${i + 1}\n</Macro>\n`).join('')}<Macro m${depth}>\nListen 1\n</Macro>\nUse m0\n`;
    expect([whys(nest(MACRO_DEPTH_MAX - 1)), whys(nest(MACRO_DEPTH_MAX)).length]).toEqual([[], 1]);
    const long = 'a'.repeat(EXPANDED_LENGTH_MAX / 1024);
    const grow = (count: number) =>
      `<Macro V $a>\nServerAdmin ${'$a'.repeat(count)}\n</Macro>\nUse V ${long}\n`;
    expect([whys(grow(1000)), whys(grow(1024)).length]).toEqual([[], 1]);
    const doubled = `Define a aa\n${`Define a \${a}\${a}\n`.repeat(40)}ServerName \${a}\n`;
    expect([whys(doubled).length, RESOLVED_LENGTH_MAX < 2 ** 40]).toEqual([1, true]);
  });

  test('sections inside of one another overflow no stack', () => {
    expect(whys('<Location /x>\n'.repeat(50_000) + '</Location>\n'.repeat(50_000))).toEqual([]);
  });
});

test('hosts: pairs by their place, what the main server gives, and https by the listener', () => {
  const hosts = apacheHosts(
    read(
      'Listen 443\nListen 8443 https\nSSLCertificateFile /g1\nSSLCertificateFile /g2\nSSLCertificateKeyFile /k1\n<VirtualHost *:443>\nSSLCertificateFile /a\n</VirtualHost>\n<VirtualHost *:8443>\nSSLEngine off\n</VirtualHost>\n',
    ),
  );
  expect(hosts.map(({ engine, pairs }) => [engine, pairs])).toMatchObject([
    [
      'on',
      [
        { certificatePath: '/g1', keyPath: '/k1' },
        { certificatePath: '/g2', keyPath: '/g2' },
      ],
    ],
    [
      'on',
      [
        { certificatePath: '/a', keyPath: '/k1' },
        { certificatePath: '/g2', keyPath: '/g2' },
      ],
    ],
    ['off', expect.anything()],
  ]);
});

/** Core's containers and what steers the reading, each answered one way. */
test.each([
  [
    'understood',
    '<virtualhost <ifdefine <ifmodule <iffile <ifversion <ifdirective <ifsection <macro define undefine include includeoptional serverroot loadmodule use undefmacro listen servername sslengine sslcertificatefile sslcertificatekeyfile sslcertificatechainfile sslpassphrasedialog protocol',
  ],
  [
    'without bearing',
    '<directory <directorymatch <location <locationmatch <files <filesmatch <limit <limitexcept <proxy <proxymatch <if <elseif <else <requireall <requireany <requirenone <authnprovideralias <authzprovideralias sslcacertificatefile sslprotocol sslproxyengine sslverifyclient namevirtualhost serveralias documentroot options loglevel',
  ],
  [
    'unknown',
    '<perl <mdomain <mdomainset mdomain mdcertificatefile error sslopensslconfcmd loadfile port tlsengine nssengine gnutlsenable perlconfigrequire',
  ],
])('%s', (bearing, names) => {
  for (const name of names.split(' ')) expect([name, bearingOf(name)]).toEqual([name, bearing]);
});

test.each<[string, { address: string; port: number } | null]>([
  ['443', { address: '*', port: 443 }],
  ['127.0.0.1:443', { address: '127.0.0.1', port: 443 }],
  ['[::1]:443', { address: '::1', port: 443 }],
  ['*:443', { address: '*', port: 443 }],
  ['_default_:443', { address: '_default_', port: 443 }],
  ['0', null],
  ['65536', null],
  ['mta1.example.com', null],
  ['', null],
])('Listen %s', (arg, address) => {
  expect(listenAddress(arg)).toEqual(address);
});
