import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Io, STDIN } from './io.js';
import { run } from './program.js';

const TESTING = fileURLToPath(new URL('../../testing', import.meta.url));
const CONF = join(TESTING, 'conf');
const MAIN = 'etc/conf/default/ecelerity.conf';
const UPDATE = process.env.UPDATE === '1';

/** Name of the golden, and the words of the command line; a third member is what stands on stdin. */
const CASES: readonly (readonly [name: string, argv: readonly string[], stdin?: string])[] = [
  ['check', ['check', MAIN, 'broken.conf']],
  ['check-valid', ['check', MAIN]],
  ['check-json', ['check', 'broken.conf', '--format', 'json']],
  ['check-sarif', ['check', 'broken.conf', '--format', 'sarif']],
  ['check-sarif-valid', ['check', MAIN, '--format', 'sarif']],
  ['check-follow', ['check', '--follow', 'unread.conf']],
  ['check-documented', ['check', '--dialect', 'documented', '-'], 'a = /x/y\nb = ( 10.0.0.0/8 )\n'],
  ['check-missing', ['check', 'nowhere.conf']],
  ['check-folder', ['check', 'etc']],
  ['print', ['print', 'untidy.conf']],
  ['print-stdin', ['print', '-'], 'a = = 1 }\n'],
  ['fmt', ['fmt', 'untidy.conf']],
  ['fmt-tab', ['fmt', '--indent', 'tab', 'untidy.conf']],
  ['fmt-write', ['fmt', '--write', 'untidy.conf']],
  ['fmt-check', ['fmt', '--check', 'untidy.conf', MAIN]],
  ['fmt-check-json', ['fmt', '--check', '--format', 'json', 'untidy.conf']],
  ['fmt-check-clean', ['fmt', '--check', MAIN]],
  ['fmt-clean', ['fmt', MAIN]],
  ['fmt-broken', ['fmt', '--check', 'broken.conf']],
  ['fmt-check-and-write', ['fmt', '--check', '--write', MAIN]],
  ['fmt-indent', ['fmt', '--indent', 'wide', MAIN]],
  ['fmt-stdin-write', ['fmt', '--write', '-'], 'a=1\n'],
  ['eval', ['eval', MAIN, 'TLS', '--scope', 'binding=bulk', '--scope', 'domain=a.example.net']],
  ['eval-json', ['eval', MAIN, 'tls_protocols', '--scope', 'domain=example.org', '--format', 'json']],
  ['eval-default', ['eval', MAIN, 'tls_engine']],
  ['eval-list-json', ['eval', MAIN, 'smtp_extensions', '--scope', 'esmtp_listener', '--format', 'json']],
  ['eval-not-set', ['eval', MAIN, 'tls_key']],
  [
    'eval-host',
    ['eval', MAIN, 'max_outbound_connections', '--scope', 'binding=gold', '--scope', 'host=mx1.example.com'],
  ],
  ['eval-indeterminate', ['eval', 'unread.conf', 'tls_protocols']],
  ['eval-indeterminate-json', ['eval', 'unread.conf', 'tls_protocols', '--format', 'json']],
  ['eval-option-misspelt', ['eval', MAIN, 'tls_protocol']],
  ['eval-option-unknown', ['eval', MAIN, 'xyzzy']],
  ['eval-option-of-a-module', ['eval', '-', 'banner', '--scope', 'mymodule'], 'mymodule { banner = "x" }\n'],
  ['eval-scope-misspelt', ['eval', MAIN, 'tls', '--scope', 'bindings=bulk']],
  ['eval-scope-unknown', ['eval', MAIN, 'tls', '--scope', 'xyzzy']],
  ['eval-instance-misspelt', ['eval', MAIN, 'tls', '--scope', 'binding=bulkk']],
  ['eval-domain-not-declared', ['eval', MAIN, 'tls', '--scope', 'domain=example.com']],
  ['eval-old-release', ['eval', MAIN, 'tls_protocols', '--momentum', '3.6.5']],
  ['eval-old-release-json', ['eval', MAIN, 'tls_protocols', '--momentum', '3.6.5', '--format', 'json']],
  [
    'eval-default-of-a-release',
    ['eval', MAIN, 'idle_time', '--scope', 'http_listener', '--momentum', '3.6.5'],
  ],
  ['eval-no-release', ['eval', MAIN, 'tls', '--momentum', 'newest']],
  ['set-option-misspelt', ['set', MAIN, 'TLS_Protocol', '+ALL']],
  ['eval-scope-without-type', ['eval', MAIN, 'tls', '--scope', '=bulk']],
  ['tls', ['tls', MAIN]],
  ['tls-json', ['tls', MAIN, '--format', 'json']],
  ['tls-old-release', ['tls', MAIN, '--momentum', '3.6.5', '--openssl', '0.9.8e']],
  ['tls-gnutls', ['tls', 'gnutls.conf', '--momentum', '4.1.0.2']],
  [
    'tls-gnutls-json',
    ['tls', 'gnutls.conf', '--momentum', '4.1.0.2', '--gnutls', '3.1.5', '--format', 'json'],
  ],
  ['tls-no-release', ['tls', MAIN, '--momentum', '3.9']],
  ['tls-library', ['tls', MAIN, '--openssl', 'new']],
  ['set', ['set', MAIN, 'TLS_Protocols', '+ALL:-SSLv2:-SSLv3']],
  [
    'set-scope',
    ['set', MAIN, 'TLS_Verify', 'host', '--scope', 'binding=bulk', '--scope', 'domain=new.example'],
  ],
  ['set-write', ['set', MAIN, 'TLS', 'required', '--scope', 'binding=gold', '--write']],
  ['set-write-new', ['set', MAIN, 'TLS_Verify', 'ca', '--scope', 'binding=bulk', '--write']],
  ['set-refused', ['set', 'unread.conf', 'TLS_Protocols', '+TLSv1.2']],
  ['set-secret', ['set', 'before.conf', 'Outbound_SMTP_Auth_Pass', '-', '--write'], 'an0ther\n'],
  ['set-unchanged', ['set', MAIN, 'TLS_Protocols', '+ALL:-SSLv3']],
  ['set-two-stdins', ['set', '-', 'a', '-']],
  ['set-stdin-write', ['set', '-', 'a', '1', '--write'], 'a = 2\n'],
  ['unset', ['unset', MAIN, 'tls_protocols', '--scope', 'domain=example.org']],
  ['unset-nothing', ['unset', MAIN, 'tls_key']],
  ['add', ['add', MAIN, '--scope', 'binding=silver', '--scope', 'domain=a.example']],
  ['remove', ['remove', MAIN, '--scope', 'binding=gold']],
  ['diff', ['diff', 'before.conf', 'after.conf']],
  ['diff-json', ['diff', 'before.conf', 'after.conf', '--format', 'json']],
  ['diff-exit-code', ['diff', 'before.conf', 'after.conf', '--exit-code']],
  ['diff-same', ['diff', MAIN, MAIN, '--exit-code']],
  ['help', ['--help']],
  ['help-of-a-command', ['eval', '--help']],
  ['version', ['--version']],
  ['unknown-command', ['lint']],
  ['no-command', []],
];

