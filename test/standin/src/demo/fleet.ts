import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAULT_NAMES, type FaultName } from '../lay/faults/index.js';
import { type LaidNode, layNode } from '../lay/node.js';
import type { RunningSshd } from '../running/real/sshd.js';
import { startNode, stopNode } from '../running/start-node.js';
import { startBeside } from './beside.js';
import { ALL_DONE } from './guard.js';
import type { Narrator } from './narrator.js';
import { type ProgramName, RunningProgram, runProgram } from './programs.js';
import { WebhookReceiver } from './receiver.js';
import { Rest } from './rest.js';

const ADMIN = 'admin';
const REMEDIATIONS = [
  'certificate-renew',
  'permissions-repair',
  'key-permissions',
  'tls-protocols',
  'tls-old-versions',
  'securecreds-enable',
  'umask-repair',
  'tls-ciphers',
  'dhe-enable',
  'control-listener',
  'ldap-strict',
];

/** The built one, also when this file is read as a source. */
const GUARD = join(dirname(fileURLToPath(import.meta.url)), '../../dist/demo/guard.js');

export interface PlantedNode {
  readonly name: string;
  readonly faults: readonly FaultName[];
  /** No agent runs on it: it is a tree that is looked after from beside, over ssh. */
  readonly isBeside?: boolean;
}

export interface FleetOptions {
  /** Of server and agents. */
  readonly logLevel?: 'info' | 'debug';
  /** A node that misses three is silent, which is a finding. */
  readonly heartbeatMs?: number;
  /** How the server tells of alerts, where its own ways would hide what is looked for. */
  readonly alerts?: typeof EACH_ALERT_ALONE;
  /** What the server's authority for services signs for. */
  readonly serviceDomains?: readonly string[];
  /** What the running server or agents have in their environment besides: a clock of their own, say. */
  readonly environment?: Partial<Readonly<Record<ProgramName, Readonly<Record<string, string>>>>>;
}

/** Every alert has messages of its own, and its end is told at once. */
export const EACH_ALERT_ALONE = { newPerMinuteMax: 10_000, newOfNodeMax: 10_000, stayedAwayMs: 0 } as const;

export const PLANTED: readonly PlantedNode[] = [
  { name: 'mta1.example.com', faults: FAULT_NAMES },
  // Nothing that the story breaks later: an alert that names this node too would go on, and nobody is paged anew.
  { name: 'mta2.example.com', faults: ['ecconfigd-certificate-expired', 'config-unreadable'] },
  { name: 'mta3.example.com', faults: ['config-unreadable'], isBeside: true },
];

export type DemoNode = LaidNode & PlantedNode;

/** Everything that runs in the demo, and how to end it. */
export class Fleet {
  readonly #programs: RunningProgram[] = [];
  readonly nodes: DemoNode[] = [];
  readonly adminName = ADMIN;
  readonly adminPassword = randomBytes(9).toString('base64url');
  readonly dir: string;
  #receiver: WebhookReceiver | null = null;
  #rest: Rest | null = null;
  #server: RunningProgram | null = null;
  #sshd: RunningSshd | null = null;
  #starting: Promise<void> = Promise.resolve();
  #isEnding = false;
  readonly #agents = new Map<string, RunningProgram>();
  readonly #guard: ChildProcess;
  #stopping: Promise<void> | null = null;
  consoleUrl = '';
  agentsUrl = '';

  constructor(
    private readonly narrator: Pick<Narrator, 'plain'>,
    private readonly planted: readonly PlantedNode[] = PLANTED,
    private readonly options: FleetOptions = {},
  ) {
    this.dir = realpathSync(mkdtempSync(join(tmpdir(), 'castellan-demo-')));
    this.#guard = guardOf(this.dir);
  }

