import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { caseConfig } from '../../../testing/cases/config.js';
import { CASE_ECUSER } from '../../../testing/cases/node.js';
import { nodeFiles } from '../../adapters/node-files.js';
import type { Facts } from '../../facts/facts.generated.js';
import type { FileReader } from '../../ports/files.js';
import type { CollectContext } from '../../units/fact.js';
import collector from './collector.js';

const CONF = '/opt/msys/ecelerity/etc/conf';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-tree-'));
  mkdirSync(join(root, CONF, 'default'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, mode: number, text = '', uid = 0): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  chownSync(join(root, path), uid, uid);
  chmodSync(join(root, path), mode);
}

const collect = async (over: Partial<Facts['momentumConfig']> = {}, files: FileReader = nodeFiles(root)) =>
  collector.collect({
    files,
    signal: new AbortController().signal,
    facts: { momentumConfig: { ...caseConfig('').momentumConfig, ...over } },
  } as unknown as CollectContext<'momentumConfig'>);

describe.skipIf(process.getuid?.() !== 0)('the configuration of a node', () => {
  test('ten thousand names of one closed file are one file to read, and other work gets its turn', async () => {
    const MEGABYTE = 1024 * 1024;
    file(`${CONF}/default/big.conf`, 0o000, 'x = "y"\n'.repeat(MEGABYTE / 8));
    for (let count = 1; count < 10_000; count += 1)
      linkSync(join(root, CONF, 'default/big.conf'), join(root, CONF, `default/name-${count}.conf`));
    let bytes = 0;
    const reader = nodeFiles(root);
    const counting: FileReader = {
      ...reader,
      read: (path, options) => {
        const content = reader.read(path, options);
        bytes += content.ok ? content.value.length : 0;
        return content;
      },
    };
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    const { denied, entriesSeen } = await collect({}, counting);
    clearInterval(timer);
    expect([denied.length, entriesSeen, bytes]).toEqual([10_000, 10_001, MEGABYTE]);
    expect(turns).toBeGreaterThan(5);
  });

  test('what ecuser cannot read, and what of it may hold a secret', async () => {
    file(`${CONF}/default/plain.conf`, 0o600, 'Hostname = "mta1.example.com"\n');
    file(
      `${CONF}/default/secret.conf`,
      0o600,
      'Datasource "x" {\n  uri = ( "pgsql:user=a;password=not-a-real-one" )\n}\n',
    );
    file(`${CONF}/default/dkim/selector.key`, 0o600);
    file('/opt/msys/etc/installer/ecelerity.d/ecdb.conf', 0o600);
    file('/opt/msys/etc/installer/ecelerity.d/open.conf', 0o644);
    const { denied, roots } = await collect();
    expect(roots).toEqual([CONF, '/opt/msys/etc/installer/ecelerity.d']);
    expect(Object.fromEntries(denied.map(({ path, holdsSecret }) => [path, holdsSecret]))).toEqual({
      [`${CONF}/default/plain.conf`]: false,
      [`${CONF}/default/secret.conf`]: true,
      [`${CONF}/default/dkim/selector.key`]: true,
      '/opt/msys/etc/installer/ecelerity.d/ecdb.conf': true,
    });
  });

  test('foreign owners are told of conf only', async () => {
    file('/opt/msys/etc/installer/ecelerity.d/ecdb.conf', 0o644);
    file(`${CONF}/default/mine.conf`, 0o644, '', CASE_ECUSER.uid);
    file(`${CONF}/default/roots.conf`, 0o644);
    chownSync(join(root, CONF, 'default'), CASE_ECUSER.uid, CASE_ECUSER.gid);
    expect((await collect()).foreign).toEqual([
      { path: `${CONF}/default/roots.conf`, access: { uid: 0, gid: 0, mode: 0o644 }, readable: true },
    ]);
  });

  test.each(['.svn', 'default/.svn'])(
    'Subversion’s %s shows a working copy, and is not looked into',
    async (folder) => {
      expect((await collect()).workingCopy).toBe(false);
      file(`${CONF}/${folder}/entries`, 0o600);
      expect(await collect()).toMatchObject({ workingCopy: true, denied: [] });
    },
  );

  test('a pull in the middle of the walk: it is made once more', async () => {
    file(`${CONF}/default/closed.conf`, 0o600);
    mkdirSync(join(root, `${CONF}.new/default`), { recursive: true });
    const plain = nodeFiles(root);
    let walks = 0;
    const pulling: FileReader = {
      ...plain,
      walk: async (...args) => {
        const end = await plain.walk(...args);
        walks += 1;
        if (walks === 1) {
          renameSync(join(root, CONF), join(root, `${CONF}.old`));
          renameSync(join(root, `${CONF}.new`), join(root, CONF));
        }
        return end;
      },
    };
    expect((await collect({}, pulling)).denied).toEqual([]);
    expect(walks).toBe(2);
  });

  test('a link for conf itself is followed', async () => {
    renameSync(join(root, CONF), join(root, 'real-conf'));
    symlinkSync('/real-conf', join(root, CONF));
    file('/real-conf/default/closed.conf', 0o600);
    expect((await collect()).denied.map(({ path }) => path)).toEqual(['/real-conf/default/closed.conf']);
  });
});

test('without a service user, or without a configuration, there is no such fact', async () => {
  await expect(collect({ runUser: { name: 'mailops', at: null, principal: null } })).rejects.toThrow(
    /no user mailops/,
  );
  rmSync(join(root, CONF), { recursive: true });
  await expect(collect()).rejects.toThrow(/no configuration/);
});
