import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { apacheConfig, INCLUDE_DEPTH_MAX, INCLUDED_FILES_MAX, listenAddress } from './httpd-conf.js';

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

describe('directives', () => {
  test('names in any case, arguments with quotes, comments and blank lines', () => {
    expect(told('# SSLEngine on\n\n  sslENGINE On\r\nServerName "a b" \'c d\' e # f\n')).toEqual([
      'sslengine On',
      'servername a b c d e # f',
    ]);
  });

  test('a line that goes on is told by where it begins', () => {
    const { directives } = read('A\nListen \\\n  443\nB\n');
    expect(directives.map((d) => [d.name, d.line])).toEqual([
      ['a', 1],
      ['listen', 2],
      ['b', 4],
    ]);
    expect(directives[1]?.args).toEqual(['443']);
  });

  test('belong to the virtual host around them, through other sections', () => {
    const { directives } = read(
      'A\n<IfModule ssl>\n<VirtualHost _default_:443 [::1]:443>\n<Location /x>\nB\n</Location>\n</VirtualHost>\nC\n</IfModule>\n',
    );
    expect(directives.map((d) => [d.name, d.vhost?.line ?? null, d.vhost?.address ?? null])).toEqual([
      ['a', null, null],
      ['<virtualhost>', 3, '_default_:443 [::1]:443'],
      ['b', 3, '_default_:443 [::1]:443'],
      ['c', null, null],
    ]);
  });

  test('paths of keys and certificates are below ServerRoot, which is the main file’s folder by default', () => {
    expect(
      told('SSLCertificateFile a.crt\nServerRoot "/opt/web/"\nSSLCertificateKeyFile ssl/a.key\n'),
    ).toEqual([
      'sslcertificatefile /etc/a.crt',
      'serverroot /opt/web/',
      'sslcertificatekeyfile /opt/web/ssl/a.key',
    ]);
  });
});

describe('included files', () => {
  test('stand where they are included, in the virtual host around that line, with their own names and lines', () => {
    const { directives } = read('<VirtualHost *:443>\nInclude /etc/ssl.conf\n</VirtualHost>\nLast\n', {
      '/etc/ssl.conf': '\nSSLEngine on\n',
    });
    expect(directives.find((d) => d.name === 'sslengine')).toMatchObject({
      file: '/etc/ssl.conf',
      line: 2,
      vhost: { file: MAIN, line: 1 },
    });
    expect(directives.at(-1)?.name).toBe('last');
  });

  test('by wildcard in order and without dotfiles, by folder with what is below it', () => {
    const others = {
      '/etc/d/b.conf': 'B',
      '/etc/d/a.conf': 'A',
      '/etc/d/.x.conf': 'X',
      '/etc/d/c.txt': 'C',
      '/etc/e/sub/f': 'F',
    };
    expect(told('Include d/*.conf\nInclude e\n', others)).toEqual([
      'include d/*.conf',
      'a',
      'b',
      'include e',
      'f',
    ]);
  });

  test.each([
    ['*.conf', 'a.conf', true],
    ['?.conf', 'a.conf', true],
    ['?.conf', 'ab.conf', false],
    ['a*b*c', 'a1b2b3c', true],
    ['a*b*c', 'a1b2b3', false],
    ['a.c*', 'abc', false],
  ])('%s and %s', (pattern, name, fits) => {
    expect(told(`Include d/${pattern}\n`, { [`/etc/d/${name}`]: 'Here' }).includes('here')).toBe(fits);
  });

  test('that are not there are unread, unless they are optional or a wildcard', () => {
    expect(read('Include gone.conf\n').unread).toEqual([{ path: '/etc/gone.conf', problem: 'missing' }]);
    expect(read('IncludeOptional gone.conf\nInclude gone/*.conf\n').unread).toEqual([]);
  });

  test('the main file itself may be missing, or a folder', () => {
    expect(apacheConfig(tree.files, '/none.conf')).toMatchObject({
      directives: [],
      unread: [{ path: '/none.conf', problem: 'missing' }],
    });
    tree.put('/folder/');
    expect(apacheConfig(tree.files, '/folder').unread).toMatchObject([{ problem: 'directory' }]);
  });

  test(`a file that includes itself ends after ${INCLUDE_DEPTH_MAX} times, and that is told`, () => {
    const { directives, unread } = read(`A\nInclude ${MAIN}\n`);
    expect(directives.filter((d) => d.name === 'a')).toHaveLength(INCLUDE_DEPTH_MAX + 1);
    expect(unread).toEqual([{ path: MAIN, problem: 'too-many' }]);
  });

  test('a folder with links to itself has an end', () => {
    for (const name of ['x', 'y', 'z']) tree.link('/etc/d', `/etc/d/${name}`);
    const { unread } = read('Include d\n');
    expect(unread.length).toBeGreaterThan(0);
    expect(unread.length).toBeLessThanOrEqual(INCLUDED_FILES_MAX);
  });

  test(`of more than ${INCLUDED_FILES_MAX} files the rest is unread`, () => {
    for (let i = 0; i <= INCLUDED_FILES_MAX; i += 1) tree.put(`/etc/d/${i}.conf`, 'A');
    const { directives, unread } = read('Include d/*.conf\n');
    expect(directives.filter((d) => d.name === 'a')).toHaveLength(INCLUDED_FILES_MAX - 1);
    expect(unread.map(({ problem }) => problem)).toEqual(['too-many', 'too-many']);
  });
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
