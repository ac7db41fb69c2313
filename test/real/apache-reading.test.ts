import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeFiles } from '../../packages/agent/src/adapters/node-files.js';
import { apacheConfig } from '../../packages/agent/src/knowledge/apache/httpd-conf.js';
import { makePair } from '../../packages/agent/testing/pairs.js';

const HTTPD = '/usr/sbin/apache2';
const MODULES = '/usr/lib/apache2/modules';
const RUNS = 150;
const CERTAIN_MIN = 0.7;

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-httpd-'));
  const pair = await makePair();
  writeFileSync(join(folder, 'a.crt'), pair.certificatePem);
  writeFileSync(join(folder, 'a.key'), pair.keyPem);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEAD = (at: string) =>
  `${['mpm_event', 'authz_core', 'socache_shmcb', 'ssl', 'macro', 'info'].map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so\n`).join('')}ServerRoot ${at}\nDefaultRuntimeDir ${at}\nErrorLog /dev/null\nServerName main.example\nPidFile ${at}/pid\nListen 127.0.0.1:9\n`;

/** Virtual hosts with the last SSLEngine in each; null: httpd does not take the configuration. */
function asHttpdReads(main: string): string[] | null {
  const { status, stdout } = spawnSync(HTTPD, ['-t', '-D', 'DUMP_VHOSTS', '-D', 'DUMP_CONFIG', '-f', main], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
  });
  if (status !== 0) return null;
  const hosts: { address: string; engine: string }[] = [];
  let open: { address: string; engine: string } | null = null;
  // A host that holds nothing is printed without its end.
  for (const line of stdout.split('\n').map((one) => one.trim().replaceAll(/["']/g, ''))) {
    const begins = /^<VirtualHost (.*)>$/i.exec(line);
    const engine = /^SSLEngine (\S+)$/i.exec(line);
    if (begins) {
      open = { address: begins[1] ?? '', engine: '-' };
      hosts.push(open);
    } else if (engine && open) open.engine = (engine[1] ?? '').toLowerCase();
    else if (/^<\/VirtualHost>$/i.test(line)) open = null;
  }
  // httpd lists each host; what it printed of its tree is held against that list.
  const listed = stdout
    .split('\n')
    .filter((line) => / \(.*:\d+\)$/.test(line) && !line.includes('default server'));
  expect(listed.length > 0, stdout).toBe(hosts.length > 0);
  return hosts.map(({ address, engine }) => `${address} ${engine}`).sort();
}

function asReaderReads(main: string): {
  readonly hosts: string[];
  readonly isCertain: boolean;
  readonly why: string;
} {
  const { directives, unknowns } = apacheConfig(nodeFiles('/'), main);
  const hosts = directives
    .filter(({ name }) => name === '<virtualhost>')
    .map(({ vhost }) => {
      const engine = directives.findLast((d) => d.name === 'sslengine' && d.vhost === vhost)?.args[0];
      return `${vhost?.address} ${engine?.toLowerCase() ?? '-'}`;
    });
  return { hosts: hosts.sort(), isCertain: unknowns.length === 0, why: JSON.stringify(unknowns) };
}

type Files = Readonly<Record<string, string>>;
type Seen = 'certain' | 'unknown' | 'refused';

function compare(name: string, main: string, files: Files): Seen {
  const at = join(folder, name);
  for (const [path, text] of Object.entries({ ...files, 'httpd.conf': HEAD(at) + main })) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
  }
  const own = asReaderReads(join(at, 'httpd.conf'));
  const real = asHttpdReads(join(at, 'httpd.conf'));
  rmSync(at, { recursive: true, force: true });
  if (own.isCertain && real !== null) expect(own.hosts, main).toEqual(real);
  return real === null ? 'refused' : own.isCertain ? 'certain' : 'unknown';
}

const H = (address = '*:443', inside = 'SSLEngine on\n') =>
  `<VirtualHost ${address}>\n${inside}</VirtualHost>\n`;
const v = (name: string) => '$'.concat('{', name, '}');
const inIf = (head: string, inside = H()) => `<${head}>\n${inside}</${head.split(' ')[0]}>\n`;

const TABLE: readonly (readonly [main: string, files?: Files])[] = [
  [H()],
  [H('*:443 127.0.0.1:8443')],
  [H('_default_:443')],
  [H('[::1]:443')],
  [H('*:443', 'sslengine OFF\nSSLEngine "on"\n')],
  [H('*:443', 'SSLEngine optional\n')],
  [H('*:443', "SSLEngine 'off'\n")],
  [H('"*:443"')],
  [`Define p 443\n${H(`*:${v('p')}`)}`],
  [`Define p 443\n${H(`*:${v('P')}`)}`],
  [`Define p 443\nDefine p 444\n${H(`*:${v('p')}`)}`],
  [`Define p 443\nDefine q ${v('p')}\nDefine p 444\n${H(`*:${v('q')}`)}`],
  [`Define e "off"\n${H('*:1', `SSLEngine ${v('e')}\n`)}`],
  [`Define d SSLEngine\n${H('*:1', `${v('d')} on\n`)}`],
  [`Define A\n${inIf('IfDefine A')}${inIf('IfDefine !A', H('*:2'))}`],
  [`Define A\nUnDefine A\n${inIf('IfDefine A')}${inIf('IfDefine !A', H('*:2'))}`],
  [`Define A 1\n${inIf('IfDefine a')}`],
  [inIf('IfDefine X')],
  [inIf('IfDefine !X')],
  [`Define A\n<IfDefine A >\n${H()}</IfDefine>\n`],
  [`Define A\n<IfDefine "A">\n${H()}</IfDefine>\n`],
  [`Define A\n<ifdefine A>\n${H()}</IFDEFINE>\n`],
  [`UnDefine A\n<IfDefine A>\n<IfDefine A>\n</IfDefine>\n<Foo x>\n</Foo>\n${H()}</IfDefine>\n${H('*:2')}`],
  [inIf('IfModule mod_ssl.c')],
  [inIf('IfModule ssl_module')],
  [inIf('IfModule !mod_ssl.c')],
  [inIf('IfModule mod_macro.c')],
  [inIf('IfModule mod_nothing.c')],
  [inIf('IfModule !mod_nothing.c')],
  [inIf('IfModule core.c')],
  [inIf('IfModule mod_so.c')],
  [inIf('IfModule event.c')],
  [inIf('IfModule mpm_event_module')],
  [inIf('IfVersion >= 2.4')],
  [inIf('IfVersion < 2.4')],
  [inIf('IfFile a'), { a: '' }],
  [inIf('IfFile !a'), { a: '' }],
  [inIf('IfFile none')],
  [inIf('IfFile "a"'), { a: '' }],
  [inIf('IfDirective SSLEngine')],
  [inIf('IfSection VirtualHost')],
  [`<Macro M>\n${H()}</Macro>\n`],
  [`<Macro M>\n${H()}</Macro>\nUse M\nuse m\n`],
  [`<Macro M $p>\n${H('*:$p')}</Macro>\nUse M 1\nUse M 2\n`],
  [`<Macro M $a $ab>\n${H('*:$ab', 'SSLEngine $a\n')}</Macro>\nUse M on 5\n`],
  [`<Macro M p>\n${H('*:p')}</Macro>\nUse M 7\n`],
  [`<Macro N $e>\nSSLEngine $e\n</Macro>\n<Macro M $p>\n${H('*:$p', 'Use N off\n')}</Macro>\nUse M 1\n`],
  [`<Macro M>\n<Macro I>\n${H()}</Macro>\n</Macro>\nUse M\nUse I\n`],
  [`<Macro M>\n${H()}</Macro>\nUndefMacro M\n`],
  [`<Macro M $p>\nDefine port $p\n</Macro>\nUse M 77\n${H(`*:${v('port')}`)}`],
  [`<Macro M>\n${H(`*:${v('l')}`)}</Macro>\nDefine l 12\nUse M\n`],
  ['Include a.conf\n', { 'a.conf': H() }],
  ['Include d/*.conf\n', { 'd/a.conf': H(), 'd/b.conf': H('*:2'), 'd/.c.conf': H('*:3') }],
  ['Include d\n', { 'd/a': H(), 'd/s/b': H('*:2'), 'd/.c': H('*:3') }],
  ['Include */x.conf\n', { 'd/x.conf': H(), 'e/x.conf': H('*:2') }],
  ['Include d/[ab].conf\n', { 'd/a.conf': H(), 'd/c.conf': H('*:3') }],
  ['Include d/[!ab].conf\n', { 'd/a.conf': H(), 'd/c.conf': H('*:3') }],
  ['Include d/[^.#]*\n', { 'd/a.conf': H(), 'd/#c': H('*:3') }],
  ['Include d/?.conf\n', { 'd/a.conf': H(), 'd/ab.conf': H('*:3') }],
  ['Include "d/a.conf"\n', { 'd/a.conf': H() }],
  ['Include d/../d/a.conf\n', { 'd/a.conf': H() }],
  ['IncludeOptional none.conf\nIncludeOptional none/*.conf\nIncludeOptional none/*/x\n'],
  ['Include none.conf\n'],
  ['Include d/none*.conf\n', { 'd/a.conf': '' }],
  ['<VirtualHost *:1>\nInclude e.conf\n</VirtualHost>\n', { 'e.conf': 'SSLEngine on\n' }],
  [`Define f a\nInclude ${v('f')}.conf\n`, { 'a.conf': H() }],
  ['<VirtualHost \\\n*:443>\nSSL\\\nEngine \\\non\n</VirtualHost>\n'],
  [`# comment \\\n<VirtualHost *:1>\n${H()}`],
  [
    H(
      '*:443',
      '<Location /x>\nOptions None\n</Location>\n<Directory />\n<Limit GET>\n</Limit>\n</Directory>\nSSLEngine on\n',
    ),
  ],
  [H('*:443', '<If "true">\nOptions None\n</If>\nSSLEngine on\n')],
  [H('*:443', 'SSLEngine on\n<IfDefine X>\nSSLEngine off\n</IfDefine>\n')],
  [`SSLEngine on\nSSLCertificateFile ${'a.crt'}\n${H('*:1', '')}`, { 'a.crt': '' }],
  [H('*:443', 'ServerName "a b"\nSSLEngine on\n')],
  [H('*:443', '\t  SSLEngine\ton  \t\r\n')],
];

