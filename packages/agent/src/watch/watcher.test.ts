import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeClock } from '../adapters/node-clock.js';
import { nodeFiles } from '../adapters/node-files.js';
import { nodeStateStore } from '../adapters/node-state-store.js';
import type { Batch } from './coalesce.js';
import type { Looked } from './watch-set.js';
import { Watcher } from './watcher.js';

const CONF = '/opt/msys/ecelerity/etc/conf';
const MAIN = `${CONF}/default/ecelerity.conf`;
/** Only how long a test waits before it gives up: nothing is asserted on time. */
const PATIENCE_MS = 5000;

let root: string;
let stateFolder: string;
let watcher: Watcher;
let batches: Batch[];
let stop: AbortController;
const host = (path: string) => join(root, path);
const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-watch-'));
  stateFolder = mkdtempSync(join(tmpdir(), 'castellan-state-'));
  mkdirSync(host(`${CONF}/default`), { recursive: true });
  mkdirSync(host('/root'));
  writeFileSync(host(MAIN), 'a\n');
  writeFileSync(host('/root/.bashrc'), 'umask 0022\n');
  batches = [];
  stop = new AbortController();
  watcher = new Watcher({
    files: nodeFiles(root),
    clock: nodeClock,
    log,
    store: nodeStateStore(stateFolder),
    quietMs: 30,
    signal: stop.signal,
    prefix: root,
    changed: (batch) => batches.push(batch),
  });
});
afterEach(async () => {
  stop.abort();
  await watcher.close();
  rmSync(root, { recursive: true });
  rmSync(stateFolder, { recursive: true });
});

async function until(claim: () => boolean): Promise<boolean> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
    if (claim()) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return claim();
}
const told = (path: string) => batches.some(({ paths }) => paths.has(path));

/** Watches, and forgets what is told because it is new. */
type Named = Partial<Record<keyof Looked, readonly string[]>>;

function lookedAt({ paths, listed, walked }: Named): Looked {
  return { paths: new Set(paths), listed: new Set(listed), walked: new Set(walked) };
}

async function follow(looked: Named): Promise<void> {
  await watcher.follow(lookedAt(looked));
  await until(() => batches.length > 0);
  batches = [];
}
const heard = (path: string) => until(() => told(path));

describe('a file that was inspected', () => {
  test.each([
    ['is written', () => writeFileSync(host(MAIN), 'b\n')],
    ['changes its mode', () => chmodSync(host(MAIN), 0o600)],
    [
      'is replaced by a rename',
      () => {
        writeFileSync(host(`${MAIN}.new`), 'b\n');
        renameSync(host(`${MAIN}.new`), host(MAIN));
      },
    ],
    [
      'is saved as vim does it',
      () => {
        writeFileSync(host(`${CONF}/default/4913`), '');
        rmSync(host(`${CONF}/default/4913`));
        renameSync(host(MAIN), host(`${MAIN}~`));
        writeFileSync(host(MAIN), 'b\n');
        rmSync(host(`${MAIN}~`));
      },
    ],
    ['is removed', () => rmSync(host(MAIN))],
  ])('%s', async (_name, change) => {
    await follow({ paths: [MAIN] });
    change();
    expect(await heard(MAIN)).toBe(true);
  });

  test('is told again after it was replaced, every time', async () => {
    await follow({ paths: [MAIN] });
    for (let i = 0; i < 3; i++) {
      batches = [];
      writeFileSync(host(`${MAIN}.new`), `${i}\n`);
      renameSync(host(`${MAIN}.new`), host(MAIN));
      expect(await heard(MAIN)).toBe(true);
    }
  });

  test('appears where there was nothing, not even its folder', async () => {
    await follow({ paths: ['/var/key/a.pem'] });
    mkdirSync(host('/var/key'), { recursive: true });
    await until(() => told('/var') || told('/var/key'));
    writeFileSync(host('/var/key/a.pem'), 'x');
    expect(await heard('/var/key/a.pem')).toBe(true);
  });

  test('lies behind a link that is swapped', async () => {
    mkdirSync(host('/etc'));
    symlinkSync('/root/.bashrc', host('/etc/rc'));
    await follow({ paths: ['/etc/rc', '/root/.bashrc'] });
    symlinkSync(MAIN, host('/etc/rc.new'));
    renameSync(host('/etc/rc.new'), host('/etc/rc'));
    expect(await heard('/etc/rc')).toBe(true);
  });
});

describe('what does not matter', () => {
  test('is not told: a neighbour, a swap file, what Subversion does', async () => {
    await follow({ paths: ['/root/.bashrc'], walked: [CONF] });
    mkdirSync(host(`${CONF}/.svn`));
    writeFileSync(host(`${CONF}/.svn/wc.db`), 'x');
    writeFileSync(host(`${CONF}/default/.ecelerity.conf.swp`), 'x');
    writeFileSync(host('/root/.bash_history'), 'x');
    // What comes last is told: the others were given their time.
    writeFileSync(host('/root/.bashrc'), 'umask 0077\n');
    expect(await heard('/root/.bashrc')).toBe(true);
    expect(batches.flatMap(({ paths }) => [...paths])).toEqual(['/root/.bashrc']);
  });
});

