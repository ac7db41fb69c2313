import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { nodeRandom } from '../../packages/agent/src/adapters/node-random.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import { ServerClock } from '../../packages/agent/src/app/server-clock.js';
import { startUplink, type UplinkInput } from '../../packages/agent/src/app/uplink.js';
import { readIdentities } from '../../packages/agent/src/link/candidate.js';
import { enrol } from '../../packages/agent/src/link/enrol.js';
import { writeIdentity } from '../../packages/agent/src/link/identity.js';
import { IdentityKeeper } from '../../packages/agent/src/link/identity-keeper.js';
import { ServiceSigning } from '../../packages/agent/src/link/service-signing.js';
import type { Clock } from '../../packages/agent/src/ports/clock.js';
import { StateProblem, type StateStore } from '../../packages/agent/src/ports/state-store.js';
import { Spool } from '../../packages/agent/src/spool/spool.js';
import type { RunningServer } from '../../packages/server/src/app/server.js';
import { newToken } from '../../packages/server/testing/server.js';

/** A state folder that goes with its test. */
export function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-certificates-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Joins as `castellan-agent enroll` does; returns the node's id. */
export async function enrolled(server: RunningServer, folder: string, name: string): Promise<string> {
  const joined = await enrol({
    server: new URL(server.agentsUrl),
    token: await newToken(server),
    name,
    agentVersion: '0.0.0-test',
    oldKeyPem: null,
  });
  if (!joined.ok) throw joined.error;
  writeIdentity(nodeStateStore(folder), joined.value);
  return joined.value.nodeId;
}

export interface TestLink {
  readonly said: readonly Readonly<Record<string, unknown>>[];
  readonly problems: readonly (string | null)[];
  readonly spool: Spool;
  /** There is something new in the spool. */
  wake(): void;
  stop(): Promise<void>;
}

const NOTHING = {} as never;

export interface LinkInput {
  readonly folder: string;
  readonly clock: Clock;
  readonly store?: StateStore;
  /** What the agent knows of the server's clock; that of the agent itself when left out. */
  readonly serverClock?: Pick<ServerClock, 'now' | 'heard'>;
}

/** The agent's link, with everything that it has in the agent but what it looks at. */
export async function startLink(input: LinkInput): Promise<TestLink> {
  const { folder, clock, store = nodeStateStore(folder), serverClock = new ServerClock(clock) } = input;
  const said: Record<string, unknown>[] = [];
  const problems: (string | null)[] = [];
  const line = (fields: Readonly<Record<string, unknown>>) => void said.push({ ...fields });
  const log = { error: line, warn: line, info: line, debug: line };
  const read = readIdentities(store);
  if (!read.ok || read.value === null) throw new Error('the node has no identity');
  const spool = new Spool({ store, clock, bootId: nodeRandom.id() });
  const stop = new AbortController();
  const uplink = await startUplink({
    keeper: new IdentityKeeper(store, log, read.value),
    settings: { server: null } as unknown as UplinkInput['settings'],
    ports: { clock, random: { ...nodeRandom, unit: () => 0.01 } } as unknown as UplinkInput['ports'],
    store,
    log,
    spool,
    observer: {
      description: {
        roles: ['mta'],
        os: 'Debian',
        momentum: { version: '3.6.6', from: 'console' },
        tls: { library: 'openssl', version: '1.0.1' },
      },
      digest: null,
      verdicts: [],
    } as unknown as UplinkInput['observer'],
    watcher: { proofs: [], problem: null } as unknown as UplinkInput['watcher'],
    desk: { take: () => NOTHING, idle: async () => undefined } as unknown as UplinkInput['desk'],
    serverClock: serverClock as ServerClock,
    signal: stop.signal,
    problems: () => [],
    signing: new ServiceSigning(clock, nodeRandom),
    certificateProblem: (detail) => void problems.push(detail),
  });
  const running = Promise.allSettled([uplink.run(), uplink.renew()]);
  const end = async () => {
    stop.abort(new Error('the test stops it'));
    await running;
  };
  onTestFinished(end);
  return { said, problems, spool, wake: () => uplink.wake(), stop: end };
}

/** Only a failure waits to the end of it. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false> | T | null | false,
): Promise<T> {
  for (const end = performance.now() + 30_000; performance.now() < end; ) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not seen: ${what}`);
}

export const identitiesIn = (folder: string) => {
  const read = readIdentities(nodeStateStore(folder));
  return read.ok ? read.value : null;
};
export const serialOf = (pem: string) => new X509Certificate(pem).serialNumber.toLowerCase();
export const serialAt = async (server: RunningServer, nodeId: string) =>
  (await server.ctx.store.read.nodes.get(nodeId))?.certificateSerial ?? '';
export const said = (link: TestLink, event: string) => link.said.filter((one) => one.event === event);

/** On disk is one identity, of the certificate that the server knows the node by, and it is not this one. */
export async function isRenewed(
  server: RunningServer,
  folder: string,
  nodeId: string,
  old: string,
): Promise<boolean> {
  const serial = await serialAt(server, nodeId);
  const { current, candidate } = identitiesIn(folder) ?? { current: null, candidate: null };
  return (
    serial !== old && candidate === null && current !== null && serialOf(current.certificatePem) === serial
  );
}

/** The system refuses a change of the identity's files. */
export class RefusingStore implements StateStore {
  readonly path: string;
  /** Null: nothing is refused; else so many changes go well before. */
  left: number | null = null;
  /** Nothing more is taken, whatever it is. */
  isFull = false;
  constructor(private readonly store: StateStore) {
    this.path = store.path;
  }
  read(name: string) {
    return this.store.read(name);
  }
  list(folder: string) {
    return this.store.list(folder);
  }
  append(name: string, content: string) {
    if (this.isFull) throw new StateProblem('append to', name, 'ENOSPC');
    this.store.append(name, content);
  }
  replace(name: string, content: string | Uint8Array) {
    if (this.isFull) throw new StateProblem('write', name, 'ENOSPC');
    this.#pass(name);
    this.store.replace(name, content);
  }
  remove(name: string) {
    this.#pass(name);
    this.store.remove(name);
  }
  #pass(name: string) {
    if (this.left === null || !name.startsWith('identity/')) return;
    if (this.left === 0) throw new StateProblem('write', name, 'ENOSPC');
    this.left -= 1;
  }
}