const isHere = existsSync(HTTPD);
test.runIf(isHere)(
  `the reader sees what httpd sees in ${TABLE.length} configurations, or says that it does not know`,
  () => {
    const seen = TABLE.map(([main, files], index) => compare(`table-${index}`, main, files ?? {}));
    expect(TABLE.length).toBeGreaterThanOrEqual(60);
    expect(seen.filter((one) => one === 'refused').length).toBeLessThan(10);
  },
  120_000,
);

const NAME = fc.constantFrom('A', 'B', 'C');
const PORT = fc.constantFrom('443', '8443', v('A'), v('B'));
const ENGINE = fc.constantFrom('SSLEngine on\n', 'SSLEngine off\n', '', 'SSLEngine \\\n on\n');
const { piece } = fc.letrec<{ piece: string; several: string }>((tie) => ({
  several: fc.array(tie('piece'), { maxLength: 3 }).map((all) => all.join('')),
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(PORT, ENGINE).map(([port, engine]) => H(`*:${port}`, engine)),
    fc.tuple(NAME, fc.constantFrom('1', '2')).map(([name, value]) => `Define ${name} ${value}\n`),
    NAME.map((name) => `UnDefine ${name}\nDefine ${name} 9\n`),
    fc
      .tuple(NAME, fc.constantFrom('', '!'), tie('several'))
      .map(([name, not, inside]) => inIf(`IfDefine ${not}${name}`, inside)),
    fc
      .tuple(fc.constantFrom('mod_ssl.c', '!mod_ssl.c', 'mod_macro.c'), tie('several'))
      .map(([name, inside]) => inIf(`IfModule ${name}`, inside)),
    fc
      .tuple(fc.constantFrom('x.conf', '!x.conf', 'none'), tie('several'))
      .map(([name, inside]) => inIf(`IfFile ${name}`, inside)),
    fc
      .tuple(PORT, ENGINE, fc.constantFrom('1', '2'))
      .map(
        ([port, engine, use]) =>
          `<Macro M $x>\n${H(`*:$x${port.replace(/\D/g, '')}`, engine)}</Macro>\nUse M ${use}\n`,
      ),
    fc.constantFrom(
      'Include x.conf\n',
      'Include d/*.conf\n',
      'IncludeOptional d/[a]*\n',
      'Include d\n',
      'Include */y.conf\n',
    ),
  ),
}));

test.runIf(isHere)(
  `and in ${RUNS} that are made of pieces, most of them for certain`,
  () => {
    const seen: Seen[] = [];
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.array(
          piece.filter((one) => !one.includes('Include')),
          { maxLength: 2 },
        ),
        (main, other) => {
          const files = { 'x.conf': other.join(''), 'd/a.conf': H('*:7'), 'd/y.conf': other.join('') };
          seen.push(compare(`run-${seen.length}`, `Define A 5\nDefine B 6\n${main.join('')}`, files));
        },
      ),
      { numRuns: RUNS },
    );
    const taken = seen.filter((one) => one !== 'refused');
    expect(taken.length).toBeGreaterThan(RUNS / 2);
    expect(taken.filter((one) => one === 'certain').length / taken.length).toBeGreaterThanOrEqual(
      CERTAIN_MIN,
    );
  },
  240_000,
);
