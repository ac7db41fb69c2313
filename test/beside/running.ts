import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { RunningServer } from '../../packages/server/src/app/server.js';
import { readCatalogue } from '../../packages/server/src/services/catalogue.js';
import { type Caller, newToken, signedIn, startTestServer } from '../../packages/server/testing/server.js';
import type { TestNode } from '../nodes/node.js';
import { childrenOf } from '../standin/dist/running/processes-below.js';
import type { Sshd } from './sshd.js';

export const AGENT = new URL('../../packages/agent/bin/castellan-agent.js', import.meta.url).pathname;
export const LOGIN = 'far-root';
export const NAMES = ['mta1.example.com', 'mta2.example.com'] as const;
export const KEY = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
/** The remediation that runs of tests carry out. */
export const SLUG = 'permissions-repair';
/** What only a failure reaches. */
const WAIT_MS = 300_000;

export interface Beside {
  readonly server: RunningServer;
  readonly nodes: readonly TestNode[];
  readonly agent: ChildProcess;
  readonly folder: string;
  readonly api: Caller;
  log(): string;
  /** The agent anew, on the same file and state. */
  again(): Beside;
}

/** One agent and a server; each node at an sshd of its own. `more`: lines of the file of nodes, for each node; `ways`: how each is reached. */
export async function beginBeside(
  nodes: readonly TestNode[],
  sshds: readonly Sshd[],
  more: readonly (readonly string[])[] = [],
  ways: (index: number) => readonly string[] = (index) => [
    `host: ${LOGIN}@node${index + 1}`,
    `sshConfig: ${sshds[index]?.config}`,
    `root: ${nodes[index]?.dir}`,
  ],
): Promise<Beside> {
  const server = await startTestServer({ options: { heartbeatMs: 1000, catalogue: readCatalogue() } });
  const folder = mkdtempSync(join(tmpdir(), 'castellan-run-beside-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'token'), await newToken(server, { uses: NAMES.length }), { mode: 0o600 });
  const entries = nodes.map((_, index) => [
    `  - name: ${NAMES[index]}`,
    `    knownHosts: ${sshds[index]?.knownHosts}`,
    ...[...ways(index), ...(more[index] ?? [])].map((line) => `    ${line}`),
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
  const api = await signedIn(server);
  const start = (): Beside => {
    const agent = spawn(process.execPath, [AGENT, 'run', '--beside', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    agent.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString('utf8');
    });
    onTestFinished(async () => stopped(agent));
    return { server, nodes, agent, folder, api, log: () => log, again: start };
  };
  return start();
}

export interface NodeRow {
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
  readonly description: unknown;
  readonly watchers: unknown;
  readonly verdicts: readonly unknown[];
}

export async function nodesOf({ api }: Beside): Promise<readonly NodeRow[]> {
  const { body } = await api('GET', '/nodes');
  return (body as { readonly items: readonly NodeRow[] }).items;
}

/** Controls that have an open finding. */
export async function openOf({ api }: Beside, name: string): Promise<string[]> {
  const { body } = await api('GET', '/findings?limit=500');
  const { items } = body as {
    readonly items: readonly { control: string; state: string; node: { name: string } }[];
  };
  return items
    .filter(({ node, state }) => node.name === name && state === 'open')
    .map(({ control }) => control)
    .sort();
}

/** The children of the agent: its ssh clients, and workers. */
export function sessions(agent: ChildProcess): number[] {
  return childrenOf(agent.pid ?? 0);
}

export async function seen<T>(
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

export async function stopped(agent: ChildProcess): Promise<void> {
  if (agent.exitCode !== null || agent.signalCode !== null) return;
  const ended = once(agent, 'exit');
  agent.kill('SIGTERM');
  await ended;
}

export const FINAL = ['done', 'doneInPart', 'refused', 'stale', 'expired', 'rolledBack', 'rollbackFailed'];

export interface RunRow {
  readonly state: string;
  readonly error: string | null;
  readonly events: readonly { readonly index: number; readonly state: string; readonly line: string }[];
}

interface PlanRow {
  readonly state: string;
  readonly plan: { readonly digest: string; readonly changes: readonly { readonly target: string }[] } | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

/** Every node has a link to the server. */
export async function allReport(beside: Beside): Promise<void> {
  await seen(beside, 'both report', async () => {
    const all = await nodesOf(beside);
    return all.length === NAMES.length && all.every(({ connected }) => connected);
  });
}

export async function nodeId(beside: Beside, name: string): Promise<string> {
  return (await nodesOf(beside)).find((node) => node.name === name)?.id ?? '';
}

/** A plan that a person reads and approves, with the target among its changes: the run's id. */
export async function approved(beside: Beside, id: string, target: string): Promise<string> {
  const { api } = beside;
  const made = await api('POST', '/plans', { nodeId: id, remediation: SLUG, params: {} });
  const { id: planId } = made.body as { readonly id: string };
  const answered = await seen(beside, 'the plan', async () => {
    const { body } = await api('GET', `/plans/${planId}`);
    const row = body as PlanRow;
    return row.state === 'waiting' ? null : row;
  });
  expect(answered, JSON.stringify([made.body, answered, beside.log()])).toMatchObject({
    state: 'ready',
    error: null,
  });
  expect(answered.plan?.changes.map(({ target }) => target)).toContain(target);
  const { body } = await api('POST', `/plans/${planId}/approve`, { digest: answered.plan?.digest });
  return (body as { readonly runId: string }).runId;
}

export async function runOf({ api }: Beside, runId: string): Promise<RunRow> {
  const { body } = await api('GET', `/runs/${runId}`);
  return body;
}

export function endOf(beside: Beside, runId: string): Promise<RunRow> {
  return seen(beside, 'the end of the run', async () => {
    const row = await runOf(beside, runId);
    return FINAL.includes(row.state) ? row : null;
  });
}
