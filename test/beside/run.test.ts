import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { laidNodes } from '../nodes/node.js';
import { describeReal } from '../real/parts.js';
import {
  AGENT,
  beginBeside,
  KEY,
  LOGIN,
  NAMES,
  type NodeRow,
  nodesOf,
  openOf,
  seen,
  sessions,
  stopped,
} from './running.js';
import { Sshd } from './sshd.js';

describeReal('one agent looks after several nodes from beside', () => {
  const sshds: Sshd[] = [];
  beforeAll(async () => {
    for (const _ of NAMES) sshds.push(await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]));
  });
  afterAll(() => {
    for (const sshd of sshds) sshd.stop();
  });
  const newNode = laidNodes();

  const begin = () =>
    beginBeside(
      NAMES.map(() => newNode()),
      sshds,
    );

  test('each is enrolled by itself, is judged, and a change on one reaches the server', async () => {
    const beside = await begin();
    const rows = await seen(beside, 'both report', async () => {
      const all = await nodesOf(beside);
      return all.length === NAMES.length && all.every(({ connected }) => connected) ? all : null;
    });
    expect(rows.map(({ name }) => name).sort()).toEqual([...NAMES]);
    const first = rows.find(({ name }) => name === NAMES[0]);
    expect(first?.description).toMatchObject({ beside: { through: `${LOGIN}@node1`, intervalS: 2 } });
    const detail = await seen(beside, 'its verdicts are there', async () => {
      const { body } = await beside.api('GET', `/nodes/${first?.id}`);
      const node = body as NodeRow;
      return node.verdicts.length > 20 ? node : null;
    });
    expect(detail.watchers).toMatchObject([
      { name: 'files', everyS: 2 },
      { name: 'trees', everyS: expect.any(Number) },
    ]);
    // Nothing is shared, and nobody else may read it.
    for (const name of NAMES) {
      const state = join(beside.folder, 'state', name);
      expect(readdirSync(state)).toEqual(expect.arrayContaining(['agent.lock', 'identity']));
      expect(statSync(join(state, 'identity')).mode & 0o777).toBe(0o700);
      expect(statSync(join(state, 'identity/key.pem')).mode & 0o777).toBe(0o600);
    }
    const keys = NAMES.map((name) =>
      readFileSync(join(beside.folder, 'state', name, 'identity/key.pem'), 'utf8'),
    );
    expect(new Set(keys).size).toBe(NAMES.length);

    // A second process would send the records of the first.
    const second = spawn(process.execPath, [AGENT, 'run', '--beside', join(beside.folder, 'nodes.yaml')]);
    let told = '';
    second.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString('utf8');
    });
    const [code] = await once(second, 'close');
    expect([code, told]).toEqual([
      1,
      expect.stringContaining(`${NAMES[0]} is in use by the agent of process`),
    ]);

    const before = await openOf(beside, NAMES[0]);
    chmodSync(beside.nodes[0]?.at(KEY) ?? '', 0o666);
    await seen(
      beside,
      'the change is a finding',
      async () => (await openOf(beside, NAMES[0])).some((control) => !before.includes(control)) || null,
    );
    expect(await openOf(beside, NAMES[1])).toEqual(before);
    expect(sessions(beside.agent)).toHaveLength(NAMES.length);
    await stopped(beside.agent);
    expect(beside.agent.exitCode).toBe(0);
  });

  test('a session that is killed is made anew, and a node that cannot be reached is silent', async () => {
    const beside = await begin();
    const connected = async (name: string) =>
      (await nodesOf(beside)).find((node) => node.name === name)?.connected ?? null;
    for (const name of NAMES) await seen(beside, `${name} reports`, () => connected(name));
    const before = sessions(beside.agent);
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await seen(beside, 'new sessions', async () => {
      const now = sessions(beside.agent);
      return now.length === NAMES.length && now.every((pid) => !before.includes(pid)) ? true : null;
    });
    for (const name of NAMES) await seen(beside, `${name} reports again`, () => connected(name));

    await sshds[1]?.deafen();
    for (const pid of sessions(beside.agent)) process.kill(pid, 'SIGKILL');
    await seen(
      beside,
      'the second node is silent',
      async () => (await openOf(beside, NAMES[1])).includes('CAS-NODE-001') || null,
    );
    await seen(beside, 'the first reports', () => connected(NAMES[0]));
    expect(await connected(NAMES[1])).toBe(false);
    await sshds[1]?.listen();
    await seen(beside, 'the second reports', () => connected(NAMES[1]));
    await seen(
      beside,
      'its silence is over',
      async () => !(await openOf(beside, NAMES[1])).includes('CAS-NODE-001') || null,
    );
    const last = sessions(beside.agent);
    await stopped(beside.agent);
    for (const pid of last) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
}, ['openssh-server', 'openssh-client']);
