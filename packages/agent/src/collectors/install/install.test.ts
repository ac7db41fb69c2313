import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeFiles } from '../../adapters/node-files.js';
import type { CollectContext } from '../../units/fact.js';
import collector from './collector.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-install-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Names that end in a slash are folders. */
async function install(files: Record<string, string>, nodeName: string | null = null) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(path.endsWith('/') ? join(root, path) : dirname(join(root, path)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(root, path), text);
  }
  return collector.collect({ files: nodeFiles(root), settings: { nodeName } } as unknown as CollectContext);
}

const MTA = { 'opt/msys/ecelerity/etc/conf/default/ecelerity.conf': '' };
const DATABASE = { 'var/db/msyspg/': '' };
const WEB = { 'opt/msys/ecwebui/config/httpd.conf': '' };
const MANAGER = { 'var/ecconfigd/repo/': '', 'opt/msys/ecelerity/etc/conf/default/eccluster.conf': '' };

describe('roles', () => {
  test.each<[string, Record<string, string>, string[], 3 | 4 | null]>([
    ['an MTA', MTA, ['mta'], null],
    ['a database', DATABASE, ['database'], null],
    ['a web host', WEB, ['web'], 3],
    [
      'a single node',
      { ...MTA, ...DATABASE, ...WEB, 'var/ecconfigd/repo/': '' },
      ['mta', 'database', 'web', 'singlenode'],
      3,
    ],
    [
      'the first manager of a cluster',
      { ...MANAGER, ...DATABASE, ...WEB },
      ['manager', 'database', 'web'],
      3,
    ],
    [
      'a platform node of 4',
      { ...MTA, 'opt/msys/3rdParty/nginx/conf/nginx.conf': '' },
      ['mta', 'platform'],
      4,
    ],
    ['an analytics node of 4', { 'opt/msys/app/webui/': '' }, ['analytics'], 4],
  ])('%s', async (_, files, roles, generation) => {
    const fact = await install(files);
    expect(fact).toMatchObject({ roles, generation });
    expect(fact.evidence.map((e) => e.role)).toEqual(roles);
  });

  test('no Momentum: what was looked for is named', async () => {
    await expect(async () => install({ 'etc/passwd': '' })).rejects.toThrow(
      /no Momentum was found.*\/opt\/msys\/ecelerity.*\/var\/db\/msyspg/,
    );
  });

  test.skipIf(process.getuid?.() !== 0)(
    'a folder that may not be inspected is no proof of absence',
    async () => {
      mkdirSync(join(root, 'opt/msys/ecelerity'), { recursive: true });
      chmodSync(root, 0o755);
      chmodSync(join(root, 'opt/msys'), 0o700);
      process.seteuid?.(65_534);
      try {
        await expect(async () => install({})).rejects.toThrow(/cannot tell.*run as root/);
      } finally {
        process.seteuid?.(0);
      }
    },
  );
});

describe('users', () => {
  test('of the tree, with their groups', async () => {
    const fact = await install({
      ...MTA,
      'etc/passwd': 'root:x:0:0::/root:/bin/bash\nbroken\necuser:x:7100:7100::/:/bin/sh\n',
      'etc/group': 'ecuser:x:7100:\nmail:x:12:ecuser\n',
    });
    expect(fact.serviceUser).toEqual({ name: 'ecuser', uid: 7100, gid: 7100, groups: [7100, 12] });
    expect(fact.databaseUser).toBeNull();
    expect(fact.groups).toContainEqual({ name: 'mail', gid: 12 });
  });

  test('a tree without etc/passwd has none', async () => {
    expect(await install(MTA)).toMatchObject({ serviceUser: null, users: [] });
  });
});

describe('name and system', () => {
  test.each<[string, Record<string, string>, string]>([
    ['Debian', { 'etc/hostname': 'mta1.example.com\n' }, 'mta1.example.com'],
    [
      'RHEL 6',
      { 'etc/sysconfig/network': 'NETWORKING=yes\nHOSTNAME="mta6.example.com"\n' },
      'mta6.example.com',
    ],
    ['Solaris', { 'etc/nodename': 'sun1\n' }, 'sun1'],
    ['SUSE before 12', { 'etc/HOSTNAME': 'suse1.example.com\n' }, 'suse1.example.com'],
    ['a file that holds something else', { 'etc/hostname': 'a b; rm\n' }, 'unnamed'],
    ['none', {}, 'unnamed'],
  ])('%s', async (_, files, name) => {
    expect((await install({ ...MTA, ...files })).nodeName).toBe(name);
  });

  test('the name that the operator gave comes first', async () => {
    expect((await install({ ...MTA, 'etc/hostname': 'x' }, 'given')).nodeName).toBe('given');
  });

  test.each<[Record<string, string>, string, string]>([
    [
      { 'etc/os-release': 'ID="rhel"\nPRETTY_NAME="Red Hat Enterprise Linux 7"\n' },
      'linux',
      'Red Hat Enterprise Linux 7',
    ],
    [{ 'etc/os-release': 'ID=debian\nNAME=Debian\n' }, 'linux', 'Debian'],
    [{ 'etc/redhat-release': 'CentOS release 6.10 (Final)\n' }, 'linux', 'CentOS release 6.10 (Final)'],
    [{ 'etc/SuSE-release': 'SUSE Linux 11 (x86_64)\nVERSION = 11\n' }, 'linux', 'SUSE Linux 11 (x86_64)'],
    [{ 'etc/release': '\n   Oracle Solaris 10 1/13 s10s\n' }, 'solaris', 'Oracle Solaris 10 1/13 s10s'],
    [{}, 'unknown', 'unknown'],
  ])('%j', async (files, family, pretty) => {
    expect((await install({ ...MTA, ...files })).os).toEqual({ family, pretty });
  });
});