  get rest(): Rest {
    if (this.#rest === null) throw new Error('the server is not up yet');
    return this.#rest;
  }

  get receiver(): WebhookReceiver {
    if (this.#receiver === null) throw new Error('the receiver is not up yet');
    return this.#receiver;
  }

  get programs(): readonly RunningProgram[] {
    return this.#programs;
  }

  get hasLostProgram(): RunningProgram | null {
    return this.#programs.find((program) => program.hasEnded) ?? null;
  }

  async layNodes(): Promise<void> {
    for (const { name, faults, isBeside = false } of this.planted) {
      const laid = await layNode(join(this.dir, name), { name, faults });
      // Before it is started: what did start of a node that fails must be stopped too.
      this.nodes.push({ ...laid, name, faults, isBeside });
      if (!isBeside) await startNode(laid.dir);
    }
  }

  async startServer(): Promise<void> {
    writeFileSync(this.settingsFile, this.#serverSettings(0, 0));
    await runProgram(
      'server',
      ['user', 'create', ADMIN, '--role', 'admin', '--config', this.settingsFile],
      `${this.adminPassword}\n`,
    );
    await this.#serve();
    // Started again, it is where the agents know it.
    writeFileSync(this.settingsFile, this.#serverSettings(portOf(this.consoleUrl), portOf(this.agentsUrl)));
  }

  /** Its exit code; null: it was killed. */
  async stopServer(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    if (this.#server === null) throw new Error('the server was not started');
    return this.#server.stop(signal);
  }

  /** The server of before: its data, its ports. */
  async restartServer(): Promise<void> {
    await this.#serve();
  }

  get settingsFile(): string {
    return join(this.dir, 'server.yaml');
  }

  async #serve(): Promise<void> {
    const program = RunningProgram.start(
      'server',
      ['serve', '--config', this.settingsFile],
      join(this.dir, 'server.log'),
      this.options.environment?.server,
    );
    this.#programs.push(program);
    this.#server = program;
    const ready = await program.line(readyLine);
    this.consoleUrl = ready.people;
    this.agentsUrl = ready.agents;
    this.#rest = new Rest(ready.people);
    await this.#rest.signIn(ADMIN, this.adminPassword);
  }

  #serverSettings(peoplePort: number, agentsPort: number): string {
    return `version: 1
data: ${JSON.stringify(join(this.dir, 'server'))}
people: { host: 127.0.0.1, port: ${peoplePort} }
agents: { host: 127.0.0.1, port: ${agentsPort}, hostnames: [127.0.0.1, localhost] }
webhook: { allowPrivate: true }
heartbeatMs: ${this.options.heartbeatMs ?? 2000}
reconnectWindowMs: 500
${this.options.serviceDomains ? `services: { domains: ${JSON.stringify(this.options.serviceDomains)} }` : ''}
${this.options.alerts ? `alerts: ${JSON.stringify(this.options.alerts)}` : ''}
log: { level: ${this.options.logLevel ?? 'info'} }
`;
  }

  /** A receiver of pages, made known to the server through its API: the secret is shown once, here. */
  async startReceiver(): Promise<void> {
    this.#receiver = await WebhookReceiver.listen();
    const { secrets } = await this.rest.post<{ secrets?: { secret: string } }>('/targets', {
      name: 'on-call',
      kind: 'webhook',
      settings: { url: this.#receiver.url },
    });
    if (secrets === undefined) throw new Error('the server showed no secret for the webhook');
    this.#receiver.trust(secrets.secret);
  }

  /** Ends early, without an error, when everything is ended meanwhile. */
  startAgents(): Promise<void> {
    this.#starting = this.#startAgents();
    return this.#starting;
  }

  async #startAgents(): Promise<void> {
    const beside = this.nodes.filter(({ isBeside }) => isBeside);
    if (beside.length > 0) await this.#startBeside(beside);
    for (const node of this.nodes.filter(({ isBeside }) => !isBeside)) {
      if (this.#isEnding) return;
      const folder = this.agentFolder(node.name);
      mkdirSync(folder, { mode: 0o700 });
      writeFileSync(this.agentSettingsFile(node.name), this.#agentSettings(node, folder));
      await this.#enrol(node);
      if (this.#isEnding) return;
      this.startAgent(node.name);
    }
  }

  async #startBeside(nodes: readonly DemoNode[]): Promise<void> {
    const { program, sshd } = await startBeside({
      folder: join(this.dir, 'beside'),
      nodes,
      agentsUrl: this.agentsUrl,
      token: await this.#token(nodes.length),
      logLevel: this.options.logLevel ?? 'info',
    });
    this.#programs.push(program);
    this.#sshd = sshd;
  }

  async #token(uses: number): Promise<string> {
    const order = { group: 'demo', ttlSeconds: 600, uses };
    return (await this.rest.post<{ token: string }>('/tokens', order)).token;
  }

  async #enrol({ name }: DemoNode): Promise<void> {
    const token = await this.#token(1);
    await runProgram(
      'agent',
      ['enroll', '--server', this.agentsUrl, '--token-file', '-', '--config', this.agentSettingsFile(name)],
      token,
    );
  }

  /** The agent of a node that is enrolled, for the first time or again. */
  startAgent(name: string): RunningProgram {
    const program = RunningProgram.start(
      'agent',
      ['run', '--config', this.agentSettingsFile(name)],
      join(this.agentFolder(name), 'agent.log'),
      this.options.environment?.agent,
    );
    this.#programs.push(program);
    this.#agents.set(name, program);
    return program;
  }

  /** Its exit code; null: it was killed. */
  async stopAgent(name: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const agent = this.#agents.get(name);
    if (!agent) throw new Error(`${name} has no agent yet`);
    return agent.stop(signal);
  }

  /** Holds the agent's settings, its log and its state folder. */
  agentFolder(name: string): string {
    return join(this.dir, `agent-of-${name}`);
  }

  agentSettingsFile(name: string): string {
    return join(this.agentFolder(name), 'agent.yaml');
  }

  #agentSettings(node: DemoNode, folder: string): string {
    return `version: 1
root: ${JSON.stringify(node.dir)}
live: true
state: ${JSON.stringify(join(folder, 'state'))}
name: ${node.name}
auditOnlyFile: ${JSON.stringify(join(folder, 'audit-only'))}
allow: [${REMEDIATIONS.join(', ')}]
log: { level: ${this.options.logLevel ?? 'info'} }
`;
  }

  /** Ends everything that was started. Called twice, it happens once. */
  stop(options: { readonly keep: boolean }): Promise<void> {
    this.#stopping ??= this.#stop(options);
    return this.#stopping;
  }

  async #stop({ keep }: { readonly keep: boolean }): Promise<void> {
    this.#isEnding = true;
    // What is being started is known here only once it has started.
    await this.#starting.catch(() => undefined);
    await Promise.all(this.#programs.map((program) => program.stop()));
    this.#sshd?.stop();
    await Promise.all(this.nodes.map(({ dir }) => stopNode(dir)));
    await this.#receiver?.close();
    if (keep) this.narrator.plain(`Kept: ${this.dir}`);
    else rmSync(this.dir, { recursive: true, force: true });
    this.#guard.stdin?.end(ALL_DONE);
  }
}

/** In a session of its own: what ends this process's group leaves it alive to clean up. */
function guardOf(dir: string): ChildProcess {
  const guard = spawn(process.execPath, [GUARD, dir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', (cause) => process.stderr.write(`nothing guards the demo's end: ${cause.message}\n`));
  guard.stdin.on('error', () => guard.kill());
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return guard;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function readyLine(line: string): { people: string; agents: string } | null {
  if (!line.includes('"server.ready"')) return null;
  const { people, agents }: { people: string; agents: string } = JSON.parse(line);
  return { people, agents };
}
