import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ECUSER, laidNodes, type TestNode } from '../nodes/node.js';
import { describeReal } from '../real/parts.js';
import { childrenOf } from '../standin/dist/running/processes-below.js';
import {
  allReport,
  approved,
  type Beside,
  beginBeside,
  endOf,
  FINAL,
  KEY,
  LOGIN,
  NAMES,
  nodeId,
  openOf,
  runOf,
  SLUG,
  seen,
  sessions,
  stopped,
} from './running.js';
import { Sshd } from './sshd.js';

const UNREADABLE = 'MOM-PERM-003';
/** Each is a file that ecelerity cannot read: a run that mends them all has a middle. */
const FILES = 30;
const fileOf = (number: number): string => join(dirname(KEY), `more-${number}.conf`);
describeReal('plans and runs of nodes that are looked after from beside', () => {
  const sshds: Sshd[] = [];
  const newNode = laidNodes();
  let states: string[] = [];
  let nodes: TestNode[] = [];

  beforeEach(async () => {
    nodes = NAMES.map(() => newNode());
    // Where each node has its own state folder.
    states = NAMES.map(() => mkdtempSync(join(tmpdir(), 'castellan-far-state-')));
    for (const state of states)
      sshds.push(
        await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }], '', [[state, '/var/lib']]),
      );
  });
  afterEach(() => {
    for (const sshd of sshds.splice(0)) sshd.stop();
    for (const state of states) rmSync(state, { recursive: true });
  });

  const journal = (index: number): string => {
    const folder = join(states[index] ?? '', 'castellan/journal');
    if (!existsSync(folder)) return '';
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('');
  };

  function spoil(node: TestNode | undefined, count = 1): void {
    for (let number = 0; number < count; number += 1) {
      const file = node?.at(fileOf(number)) ?? '';
      writeFileSync(file, '# nothing\n', { mode: 0o600 });
    }
  }

  const isMended = (node: TestNode | undefined) => statSync(node?.at(fileOf(0)) ?? '').uid === ECUSER.uid;

  test('is planned, approved and carried out; where the file does not allow it, it is refused in words', async () => {
    const beside = await beginBeside(nodes, sshds, [[`allow: [${SLUG}]`]]);
    await allReport(beside);
    for (const node of nodes) spoil(node);
    const ids = await Promise.all(NAMES.map((name) => nodeId(beside, name)));
    const open = await seen(beside, 'both are findings', async () => {
      const found = await Promise.all(NAMES.map((name) => openOf(beside, name)));
      return found.every((controls) => controls.includes(UNREADABLE)) ? found : null;
    });
    expect(open[0]).toEqual(open[1]);

    const done = await endOf(beside, await approved(beside, ids[0] ?? '', fileOf(0)));
    expect(done, JSON.stringify(done)).toMatchObject({ state: 'done', error: null });
    expect(done.events.map(({ index }) => index)).toEqual(done.events.map((_, at) => at + 1));
    expect(isMended(nodes[0])).toBe(true);
    await seen(
      beside,
      'the finding resolves',
      async () => !(await openOf(beside, NAMES[0])).includes(UNREADABLE),
    );

    const refused = await endOf(beside, await approved(beside, ids[1] ?? '', fileOf(0)));
    expect(refused).toMatchObject({ state: 'refused', error: 'CAS_COMMAND_NOT_ALLOWED' });
    expect(JSON.stringify(refused.events)).toContain("is not in this node's allow-list");
    expect(isMended(nodes[1])).toBe(false);
    expect(journal(1)).toBe('');
    await stopped(beside.agent);
    expect(beside.agent.exitCode).toBe(0);
  });

  test('a worker that stands still keeps nobody waiting; one that is killed is recovered, and it is told', async () => {
    const beside = await beginBeside(nodes, sshds, [[`allow: [${SLUG}]`]]);
    await allReport(beside);
    spoil(nodes[0], FILES);
    await seen(beside, 'the finding', async () => (await openOf(beside, NAMES[0])).includes(UNREADABLE));
    const runId = await approved(beside, await nodeId(beside, NAMES[0]), fileOf(0));
    const worker = await middleOf(beside, () => journal(0));
    process.kill(worker, 'SIGSTOP');
    expect(journal(0)).not.toContain('"t":"closed"');
    const ssh = childrenOf(worker);
    expect(ssh.length).toBeGreaterThan(0);

    spoil(nodes[1]);
    await seen(beside, 'the other node is polled', async () =>
      (await openOf(beside, NAMES[1])).includes(UNREADABLE),
    );
    expect(FINAL).not.toContain((await runOf(beside, runId)).state);
    process.kill(worker, 'SIGKILL');

    const end = await endOf(beside, runId);
    expect(end, JSON.stringify(end)).toMatchObject({ state: 'rolledBack', error: 'CAS_RUN_STEP_FAILED' });
    expect(end.events.map(({ index }) => index)).toEqual(end.events.map((_, at) => at + 1));
    expect(isMended(nodes[0])).toBe(false);
    expect(await openOf(beside, NAMES[0])).toContain(UNREADABLE);
    for (const pid of ssh) expect(() => process.kill(pid, 0)).toThrow('ESRCH');

    const again = await endOf(beside, await approved(beside, await nodeId(beside, NAMES[0]), fileOf(0)));
    expect(again).toMatchObject({ state: 'done' });
    expect(isMended(nodes[0])).toBe(true);
  });

  test('the agent is stopped in the middle: the run has its time, and its end is told by the next', async () => {
    const beside = await beginBeside(nodes, sshds, [[`allow: [${SLUG}]`]]);
    await allReport(beside);
    spoil(nodes[0], FILES);
    await seen(beside, 'the finding', async () => (await openOf(beside, NAMES[0])).includes(UNREADABLE));
    const runId = await approved(beside, await nodeId(beside, NAMES[0]), fileOf(0));
    const worker = await middleOf(beside, () => journal(0));
    const all = [worker, ...childrenOf(worker), ...sessions(beside.agent)];
    await stopped(beside.agent);
    expect(beside.agent.exitCode).toBe(0);
    expect(isMended(nodes[0])).toBe(true);
    for (const pid of all) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    const next = beside.again();
    expect(await endOf(next, runId)).toMatchObject({ state: 'done' });
  });
}, ['openssh-server', 'openssh-client']);

/** The worker that carries a run out, as soon as the node's journal tells of its first step. */
async function middleOf(beside: Beside, journal: () => string): Promise<number> {
  for (let looks = 0; looks < 60_000 && beside.agent.exitCode === null; looks += 1) {
    if (journal().includes('"t":"begin"')) break;
    await delay(1);
  }
  const workers = sessions(beside.agent).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('beside-worker'),
  );
  expect(workers, beside.log()).toHaveLength(1);
  return workers[0] ?? 0;
}
