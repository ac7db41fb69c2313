import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { RunningServer } from '../../packages/server/src/app/server.js';
import { type Caller, newToken, signedIn, startTestServer } from '../../packages/server/testing/server.js';
import { laidNodes, type TestNode } from '../nodes/node.js';
import { describeReal } from '../real/parts.js';
import { Sshd } from './sshd.js';

const AGENT = new URL('../../packages/agent/bin/castellan-agent.js', import.meta.url).pathname;
const LOGIN = 'far-root';
const NAMES = ['mta1.example.com', 'mta2.example.com'] as const;
const KEY = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
/** What only a failure reaches. */
const WAIT_MS = 60_000;

interface Beside {
  readonly server: RunningServer;
  readonly nodes: readonly TestNode[];
  readonly agent: ChildProcess;
  readonly folder: string;
  readonly api: Caller;
  log(): string;
}

describeReal('one agent looks after several nodes from beside', () => {
  const sshds: Sshd[] = [];
  beforeAll(async () => {
    for (const _ of NAMES) sshds.push(await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]));
  });
  afterAll(() => {
    for (const sshd of sshds) sshd.stop();
  });
  const newNode = laidNodes();

  /** Each node at an sshd of its own. */
  async function begin(): Promise<Beside> {
    const server = await startTestServer({ options: { heartbeatMs: 1000 } });
    const folder = mkdtempSync(join(tmpdir(), 'castellan-run-beside-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const nodes = NAMES.map(() => newNode());
    writeFileSync(join(folder, 'token'), await newToken(server, { uses: NAMES.length }), { mode: 0o600 });
    const entries = nodes.map(({ dir }, index) => [
      `  - name: ${NAMES[index]}`,
      `    host: ${LOGIN}@node${index + 1}`,
      `    sshConfig: ${sshds[index]?.config}`,
      `    knownHosts: ${sshds[index]?.knownHosts}`,
      `    root: ${dir}`,
    ]);
    const file = join(folder, 'nodes.yaml');
    writeFileSync(
      file,
      [
        'version: 1',
        `state: ${folder}/state`,
        `server: ${server.agentsUrl}`,
        `tokenFile: ${folder}/token`,
        'interval: 2',
        'assumeMomentum: 3.6.6',
        'nodes:',
        ...entries.flat(),
      ].join('\n'),
    );
    const agent = spawn(process.execPath, [AGENT, 'run', '--beside', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    agent.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    onTestFinished(async () => stopped(agent));
    return { server, nodes, agent, folder, api: await signedIn(server), log: () => log };
  }

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

    // Nothing is changed from beside: whoever asks is told.
    const order = { nodeId: first?.id, remediation: 'tls-protocols', params: {} };
    const { body: plan } = await beside.api('POST', '/plans', order);
    await seen(beside, 'the plan is refused', async () => {
      const { body } = await beside.api('GET', `/plans/${(plan as { id: string }).id}`);
      return JSON.stringify(body).includes('nothing is changed from there') || null;
    });
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

interface NodeRow {
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
  readonly description: unknown;
  readonly watchers: unknown;
  readonly verdicts: readonly unknown[];
}

async function nodesOf({ api }: Beside): Promise<readonly NodeRow[]> {
  const { body } = await api('GET', '/nodes');
  return (body as { readonly items: readonly NodeRow[] }).items;
}

/** Controls that have an open finding. */
async function openOf({ api }: Beside, name: string): Promise<string[]> {
  const { body } = await api('GET', '/findings?limit=500');
  const { items } = body as {
    readonly items: readonly { control: string; state: string; node: { name: string } }[];
  };
  return items
    .filter(({ node, state }) => node.name === name && state === 'open')
    .map(({ control }) => control)
    .sort();
}

/** The ssh clients of the agent. */
function sessions(agent: ChildProcess): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return state !== 'Z' && Number(parent) === agent.pid;
      } catch {
        return false;
      }
    });
}

async function seen<T>(
  { log, agent }: Beside,
  what: string,
  look: () => Promise<T | null | false>,
): Promise<T> {
  for (const end = performance.now() + WAIT_MS; performance.now() < end; await delay(100)) {
    const found = await look();
    if (found) return found;
    if (agent.exitCode !== null) break;
  }
  throw new Error(`not seen: ${what}\n${log()}`);
}

async function stopped(agent: ChildProcess): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  const ended = once(agent, 'exit');
  agent.kill('SIGTERM');
  await ended;
}