describe('a folder that was looked into', () => {
  test('listed: a new name in it is told', async () => {
    await follow({ listed: [`${CONF}/default`] });
    writeFileSync(host(`${CONF}/default/new.conf`), 'x');
    expect(await heard(`${CONF}/default/new.conf`)).toBe(true);
  });

  test('walked: a change deep below it is told, in folders that came later too', async () => {
    await follow({ walked: [CONF] });
    mkdirSync(host(`${CONF}/global/deep`), { recursive: true });
    await until(() => told(`${CONF}/global`));
    batches = [];
    writeFileSync(host(`${CONF}/global/deep/x.conf`), 'x');
    expect(await heard(`${CONF}/global/deep/x.conf`)).toBe(true);
  });
});

describe('the whole folder is swapped, as eccfg pull does', () => {
  test('the swap is told, and a change of mode in the new tree after it', async () => {
    await follow({ paths: [MAIN], walked: [CONF] });
    cpSync(host(CONF), host(`${CONF}.fresh`), { recursive: true });
    renameSync(host(CONF), host(`${CONF}.old`));
    renameSync(host(`${CONF}.fresh`), host(CONF));
    expect(await heard(CONF)).toBe(true);
    batches = [];
    chmodSync(host(MAIN), 0o666);
    expect(await heard(MAIN)).toBe(true);
  });

  test('a change in the old tree is nobody’s business any more', async () => {
    await follow({ paths: [MAIN] });
    cpSync(host(CONF), host(`${CONF}.fresh`), { recursive: true });
    renameSync(host(CONF), host(`${CONF}.old`));
    renameSync(host(`${CONF}.fresh`), host(CONF));
    await heard(CONF);
    await until(() => batches.length > 0);
    batches = [];
    writeFileSync(host(`${CONF}.old/default/ecelerity.conf`), 'old\n');
    chmodSync(host('/root/.bashrc'), 0o600);
    writeFileSync(host(MAIN), 'new\n');
    expect(await heard(MAIN)).toBe(true);
    expect(batches.flatMap(({ paths }) => [...paths]).filter((path) => path.includes('.old'))).toEqual([]);
  });
});

describe('a folder in which something is mounted, which no event tells', () => {
  const INNER = `${CONF}/default/dkim`;
  test.each([
    ['below a walked tree', { walked: [CONF] }],
    ['with a file by name', { paths: [`${INNER}/key`] }],
  ])('%s: is found by the next full scan, and watched from then on', async (_name, looked) => {
    mkdirSync(host(INNER));
    writeFileSync(host(`${INNER}/key`), 'a');
    await follow(looked);
    execFileSync('mount', ['-t', 'tmpfs', 'castellan-test', host(INNER)]);
    try {
      writeFileSync(host(`${INNER}/key`), 'b');
      await watcher.follow(lookedAt(looked), true);
      expect(await heard(INNER)).toBe(true);
      batches = [];
      writeFileSync(host(`${INNER}/key`), 'c');
      expect(await heard(`${INNER}/key`)).toBe(true);
    } finally {
      execFileSync('umount', [host(INNER)]);
    }
  });
});

test('a burst is told in few batches', async () => {
  await follow({ walked: [CONF] });
  for (let i = 0; i < 200; i++) writeFileSync(host(`${CONF}/default/f${i}.conf`), 'x');
  expect(await heard(`${CONF}/default/f199.conf`)).toBe(true);
  expect(batches.length).toBeLessThan(20);
});

test('the canaries of both kinds of watch prove that they hear', async () => {
  await follow({ paths: [MAIN], walked: [CONF] });
  void watcher.run();
  expect(await until(() => watcher.proofs.every(({ provenAt }) => provenAt !== null))).toBe(true);
});

test('a root that goes and comes back is seen, and what then changes in it too', async () => {
  await follow({ paths: [MAIN] });
  rmSync(root, { recursive: true });
  expect(await until(() => batches.some(({ overflow }) => overflow))).toBe(true);
  batches.length = 0;
  mkdirSync(host(`${CONF}/default`), { recursive: true });
  writeFileSync(host(MAIN), 'a\n');
  expect(await until(() => batches.some(({ overflow }) => overflow))).toBe(true);
});

test('a state folder that refuses leaves the watch as it is', async () => {
  rmSync(stateFolder, { recursive: true });
  writeFileSync(stateFolder, 'in the way');
  await follow({ paths: [MAIN] });
  writeFileSync(host(MAIN), 'b\n');
  expect(await until(() => told(MAIN))).toBe(true);
});
