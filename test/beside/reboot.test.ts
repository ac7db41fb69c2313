import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOf } from '../../packages/agent/src/adapters/process-start.js';
import { holderIn, lockText } from '../../packages/agent/src/adapters/run-lock-text.js';
import { DoubleNode } from '../faults/double-node.js';
import { carryOut } from '../faults/faulty-executor.js';
import { placeOf, ROWS } from '../faults/remediation-rows.js';
import { describeReal } from '../real/parts.js';
import { besideExecutor, changeSession, cutSsh, portsOf } from './changing.js';
import { Sshd } from './sshd.js';

const LOGIN = 'far-root';
const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const [FIRST, SECOND] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const NEVER = 1e12;
const ROW = ROWS.find(({ slug, isVersioned }) => slug === 'tls-protocols' && !isVersioned);

describeReal('a node that loses its power in the middle of a run from beside', () => {
  let sshd: Sshd;
  let bootFile = '';
  beforeAll(async () => {
    sshd = new Sshd();
    bootFile = join(sshd.folder, 'boot-id');
    writeFileSync(bootFile, `${FIRST}\n`);
    const mounts = { last: [`mount --bind ${bootFile} ${BOOT_ID}`] };
    await sshd.start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }], '', [], mounts);
  });
  afterAll(() => sshd.stop());

  async function restart(): Promise<void> {
    await sshd.losePower();
    writeFileSync(bootFile, `${SECOND}\n`);
    await sshd.listen();
  }

  test('is as before once it is up again, whoever has the numbers of its processes by then', async () => {
    if (!ROW) throw new Error('there is no such row');
    const whole = await DoubleNode.lay(ROW.isVersioned, ROW.more);
    const { ssh: uncut, pieces } = cutSsh(sshd, 'up', NEVER);
    const own = await changeSession(sshd, LOGIN, { ssh: uncut });
    await carryOut(besideExecutor(whole, await portsOf(sshd, own, LOGIN, whole)), ROW.slug, ROW.params);
    await own.close();
    whole.remove();
    const changing = pieces().filter((at) => at > 40_000);

    for (const part of [0.4, 0.6, 0.8]) {
      writeFileSync(bootFile, `${FIRST}\n`);
      const node = await DoubleNode.lay(ROW.isVersioned, ROW.more);
      const before = node.snapshot();
      const { ssh } = cutSsh(sshd, 'up', changing[Math.floor(part * changing.length)] ?? NEVER);
      await expect(
        (async () => {
          const session = await changeSession(sshd, LOGIN, { ssh });
          const ports = await portsOf(sshd, session, LOGIN, node);
          await carryOut(besideExecutor(node, ports), ROW.slug, ROW.params);
          expect(session.isOver).toBe(true);
          throw new Error('cut');
        })(),
      ).rejects.toThrow();
      await restart();
      const lock = join(node.state, 'run.lock');
      // The far program of the lost session may have come to its end, and let go of the lock, before the power went.
      const left = readdirSync(node.state).includes('run.lock') ? holderIn(readFileSync(lock, 'utf8')) : null;
      if (left) expect(left.bootId).toBe(FIRST);
      writeFileSync(lock, lockText({ pid: process.pid, start: startOf(process.pid), bootId: FIRST }));

      const next = await changeSession(sshd, LOGIN);
      const executor = besideExecutor(node, await portsOf(sshd, next, LOGIN, node));
      expect(executor.isOtherAtIt?.()).toBe(false);
      await executor.recover(() => undefined);
      expect([part, placeOf(ROW, node, before)]).toEqual([part, 'before']);
      expect([part, executor.lastWords?.().at(-1)?.state]).toEqual([part, 'rolledBack']);
      // One of this start of the system counts.
      writeFileSync(lock, lockText({ pid: process.pid, start: startOf(process.pid), bootId: SECOND }));
      expect(executor.isOtherAtIt?.()).toBe(true);
      await next.close();
      node.remove();
    }
  });
}, ['openssh-server', 'openssh-client']);
