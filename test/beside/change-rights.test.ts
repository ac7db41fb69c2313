import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SessionMode } from '../../packages/agent/src/adapters/beside/first-line.js';
import { LAID_PROGRAM } from '../../packages/agent/src/adapters/beside/first-line.js';
import { DoubleNode } from '../faults/double-node.js';
import { describeReal } from '../real/parts.js';
import { changeSession } from './changing.js';
import { Sshd } from './sshd.js';

const SUDOERS = [
  `far-looks ALL=(root) NOPASSWD: ${LAID_PROGRAM} ""`,
  `far-changes ALL=(root) NOPASSWD: ${LAID_PROGRAM} change`,
  '',
].join('\n');

describeReal('who may change something from beside', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await new Sshd().start(
      [
        { name: 'far-root', shell: '/bin/sh', uid: 0 },
        { name: 'far-csh', shell: '/bin/csh', uid: 0 },
        { name: 'far-looks', shell: '/bin/sh', uid: 61_011 },
        { name: 'far-changes', shell: '/bin/csh', uid: 61_012 },
        { name: 'far-plain', shell: '/bin/sh', uid: 61_013 },
      ],
      SUDOERS,
    );
  });
  afterAll(() => sshd.stop());

  const mayOf = async (login: string, mode: SessionMode, host = '127.0.0.1', ssh = sshd.ssh) => {
    const session = await changeSession(sshd, login, { mode, ssh, host });
    await session.close();
    const { may, why, mode: how } = session.hello;
    return { may, why, how };
  };

  test.each([
    ['far-root', 'look', { may: 'look', why: null, how: 'carried' }],
    ['far-root', 'change', { may: 'change', why: null, how: 'carried' }],
    ['far-csh', 'change', { may: 'change', why: null, how: 'carried' }],
    ['far-looks', 'look', { may: 'look', why: null, how: 'laid' }],
    ['far-looks', 'change', { may: 'look', why: 'user', how: 'carried' }],
    ['far-changes', 'look', { may: 'look', why: null, how: 'laid' }],
    ['far-changes', 'change', { may: 'change', why: null, how: 'laid' }],
    ['far-plain', 'change', { may: 'look', why: 'user', how: 'carried' }],
  ] as const)('%s, asked to %s', async (login, mode, said) => {
    expect(await mayOf(login, mode)).toEqual(said);
  });

  test("a key's forced command says what it may, whatever is asked for", async () => {
    const key = (alias: string, words: string) => {
      const { file } = sshd.addKey('far-root', alias, `restrict,command="${words}"`);
      return [alias, { ...sshd.ssh, configFile: file }] as const;
    };
    const look = key('look', LAID_PROGRAM);
    const change = key('change', `${LAID_PROGRAM} change`);
    expect(await mayOf('far-root', 'change', ...look)).toEqual({ may: 'look', why: 'key', how: 'laid' });
    expect(await mayOf('far-root', 'look', ...look)).toEqual({ may: 'look', why: null, how: 'laid' });
    expect(await mayOf('far-root', 'change', ...change)).toEqual({ may: 'change', why: null, how: 'laid' });
    expect(await mayOf('far-root', 'look', ...change)).toEqual({ may: 'look', why: null, how: 'laid' });
  });

  test('a session that looks is refused every change by the far side', async () => {
    const far = readFileSync(new URL('../../packages/agent/far/castellan-far', import.meta.url), 'latin1');
    const table = /%CHANGES = \(([^;]*)\);/.exec(far)?.[1] ?? '';
    const changes = [...table.matchAll(/([\w-]+)'? => \\&/g)].map(([, name = '']) => name);
    expect(changes.length).toBeGreaterThan(18);
    const node = await DoubleNode.lay();
    const before = node.snapshot();
    const session = await changeSession(sshd, 'far-root', { mode: 'look' });
    await session.request('R', [node.root], 1000);
    for (const change of changes)
      expect([change, session.requestNow('C', [change, '/etc/passwd', '0', '0', '0'], 1000)]).toEqual([
        change,
        { kind: 'refused', code: 'EREFUSED', at: Buffer.from('this session may only look') },
      ]);
    await session.close();
    expect(node.snapshot()).toEqual(before);
    node.remove();
  });

  test('where the node is audit-only nobody changes anything', async () => {
    const file = join(sshd.folder, 'audit-only');
    const text = (program: Buffer) =>
      Buffer.from(program.toString('latin1').replace("'/etc/castellan/audit-only'", `'${file}'`), 'latin1');
    const hello = async () => {
      const session = await changeSession(sshd, 'far-root', { text });
      await session.close();
      return session.hello;
    };
    expect(await hello()).toMatchObject({ may: 'change' });
    writeFileSync(file, '');
    expect(await hello()).toMatchObject({ may: 'look', why: 'audit-only' });
  });
}, ['openssh-server', 'openssh-client', 'tcsh', 'sudo']);
