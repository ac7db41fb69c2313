import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAULT_NAMES, type FaultName } from '../lay/faults/index.js';
import { layNode } from '../lay/node.js';
import { startNode, stopNode } from '../running/start-node.js';
import { type Started, start } from './processes.js';
import { Receiver, type Page } from './receiver.js';
import { Rest } from './rest.js';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');
export const SERVER = join(ROOT, 'packages/server/bin/castellan-server.js');
export const AGENT = join(ROOT, 'packages/agent/bin/castellan-agent.js');
const UP_MS = 30_000;
const REMEDIATIONS = ['certificate-renew', 'permissions-repair', 'securecreds-enable', 'tls-protocols'];

export interface FleetNode {
  readonly name: string;
  readonly tree: string;
  /** The agent's settings file. */
  readonly settings: string;
  readonly faults: readonly FaultName[];
  agent: Started;
}

/** A server, agents on stand-in nodes, and somebody on call: all on this machine, all in one temporary folder. */
export interface Fleet {
  readonly folder: string;
  readonly console: string;
  readonly agentsUrl: string;
  readonly user: { readonly name: string; readonly password: string };
  readonly rest: Rest;
  readonly receiver: Receiver;
  readonly nodes: readonly FleetNode[];
  readonly server: Started;
  readonly serverSettings: string;
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly nodes: readonly { readonly name: string; readonly faults: readonly FaultName[] }[];
  readonly onPage: (page: Page) => void;
  readonly say: (line: string) => void;
  readonly keep?: boolean;
}

export const DEMO_NODES: FleetOptions['nodes'] = [
  { name: 'mta1.example.com', faults: FAULT_NAMES },
  { name: 'mta2.example.com', faults: ['root-umask', 'webui-key-open'] },
];

/** Starts everything in order. What was started is stopped again when a later part fails. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-demo-')));
  const undo: (() => Promise<void> | void)[] = [() => (options.keep ? undefined : rmSync(folder, { recursive: true, force: true }))];
  const stop = async () => {
    for (const one of undo.reverse()) await one();
  };
  try {
    const receiver = new Receiver(options.onPage);
    const target = await receiver.start();
    undo.push(() => receiver.stop());
    const { server, settings, console: consoleUrl, agentsUrl, user } = await startServer(folder);
    undo.push(() => server.stop());
    const rest = new Rest(consoleUrl);
    await rest.signIn(user.name, user.password);
    const made = await rest.post<{ secret: string }>('/targets', { name: 'on-call', url: target, enabled: true, severityMin: 'low' });
    receiver.expectSecret(made.secret);
    const nodes: FleetNode[] = [];
    for (const { name, faults } of options.nodes) {
      options.say(`laying ${name}, with ${faults.length === 0 ? 'nothing wrong' : `${faults.length} faults`}`);
      const node = await startAgent({ folder, name, faults, rest, agentsUrl, undo });
      nodes.push(node);
    }
    return { folder, console: consoleUrl, agentsUrl, user, rest, receiver, nodes, server, serverSettings: settings, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The server's process by its settings file; used again by who wants it killed and started anew. */
export function serve(settings: string, folder: string): Started {
  return start([SERVER, 'serve', '--config', settings], join(folder, 'server.log'));
}

async function startServer(folder: string) {
  const settings = join(folder, 'server.yaml');
  const [people, agents] = await (await import('../lay/free-ports.js')).freePorts(2);
  writeFileSync(
    settings,
    [
      'version: 1',
      `data: ${join(folder, 'server')}`,
      `people: { host: 127.0.0.1, port: ${people} }`,
      `agents: { host: 127.0.0.1, port: ${agents}, hostnames: [localhost, 127.0.0.1] }`,
      'webhook: { allowPrivate: true }',
      '',
    ].join('\n'),
  );
  const user = { name: 'olga', password: randomBytes(12).toString('base64url') };
  const server = serve(settings, folder);
  const ready = JSON.parse(await server.line('"server.ready"', UP_MS)) as { people: string; agents: string };
  execFileSync(process.execPath, [SERVER, 'user', 'create', user.name, '--role', 'admin', '--config', settings], {
    env: { ...process.env, CASTELLAN_PASSWORD: user.password },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { server, settings, console: ready.people, agentsUrl: ready.agents, user };
}

interface AgentStart {
  readonly folder: string;
  readonly name: string;
  readonly faults: readonly FaultName[];
  readonly rest: Rest;
  readonly agentsUrl: string;
  readonly undo: (() => Promise<void> | void)[];
}

async function startAgent({ folder, name, faults, rest, agentsUrl, undo }: AgentStart): Promise<FleetNode> {
  const tree = join(folder, name);
  await layNode(tree, { name, faults });
  undo.push(() => stopNode(tree));
  await startNode(tree);
  const state = join(folder, `${name}.state`);
  mkdirSync(state, { mode: 0o700 });
  const settings = join(folder, `${name}.yaml`);
  writeFileSync(
    settings,
    [
      'version: 1',
      `root: ${tree}`,
      'live: true',
      `state: ${state}`,
      `name: ${name}`,
      `allow: [${REMEDIATIONS.join(', ')}]`,
      `auditOnlyFile: ${join(folder, `${name}.audit-only`)}`,
      '',
    ].join('\n'),
  );
  const token = await rest.post<{ token: string }>('/tokens', { group: 'demo', ttlSeconds: 600, uses: 1 });
  const tokenFile = join(folder, `${name}.token`);
  writeFileSync(tokenFile, `${token.token}\n`, { mode: 0o600 });
  execFileSync(process.execPath, [AGENT, 'enroll', '--server', agentsUrl, '--token-file', tokenFile, '--config', settings], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  rmSync(tokenFile);
  const agent = runAgent(settings, folder, name);
  const node: FleetNode = { name, tree, settings, faults, agent };
  undo.push(() => node.agent.stop());
  return node;
}

export function runAgent(settings: string, folder: string, name: string): Started {
  return start([AGENT, 'run', '--config', settings], join(folder, `${name}.log`));
}