test.each(CASES.map(([name, argv, stdin = '']) => [name, argv, stdin] as const))(
  '%s',
  async (name, argv, stdin) => {
    const golden = join(TESTING, 'goldens', `${name}.txt`);
    const shown = await transcript(argv, stdin);
    if (UPDATE) writeFileSync(golden, shown);
    expect(shown).toBe(readFileSync(golden, 'utf8'));
  },
);

test('every golden has its command', () => {
  const names = readdirSync(join(TESTING, 'goldens')).map((file) => file.replace(/\.txt$/, ''));
  expect(names.sort()).toEqual(CASES.map(([name]) => name).sort());
});

async function transcript(argv: readonly string[], stdin: string): Promise<string> {
  const out: string[] = [];
  const err: string[] = [];
  const written: string[] = [];
  const io: Io = {
    read(path) {
      if (path === STDIN) return { ok: true, bytes: Buffer.from(stdin) };
      const full = join(CONF, path);
      if (!existsSync(full)) return { ok: false, problem: 'missing', detail: `no such file: ${path}` };
      if (statSync(full).isDirectory())
        return { ok: false, problem: 'folder', detail: `${path} is a folder` };
      return { ok: true, bytes: readFileSync(full) };
    },
    list: (path) =>
      existsSync(join(CONF, path)) && statSync(join(CONF, path)).isDirectory()
        ? readdirSync(join(CONF, path))
        : null,
    replace: (path, bytes) =>
      void written.push(`--- written: ${path}\n${Buffer.from(bytes).toString('utf8')}`),
    out: (data) => void out.push(Buffer.from(data as string).toString('utf8')),
    err: (text) => void err.push(text),
  };
  const code = await run(argv, io, '1.2.3');
  const words = argv.map((word) => (/^[\w./:=+-]+$/.test(word) ? word : `'${word}'`));
  return [
    `$ ecconf ${words.join(' ')}\n`,
    ...(out.length > 0 ? ['--- stdout\n', ...out] : []),
    ...(err.length > 0 ? ['--- stderr\n', ...err] : []),
    ...written,
    `--- exit code ${code}\n`,
  ].join('');
}
