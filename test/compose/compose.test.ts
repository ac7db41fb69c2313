import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPresent } from '../../tools/real-parts.mjs';
import { misfits } from '../standin/dist/demo/expected.js';
import { type FindingRow, type NodeRow, type Page, Rest } from '../standin/dist/demo/rest.js';
import { until } from '../standin/dist/demo/wait.js';
import { FAULT_NAMES, type FaultName } from '../standin/dist/lay/faults/index.js';
import { freePorts } from '../standin/dist/lay/free-ports.js';
import { stopNode } from '../standin/dist/running/start-node.js';
import { EntryProcess } from './entry-process.js';
import { nodeParts } from './node-parts.js';

const TEST_MS = 300_000;
const WAIT_MS = 120_000;
const SERVICES = ['ecconfigd', 'ecelerity', 'ecwebconsole', 'msyspg'];
const form =
  process.getuid?.() === 0 && nodeParts().every(({ program }) => isPresent(program)) ? 'real' : 'doubles';
const NODES: readonly {
  readonly home: string;
  readonly name: string;
  readonly faults: readonly FaultName[];
}[] = [
  { home: 'mta1', name: 'mta1.example.com', faults: FAULT_NAMES },
  { home: 'mta2', name: 'mta2.example.com', faults: ['ecconfigd-certificate-expired', 'webui-key-open'] },
];

// What the volumes are for containers. The services of real nodes run as users of their own, who must get here.
const dir = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-compose-')));
chmodSync(dir, 0o755);
const place = (...path: string[]) => join(dir, ...path);
const shared = { ENTRY_ENROLMENT: place('enrolment'), ENTRY_PAGING: place('paging') };

let ports: readonly number[] = [];
let started: Record<string, EntryProcess> = {};
let password = '';
let bystander: ChildProcess | null = null;

beforeAll(async () => {
  ports = await freePorts(3);
});

afterAll(async () => {
  bystander?.kill();
  await Promise.all(Object.values(started).map((entry) => entry.stop()));
  for (const { home } of NODES) await stopNode(place(home, 'tree'));
  rmSync(dir, { recursive: true, force: true });
});

/** What compose starts, in any order: each waits for what it needs. */
function startAll(): Record<string, EntryProcess> {
  const [people = 0, agents = 0, pager = 0] = ports.map(String);
  const nodes = NODES.map(({ home, name, faults }) => [
    home,
    new EntryProcess('node.sh', {
      ...shared,
      STANDIN_HOME: place(home),
      STANDIN_NAME: name,
      STANDIN_FAULTS: faults === FAULT_NAMES ? 'all' : faults.join(' '),
      STANDIN_FORM: form,
      ENTRY_SERVER: `https://127.0.0.1:${agents}`,
    }),
  ]);
  started = {
    ...Object.fromEntries(nodes),
    receiver: new EntryProcess('receiver.sh', { ...shared, RECEIVER_PORT: String(pager) }),
    server: new EntryProcess('server.sh', {
      ...shared,
      CASTELLAN_DATA: place('server'),
      CASTELLAN_PEOPLE_PORT: String(people),
      CASTELLAN_AGENTS_HOST: '127.0.0.1',
      CASTELLAN_AGENTS_HOSTNAMES: '127.0.0.1',
      CASTELLAN_AGENTS_PORT: String(agents),
      CASTELLAN_WEBHOOK_ALLOW_PRIVATE: 'true',
      ENTRY_WEBHOOK_URL: `http://127.0.0.1:${pager}/page`,
    }),
  };
  return started;
}

/** Waits as `until` does, and tells what they said when one of the processes is gone. */
function untilTrue(what: string, ask: () => Promise<boolean> | boolean): Promise<true> {
  return until(what, WAIT_MS, async () => {
    for (const [name, entry] of Object.entries(started))
      if (entry.hasEnded) throw new Error(`${name} has ended while waiting for: ${what}\n${entry.said}`);
    return (await ask()) || null;
  });
}

async function signIn(): Promise<Rest> {
  const rest = new Rest(`http://127.0.0.1:${ports[0]}`);
  await untilTrue('the server is ready', () => said('server').includes('"server.ready"'));
  password = /password (\S+) /.exec(said('server'))?.[1] ?? password;
  await rest.signIn('admin', password);
  return rest;
}

const said = (name: string) => started[name]?.said ?? '';
const items = async <T>(rest: Rest, path: string) => (await rest.get<Page<T>>(path)).items;
const openFindings = (rest: Rest) => items<FindingRow>(rest, '/findings?state=open&limit=500');

