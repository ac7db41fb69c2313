import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { EACH_ALERT_ALONE, Fleet, type FleetOptions, type PlantedNode } from '../standin/dist/demo/fleet.js';
import { Operator } from '../standin/dist/demo/operator.js';
import type { FindingRow, Page } from '../standin/dist/demo/rest.js';
import { until } from '../standin/dist/demo/wait.js';

export const NODE = 'mta1.example.com';
export const KEYS = {
  ecconfigd: 'var/ecconfigd/apache/server.key',
  ecwebui: 'opt/msys/ecwebui/config/site/server.key',
} as const;
/** No test of ours asks how long something takes: this is what only a failure reaches. */
export const WAIT_MS = 120_000;

const SILENT = { plain: () => undefined };
const REPOSITORY = join(import.meta.dirname, '../..');

/** A server, a receiver of its pages, and nodes with their agents: all real processes. Nothing is wrong but the faults asked for. */
export async function startFleet(
  faults: PlantedNode['faults'] = [],
  options: FleetOptions & { readonly prepare?: (fleet: Fleet) => void } = {},
): Promise<Fleet> {
  const all = { alerts: EACH_ALERT_ALONE, ...options };
  return started(new Fleet(SILENT, [{ name: NODE, faults }], all), async (fleet) => {
    await fleet.layNodes();
    options.prepare?.(fleet);
    await fleet.startServer();
    await fleet.startReceiver();
    await fleet.startAgents();
    await connected(fleet);
  });
}

/** A server alone, for tests that play its nodes themselves: they may be silent. */
export function startServerOnly(): Promise<Fleet> {
  return started(new Fleet(SILENT, [], { heartbeatMs: 600_000, alerts: EACH_ALERT_ALONE }), (fleet) =>
    fleet.startServer(),
  );
}

async function started(fleet: Fleet, start: (fleet: Fleet) => Promise<void>): Promise<Fleet> {
  try {
    await start(fleet);
    return fleet;
  } catch (error) {
    await fleet.stop({ keep: false });
    throw error;
  }
}

/** A token for one node, as the console makes it. */
export async function newToken(fleet: Fleet): Promise<string> {
  const order = { group: 'mta', ttlSeconds: 600, uses: 1 };
  return (await fleet.rest.post<{ token: string }>('/tokens', order)).token;
}

export function operatorOf(fleet: Fleet): Operator {
  return new Operator(fleet, SILENT);
}

export async function connected(fleet: Fleet): Promise<void> {
  await until('the node is connected', WAIT_MS, async () => {
    const { items } = await fleet.rest.get<Page<{ connected: boolean }>>('/nodes');
    return items.some((node) => node.connected) || null;
  });
}

export interface FindingPage extends FindingRow {
  readonly history: readonly { readonly from: string | null; readonly to: string }[];
}

/** Every finding that ever was, with what became of it. */
export async function findings(fleet: Fleet): Promise<FindingPage[]> {
  const { items } = await fleet.rest.get<Page<FindingRow>>('/findings?state=all&limit=500');
  return Promise.all(items.map(({ id }) => fleet.rest.get<FindingPage>(`/findings/${id}`)));
}

export async function findingIs(fleet: Fleet, control: string, state: string): Promise<FindingPage> {
  return until(`${control} is ${state}`, WAIT_MS, async () => {
    const found = (await findings(fleet)).find((finding) => finding.control === control);
    return found?.state === state ? found : null;
  });
}

export function pathIn(fleet: Fleet, path: string): string {
  const [node] = fleet.nodes;
  if (!node) throw new Error('no node was laid');
  return join(node.dir, path);
}

export function setMode(fleet: Fleet, path: string, mode: number): void {
  chmodSync(pathIn(fleet, path), mode);
}

/** What the agent of the node has logged since it was enrolled, as one text. */
export function agentLog(fleet: Fleet): string {
  const file = join(fleet.agentFolder(NODE), 'agent.log');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Waits until the agent's log holds `text` more often than before. */
export async function agentLogs(fleet: Fleet, text: string, times = 1): Promise<void> {
  await until(`the agent logs ${text}`, WAIT_MS, () =>
    agentLog(fleet).split(text).length > times ? true : null,
  );
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command of Castellan to its end, as a person would type it. */
export function typed(program: 'agent' | 'server', args: readonly string[], stdin = ''): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const path = join(REPOSITORY, `packages/${program}/bin/castellan-${program}.js`);
    const child = spawn(process.execPath, [path, ...args], { timeout: WAIT_MS, killSignal: 'SIGKILL' });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(stdin);
  });
}

/** What SQLite itself says of the server's file, and what the server says of its audit. */
export async function storeHealth(fleet: Fleet): Promise<{ integrity: string; audit: Ended }> {
  const [row] = await query<{ integrity_check: string }>(fleet, 'pragma integrity_check');
  return {
    integrity: row?.integrity_check ?? 'nothing',
    audit: await typed('server', ['audit', 'verify', '--config', fleet.settingsFile]),
  };
}

/** Reads from the server's file beside the server. */
export function query<T>(fleet: Fleet, sql: string): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(
      join(fleet.dir, 'server/castellan.db'),
      sqlite3.OPEN_READONLY,
      (opening) => {
        if (opening) return reject(opening);
        database.all<T>(sql, (problem, rows) => {
          database.close(() => (problem ? reject(problem) : resolve(rows)));
        });
      },
    );
  });
}
