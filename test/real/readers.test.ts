import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeFiles } from '../../packages/agent/src/adapters/node-files.js';
import {
  certificateEvidence,
  keyEvidence,
  type PemConsumer,
} from '../../packages/agent/src/knowledge/certificates/pem-reader.js';
import { hbaRules } from '../../packages/agent/src/knowledge/postgresql/hba.js';
import { familyOf, masked } from '../../packages/agent/src/knowledge/postgresql/hba-address.js';
import {
  postgresqlBoolean,
  postgresqlSettings,
} from '../../packages/agent/src/knowledge/postgresql/settings.js';
import { type PemFile, pemFiles } from '../../packages/agent/testing/pem-files.js';
import { hostUser } from '../standin/src/running/real/host-user.js';
import { postgresqlBin } from '../standin/src/running/real/postgresql.js';
import { describeReal } from './parts.js';
import { HBA_FILES, SETTINGS_FILES } from './postgresql-files.js';

const WAIT_MS = 20_000;
const SLOW_MS = 240_000;

let folder: string;
let pem: PemFile[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-readers-'));
  chmodSync(folder, 0o755);
  pem = await pemFiles();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const contentOf = (name: string): Buffer => {
  const file = pem.find((one) => one.name === name);
  if (!file) throw new Error(`there is no file "${name}"`);
  return file.content;
};

function ours(kind: 'cert' | 'key', content: Buffer, consumer: PemConsumer): 'reads' | 'refuses' | 'unclear' {
  writeFileSync(join(folder, 'pem'), content);
  const read = kind === 'cert' ? certificateEvidence : keyEvidence;
  const found = read(nodeFiles(folder), '/pem', consumer);
  if (found.state === 'unread' && found.problem === 'unclear') return 'unclear';
  return found.state === 'parsed' ? 'reads' : 'refuses';
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + WAIT_MS;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describeReal('PostgreSQL reads its files as they are read here', () => {
  let data: string;
  let server: ChildProcess;
  const bin = (name: string) => join(postgresqlBin() ?? '', name);
  const log = () => readFileSync(join(folder, 'log'), 'utf8');
  const own = (path: string, mode: number) => {
    const user = hostUser('postgres');
    chownSync(path, user.uid, user.gid);
    chmodSync(path, mode);
  };
  const write = (name: string, content: string | Buffer, mode = 0o600) => {
    writeFileSync(join(data, name), content);
    own(join(data, name), mode);
  };
  const as = () => ({
    ...hostUser('postgres'),
    cwd: '/',
    env: { PATH: process.env['PATH'], LANG: 'C.UTF-8' },
  });

  beforeAll(async () => {
    data = join(folder, 'data');
    mkdirSync(data);
    own(data, 0o700);
    execFileSync(bin('initdb'), ['-D', data, '-U', 'postgres', '--no-sync', '-A', 'trust'], {
      ...as(),
      stdio: 'ignore',
    });
    write('server.crt', contentOf('a certificate'));
    write('server.key', contentOf('a key in PKCS #8'));
    const settings = ['ssl = on', "listen_addresses = ''", `unix_socket_directories = '${data}'`, ''];
    write('postgresql.conf', settings.join('\n'));
    const out = openSync(join(folder, 'log'), 'w');
    server = spawn(bin('postgres'), ['-D', data], { ...as(), stdio: ['ignore', out, out] });
    closeSync(out);
    await until('PostgreSQL', () => log().includes('ready to accept connections'));
  }, WAIT_MS);
  afterAll(async () => {
    server?.kill('SIGINT');
    await until('the end of PostgreSQL', () => server.exitCode !== null);
  });

  /** What it says of its certificate and key. Each signal is answered before the next is taken. */
  async function reloaded(): Promise<string> {
    const before = log().length;
    const signals = () => log().slice(before).split('received SIGHUP').length - 1;
    for (const count of [1, 2]) {
      server.kill('SIGHUP');
      await until('the reload', () => signals() >= count);
    }
    return log().slice(before).split('received SIGHUP')[1] ?? '';
  }

  test('certificates and keys in PEM, and what is none', { timeout: SLOW_MS }, async () => {
    const disagreeing: string[] = [];
    for (const kind of ['cert', 'key'] as const) {
      for (const { name, content } of pem) {
        write('server.crt', kind === 'cert' ? content : contentOf('a certificate'));
        write('server.key', kind === 'key' ? content : contentOf('a key in PKCS #8'));
        const said = await reloaded();
        // Of a key of another pair it says so after it has read it.
        const isRefused =
          said.includes('was not reloaded') && !/key values mismatch|check of private key failed/.test(said);
        const real = isRefused ? 'refuses' : 'reads';
        const mine = ours(kind, content, 'postgresql');
        if (mine !== 'unclear' && mine !== real) disagreeing.push(`${kind} ${name}: ${mine}; ${said}`);
      }
    }
    expect(disagreeing).toEqual([]);
  });

  test('pg_hba.conf', { timeout: SLOW_MS }, () => {
    expect(HBA_FILES.length).toBeGreaterThanOrEqual(40);
    const select =
      "select coalesce(json_agg(r), '[]') from (select * from pg_hba_file_rules order by line_number) r";
    write('names', 'a, b\n"c d" # and no more\n');
    const disagreeing: string[] = [];
    let open = 0;
    for (const text of HBA_FILES) {
      write('pg_hba.conf', text);
      const answer = execFileSync(
        'psql',
        ['-h', data, '-U', 'postgres', '-d', 'postgres', '-AtXc', select],
        as(),
      );
      const real = (JSON.parse(answer.toString()) as RealRule[]).map(realRule);
      const { rules, unread } = hbaRules(nodeFiles('/'), join(data, 'pg_hba.conf'), 15);
      expect(unread).toBeNull();
      const mine = rules.map(ourRule);
      const isSame =
        mine.length === real.length && mine.every((rule, at) => rule === real[at] || rule === OPEN);
      if (!isSame) disagreeing.push(`${text}\nhere ${mine.join(' | ')}\nreal ${real.join(' | ')}`);
      open += mine.filter((rule, at) => rule === OPEN && real[at] !== OPEN).length;
    }
    expect(disagreeing).toEqual([]);
    // What PostgreSQL takes and is not understood here.
    expect(open).toBeLessThanOrEqual(6);
  });

  test('postgresql.conf', { timeout: SLOW_MS }, () => {
    expect(SETTINGS_FILES.length).toBeGreaterThanOrEqual(40);
    const home = join(folder, 'home');
    const files: Readonly<Record<string, string>> = {
      'more.conf': "ssl = on\nssl_cert_file = 'more.crt'\n",
      'bad.conf': 'ssl = = on\n',
      'd/1.conf': "ssl_cert_file = 'one.crt'\n",
      'd/2.conf': "ssl_cert_file = 'two.crt'\n",
      'd/.3.conf': "ssl_cert_file = 'three.crt'\n",
      'd/4.txt': "ssl_cert_file = 'four.crt'\n",
      'd/5.conf/x': '',
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(home, name, '..'), { recursive: true });
      writeFileSync(join(home, name), text);
    }
    for (const path of [home, join(home, 'd')]) own(path, 0o700);
    const ask = (name: string) =>
      spawnSync(bin('postgres'), ['-C', name, '-D', home], { ...as(), encoding: 'utf8' });
    const disagreeing = SETTINGS_FILES.flatMap((text) => {
      writeFileSync(join(home, 'postgresql.conf'), text);
      const [ssl, file] = [ask('ssl'), ask('ssl_cert_file')];
      const real = ssl.status === 0 ? [ssl.stdout === 'on\n', file.stdout.slice(0, -1)] : null;
      const settings = postgresqlSettings(nodeFiles('/'), home);
      const isOn = postgresqlBoolean(settings.get('ssl')?.value ?? 'off');
      const isKnown = settings.unread.length === 0 && isOn !== null;
      const mine = isKnown ? [isOn, settings.get('ssl_cert_file')?.value ?? 'server.crt'] : null;
      return JSON.stringify(mine) === JSON.stringify(real)
        ? []
        : [
            `${JSON.stringify(text)}: here ${JSON.stringify(mine)}, real ${JSON.stringify(real)} ${ssl.stderr}`,
          ];
    });
    expect(disagreeing).toEqual([]);
  });
});

interface RealRule {
  readonly type: string | null;
  readonly database: readonly string[] | null;
  readonly user_name: readonly string[] | null;
  readonly address: string | null;
  readonly netmask: string | null;
  readonly auth_method: string | null;
  readonly error: string | null;
}

const OPEN = 'not understood';

function realRule(rule: RealRule): string {
  if (rule.error !== null) return OPEN;
  const { address, netmask } = rule;
  const family = familyOf(address ?? '');
  const where =
    family && address && netmask ? rangesOf(masked(address, family, netmask)) : (address ?? 'local');
  return [rule.type, rule.database, rule.user_name, where, rule.auth_method].join(' ');
}

function ourRule(rule: ReturnType<typeof hbaRules>['rules'][number]): string {
  if (!('record' in rule)) return OPEN;
  const { type, databases, users, address, method } = rule.record;
  const isAll = address?.isExact === true && address.ranges.length === 2;
  const where = address === null ? 'local' : (address.name ?? (isAll ? 'all' : rangesOf(address)));
  return [type, databases.map(({ text }) => text), users.map(({ text }) => text), where, method].join(' ');
}

function rangesOf({ ranges }: ReturnType<typeof masked>): string {
  return ranges.map(({ family, first, last }) => `${family}:${first}-${last}`).join();
}

describeReal('Apache reads certificates and keys as they are read here', () => {
  const MODULES = '/usr/lib/apache2/modules';

  test('in PEM, and what is none', { timeout: SLOW_MS }, async () => {
    const disagreeing: string[] = [];
    for (const { name, content } of pem) {
      const mine = ours('cert', content, 'apache');
      if (mine === 'unclear') continue;
      const said = await started(content);
      const real = said === null ? 'reads' : 'refuses';
      if (mine !== real) disagreeing.push(`${name}: ${mine}; ${said}`);
    }
    expect(disagreeing).toEqual([]);
  });

  /** Null: Apache starts with the certificate. */
  async function started(certificate: Buffer): Promise<string | null> {
    const at = (name: string) => join(folder, name);
    writeFileSync(at('httpd.crt'), certificate);
    writeFileSync(at('httpd.key'), contentOf('a key in PKCS #8'));
    writeFileSync(at('httpd.conf'), configOf(at, await freePort()));
    rmSync(at('error.log'), { force: true });
    const httpd = spawn('apache2', ['-f', at('httpd.conf'), '-DFOREGROUND'], {
      stdio: 'ignore',
      // At its end it signals its whole process group.
      detached: true,
    });
    const log = () => (existsSync(at('error.log')) ? readFileSync(at('error.log'), 'utf8') : '');
    const isUp = () => log().includes('resuming normal operations');
    await until('Apache', () => isUp() || httpd.exitCode !== null);
    if (httpd.exitCode !== null) return log() || `exit ${httpd.exitCode}`;
    httpd.kill('SIGTERM');
    await until('the end of Apache', () => httpd.exitCode !== null || httpd.signalCode !== null);
    return null;
  }

  function configOf(at: (name: string) => string, port: number): string {
    const modules = ['mpm_prefork', 'authz_core', 'ssl'].filter((name) =>
      existsSync(`${MODULES}/mod_${name}.so`),
    );
    return [
      ...modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
      `ServerRoot ${folder}`,
      `DefaultRuntimeDir ${folder}`,
      'ServerName localhost',
      'User www-data',
      `PidFile ${at('httpd.pid')}`,
      `ErrorLog ${at('error.log')}`,
      'StartServers 1',
      `Listen 127.0.0.1:${port}`,
      'SSLEngine on',
      `SSLCertificateFile ${at('httpd.crt')}`,
      `SSLCertificateKeyFile ${at('httpd.key')}`,
      '',
    ].join('\n');
  }
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