async function nodesWhenConnected(rest: Rest): Promise<readonly NodeRow[]> {
  await untilTrue('both nodes are connected', async () => {
    const nodes = await items<NodeRow>(rest, '/nodes');
    return NODES.every(({ name }) => nodes.some((node) => node.name === name && node.connected));
  });
  return items<NodeRow>(rest, '/nodes');
}

function status(home: string, service: string): Promise<string> {
  return new Promise((resolve) =>
    execFile(place(home, 'tree/etc/init.d', service), ['status'], (_error, stdout) => resolve(stdout.trim())),
  );
}

async function stopAll(): Promise<void> {
  const codes = await Promise.all(
    Object.entries(started).map(async ([name, one]) => [name, await one.stop()]),
  );
  expect(Object.fromEntries(codes)).toEqual({ mta1: 0, mta2: 0, receiver: 0, server: 0 });
  for (const { home } of NODES)
    for (const service of SERVICES) expect(await status(home, service)).toBe(`${service} is stopped`);
}

let before: { nodes: readonly NodeRow[]; findings: readonly FindingRow[] } = { nodes: [], findings: [] };

/** The nodes that on-call's pages of a control name, in the headline or below it. */
function namesIn(printed: string, control: string): string[] {
  const pages = printed.split('PAGE  ').filter((page) => page.startsWith(`${control}  [critical]`));
  return NODES.map(({ name }) => name).filter((name) => pages.some((page) => page.includes(name)));
}

test(
  `the entry scripts bring up a server, two nodes (${form}) and on-call, who is paged; nobody does anything`,
  async () => {
    // As if a first start had been cut off while it laid the tree.
    mkdirSync(place('mta2', 'tree'), { recursive: true });
    writeFileSync(place('mta2', 'tree', 'half'), '');
    startAll();
    const rest = await signIn();
    const nodes = await nodesWhenConnected(rest);
    for (const { name, faults } of NODES) {
      const seen = async () => (await openFindings(rest)).filter(({ node }) => node.name === name);
      await untilTrue(
        `the faults of ${name} are findings`,
        async () => misfits(faults, await seen()).length === 0,
      );
      await untilTrue(`a page for ${name}`, () => namesIn(said('receiver'), 'MOM-CRT-006').includes(name));
    }
    // What is judged of both together comes after what is said of each.
    await untilTrue('the group is judged', async () =>
      (await openFindings(rest)).some(({ control }) => control === 'MOM-CRED-002'),
    );
    expect(existsSync(place('mta2', 'tree', 'half'))).toBe(false);
    before = { nodes, findings: await openFindings(rest) };
    await stopAll();
  },
  TEST_MS,
);

test(
  'started again they are the same fleet: nobody enrols, nothing is made, and no password is printed',
  async () => {
    expect(before.nodes).toHaveLength(NODES.length);
    // As if the first start had been cut off between making the target and noting that.
    rmSync(place('server', 'first-start', 'target'));
    // As if the container was killed and is another one now: the number in the pid file is somebody else's.
    writeFileSync(place('mta1', 'life'), 'of another container\n');
    bystander = spawn('sleep', ['1000'], { stdio: 'ignore' });
    writeFileSync(place('mta1', 'tree/var/run/standin/ecconfigd.pid'), `${bystander.pid}\n`);
    startAll();
    const rest = await signIn();
    const nodes = await nodesWhenConnected(rest);
    expect(nodes.map(({ id }) => id).sort()).toEqual(before.nodes.map(({ id }) => id).sort());
    expect((await openFindings(rest)).map(({ id }) => id).sort()).toEqual(
      before.findings.map(({ id }) => id).sort(),
    );
    expect(await items(rest, '/tokens')).toMatchObject([{ usesTotal: 2, usesLeft: 0 }]);
    expect(await items(rest, '/targets')).toMatchObject([{ name: 'on-call', health: { state: 'healthy' } }]);
    const acts = (await items<{ action: string; outcome: string }>(rest, '/audit?limit=500')).map(
      ({ action }) => action,
    );
    expect(acts.filter((action) => action === 'node.enrol')).toHaveLength(NODES.length);
    expect(acts.filter((action) => action === 'user.create')).toHaveLength(1);
    expect(said('server')).not.toContain('password');
    expect(said('mta1')).toContain('Starting ecconfigd: [  OK  ]');
    expect(said('mta1') + said('mta2')).not.toContain('Enrolled');
    await stopAll();
    expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
  },
  TEST_MS,
);
