import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeClock } from './node-clock.js';
import { nodePorts } from './node-ports.js';
import { nodeProcesses } from './node-processes.js';
import { nodeRandom } from './node-random.js';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-system-')));
  mkdirSync(join(root, 'opt/sbin'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(process.platform !== 'linux')('processes of the tree', () => {
  test('a program and a script, with their umask, and nothing from elsewhere', async () => {
    copyFileSync('/usr/bin/sleep', join(root, 'opt/sbin/daemon'));
    writeFileSync(join(root, 'opt/sbin/script'), '#!/bin/sh\nsleep 600\ntrue\n', { mode: 0o755 });
    const before = process.umask(0o027);
    const children = [
      spawn(join(root, 'opt/sbin/daemon'), ['600']),
      spawn(join(root, 'opt/sbin/script'), { detached: true }),
    ];
    process.umask(before);
    try {
      const wanted = [
        { pid: children[0]?.pid, program: '/opt/sbin/daemon', uid: process.getuid?.(), umask: 0o027 },
        { pid: children[1]?.pid, program: '/opt/sbin/script', uid: process.getuid?.(), umask: 0o027 },
      ];
      await expect
        .poll(() => nodeProcesses(root).under(['/opt/sbin']))
        .toEqual(expect.arrayContaining(wanted));
      expect(nodeProcesses(root).under(['/opt/sb'])).toEqual([]);
      expect(nodeProcesses(root).under(['/usr/bin'])).toEqual([]);
      rmSync(join(root, 'opt/sbin/daemon'));
      expect(nodeProcesses(root).under(['/opt/sbin'])).toEqual(expect.arrayContaining([wanted[0]]));
    } finally {
      children[0]?.kill('SIGKILL');
      process.kill(-(children[1]?.pid ?? 0), 'SIGKILL');
    }
  });
});

test('where there is no /proc, processes cannot be seen', () => {
  expect(nodeProcesses('/', join(root, 'none')).under(['/'])).toBeNull();
});

test('processes that end while they are inspected are left out', () => {
  mkdirSync(join(root, 'proc/12'), { recursive: true });
  expect(nodeProcesses('/', join(root, 'proc')).under([''])).toEqual([]);
});

describe('time', () => {
  test('sleeping can be cut short, with the reason given', async () => {
    const stop = new AbortController();
    const sleeping = nodeClock.sleep(60_000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(nodeClock.sleep(60_000, stop.signal)).rejects.toThrow('enough');
    await nodeClock.sleep(1);
  });
});

describe('chance', () => {
  test('ids sort by time, are safe in a path and differ', () => {
    const ids = Array.from({ length: 1000 }, () => nodeRandom.id());
    expect(new Set(ids).size).toBe(1000);
    expect(ids.every((id) => /^[0-9a-z]{26}$/.test(id))).toBe(true);
    const times = ids.map((id) => id.slice(0, 10));
    expect(times).toEqual(times.toSorted());
  });

  test('units are in [0, 1) and bytes as many as asked for', () => {
    const units = Array.from({ length: 1000 }, () => nodeRandom.unit());
    expect(Math.min(...units)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...units)).toBeLessThan(1);
    expect(nodeRandom.bytes(7)).toHaveLength(7);
  });
});

describe('the ports of a tree', () => {
  const request = { host: '127.0.0.1', port: 1, preamble: 'none', timeoutMs: 100 } as const;
  const program = { program: '/opt/sbin/none', argv: [], timeoutMs: 1000 };

  test('that is only read: no program is run, no listener probed', async () => {
    const ports = nodePorts(root, { live: false, probe: true });
    expect(await ports.exec.run(program)).toMatchObject({ problem: 'forbidden' });
    expect(await ports.net.probeTls(request)).toMatchObject({
      kind: 'forbidden',
      detail: expect.stringContaining('only read'),
    });
  });

  test('that is live, without probing', async () => {
    const ports = nodePorts(root, { live: true, probe: false });
    expect(await ports.exec.run(program)).toMatchObject({ problem: 'missing' });
    expect(await ports.net.probeTls(request)).toMatchObject({
      kind: 'forbidden',
      detail: expect.stringContaining('switched off'),
    });
  });

  test('/ is always live', async () => {
    expect(await nodePorts('/', { live: false, probe: true }).net.probeTls(request)).toMatchObject({
      kind: 'closed',
    });
  });
});
