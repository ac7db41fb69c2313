import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { nodeClock } from '../../packages/agent/src/adapters/node-clock.js';
import { nodeRandom } from '../../packages/agent/src/adapters/node-random.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import type { ServerClock } from '../../packages/agent/src/app/server-clock.js';
import { startUplink, type UplinkInput } from '../../packages/agent/src/app/uplink.js';
import { readIdentities } from '../../packages/agent/src/link/candidate.js';
import { enrol } from '../../packages/agent/src/link/enrol.js';
import { writeIdentity } from '../../packages/agent/src/link/identity.js';
import { IdentityKeeper } from '../../packages/agent/src/link/identity-keeper.js';
import { StateProblem, type StateStore } from '../../packages/agent/src/ports/state-store.js';
import { Spool } from '../../packages/agent/src/spool/spool.js';
import type { RunningServer } from '../../packages/server/src/app/server.js';
import { judgeCertificates } from '../../packages/server/src/services/judge-certificates.js';
import { revokeNode } from '../../packages/server/src/services/nodes.js';
import { connect } from '../../packages/server/testing/agent.js';
import { newToken, startTestServer, testOptions } from '../../packages/server/testing/server.js';

const LIFE_MS = 20_000;
const GRACE_MS = 40_000;
/** After this a new certificate is due, and has not ended. */
const DUE_MS = 16_000;

/** One clock for both ends, which a test puts forward. */
let aheadMs = 0;
const now = (): number => Date.now() + aheadMs;
beforeEach(() => {
  aheadMs = 0;
});
const serverClock = { now, steady: () => performance.now() };
const agentClock = { ...nodeClock, now };

function startServerOf(options: Parameters<typeof startTestServer>[0] = {}): Promise<RunningServer> {
  return startTestServer({
    ...options,
    adapters: { clock: serverClock },
    options: { certificates: { nodeLifeMs: LIFE_MS, renewalGraceMs: GRACE_MS }, ...options?.options },
  });
}

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-certificates-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function enrolled(server: RunningServer, folder: string, name: string): Promise<string> {
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

interface TestLink {
  readonly said: readonly Readonly<Record<string, unknown>>[];
  readonly problems: readonly (string | null)[];
  stop(): Promise<void>;
}

const NOTHING = {} as never;

/** The agent's link, with everything that it has in the agent but what it looks at. */
async function startLink(folder: string, store: StateStore = nodeStateStore(folder)): Promise<TestLink> {
  const said: Record<string, unknown>[] = [];
  const problems: (string | null)[] = [];
  const line = (fields: Readonly<Record<string, unknown>>) => void said.push({ ...fields });
  const log = { error: line, warn: line, info: line, debug: line };
  const read = readIdentities(store);
  if (!read.ok || read.value === null) throw new Error('the node has no identity');
  const spool = new Spool({ store, clock: agentClock, bootId: nodeRandom.id() });
  const stop = new AbortController();
  const uplink = await startUplink({
    keeper: new IdentityKeeper(store, log, read.value),
    settings: { server: null } as unknown as UplinkInput['settings'],
    ports: {
      clock: agentClock,
      random: { ...nodeRandom, unit: () => 0.01 },
    } as unknown as UplinkInput['ports'],
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
    serverClock: { now, heard: () => undefined } as unknown as ServerClock,
    signal: stop.signal,
    problems: () => [],
    certificateProblem: (detail) => void problems.push(detail),
  });
  const running = Promise.allSettled([uplink.run(), uplink.renew()]);
  const end = async () => {
    stop.abort(new Error('the test stops it'));
    await running;
  };
  onTestFinished(end);
  return { said, problems, stop: end };
}

/** Only a failure waits to the end of it. */
async function until<T>(what: string, look: () => Promise<T | null | false> | T | null | false): Promise<T> {
  for (const end = performance.now() + 30_000; performance.now() < end; ) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`not seen: ${what}`);
}

const identitiesIn = (folder: string) => {
  const read = readIdentities(nodeStateStore(folder));
  return read.ok ? read.value : null;
};
const serialOf = (pem: string) => new X509Certificate(pem).serialNumber.toLowerCase();
const serialAt = async (server: RunningServer, nodeId: string) =>
  (await server.ctx.store.read.nodes.get(nodeId))?.certificateSerial ?? '';
const said = (link: TestLink, event: string) => link.said.filter((one) => one.event === event);

/** On disk is one identity, of the certificate that the server knows the node by, and it is not this one. */
async function isRenewed(
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

test('a certificate is renewed over the link, with a new key, and the old one is refused from then on', async () => {
  const [server, folder] = [await startServerOf(), folderOf()];
  const nodeId = await enrolled(server, folder, 'mta1.example.com');
  const before = identitiesIn(folder)?.current;
  const old = await serialAt(server, nodeId);
  const link = await startLink(folder);
  await until('connected', () => said(link, 'link.connected').length === 1);
  expect(await serialAt(server, nodeId)).toBe(old);
  aheadMs += DUE_MS;
  await until('renewed', () => isRenewed(server, folder, nodeId, old));
  const after = identitiesIn(folder)?.current;
  expect([after?.nodeId, after?.keyPem === before?.keyPem]).toEqual([nodeId, false]);
  for (const name of ['key.pem', 'cert.pem', 'node.json'])
    expect(statSync(join(folder, 'identity', name)).mode & 0o777).toBe(0o600);
  const refused = await connect({
    url: before?.url ?? '',
    authority: before?.authorityPem ?? '',
    certificate: before?.certificatePem ?? '',
    keyPem: before?.keyPem ?? '',
  });
  expect('body' in refused && refused.body.code).toBe('CAS_CERT_REVOKED');
  expect(link.problems.filter((one) => one !== null)).toEqual([]);
});

test('a server that was down when it was due renews it when it is back', async () => {
  const [folder, data] = [folderOf(), folderOf()];
  const first = await startServerOf({ folder: data });
  const nodeId = await enrolled(first, folder, 'mta1.example.com');
  const old = await serialAt(first, nodeId);
  const link = await startLink(folder);
  await until('connected', () => said(link, 'link.connected').length === 1);
  const { agents } = testOptions(data);
  await first.stop();
  aheadMs += DUE_MS;
  await until('attempts', () => said(link, 'link.ended').length > 2);
  const port = Number(new URL(first.agentsUrl).port);
  const second = await startServerOf({ folder: data, options: { agents: { ...agents, port } } });
  await until('renewed', () => isRenewed(second, folder, nodeId, old));
});

/** The system refuses a change of the identity's files. */
class RefusingStore implements StateStore {
  readonly path: string;
  /** Null: nothing is refused; else so many changes go well before. */
  left: number | null = null;
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
    this.store.append(name, content);
  }
  replace(name: string, content: string | Uint8Array) {
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

test('a state folder that takes nothing loses nothing: the node stays connected, and is renewed when there is room', async () => {
  const [server, folder] = [await startServerOf(), folderOf()];
  const nodeId = await enrolled(server, folder, 'mta1.example.com');
  const old = await serialAt(server, nodeId);
  const store = new RefusingStore(nodeStateStore(folder));
  const link = await startLink(folder, store);
  await until('connected', () => said(link, 'link.connected').length === 1);
  store.left = 0;
  aheadMs += DUE_MS;
  const failures = await until('it is tried again', () => {
    const lines = said(link, 'certificate.notRenewed');
    return lines.length > 1 && lines;
  });
  expect(failures.map(({ code }) => code)).toContain('CAS_STATE_UNUSABLE');
  expect(link.problems.at(-1)).toContain('ENOSPC');
  expect([await serialAt(server, nodeId), said(link, 'link.lost').length]).toEqual([old, 0]);
  store.left = null;
  await until('renewed', () => isRenewed(server, folder, nodeId, old));
  expect(link.problems.at(-1)).toBeNull();
});

// 0: before the candidate is written; 1: it is, and the agent has not connected with it; from then on in the middle of the commit.
test.each([0, 1, 2, 3, 4, 5, 6])(
  'a node whose disk refuses after %d changes, and whose agent is killed then, connects after the next start',
  async (changes) => {
    const [server, folder] = [await startServerOf(), folderOf()];
    const nodeId = await enrolled(server, folder, 'mta1.example.com');
    const old = await serialAt(server, nodeId);
    const store = new RefusingStore(nodeStateStore(folder));
    store.left = changes;
    const link = await startLink(folder, store);
    await until('connected', () => said(link, 'link.connected').length > 0);
    aheadMs += DUE_MS;
    await until(
      'the refusal',
      () => said(link, changes === 0 ? 'certificate.notRenewed' : 'certificate.notCommitted').length > 0,
    );
    await link.stop();
    // On the full disk first: what is there is enough.
    const full = new RefusingStore(nodeStateStore(folder));
    full.left = 0;
    const again = await startLink(folder, full);
    await until('connected again', () => said(again, 'link.connected').length > 0);
    await again.stop();
    await startLink(folder);
    await until('renewed', () => isRenewed(server, folder, nodeId, old));
  },
);

test('a node that was off when its certificate ended renews it by its key within the grace', async () => {
  const [server, folder] = [await startServerOf(), folderOf()];
  const nodeId = await enrolled(server, folder, 'mta1.example.com');
  const old = await serialAt(server, nodeId);
  aheadMs += LIFE_MS + 2_000;
  await judgeCertificates(server.ctx, []);
  const findings = async () =>
    (await server.ctx.store.read.findings.activeOfControls(['CAS-CRT-001'])).map(({ severity }) => severity);
  expect(await findings()).toEqual(['critical']);
  const link = await startLink(folder);
  await until('renewed', () => isRenewed(server, folder, nodeId, old));
  await until('connected', () => said(link, 'link.connected').length > 0);
  await until('its finding ends', async () => (await findings()).length === 0);
});

test.each([
  ['after the grace', 'CAS_CERT_EXPIRED', LIFE_MS + GRACE_MS + 2_000, false],
  ['that was revoked', 'CAS_CERT_REVOKED', LIFE_MS + 2_000, true],
] as const)('a node %s is refused (%s), and keeps what it has', async (_what, code, afterMs, isRevoked) => {
  const [server, folder] = [await startServerOf(), folderOf()];
  const nodeId = await enrolled(server, folder, 'mta1.example.com');
  const before = identitiesIn(folder);
  if (isRevoked) await revokeNode(server.ctx, 'cli:test', nodeId, 'stolen');
  aheadMs += afterMs;
  const link = await startLink(folder);
  await until('it is refused again and again', () => said(link, 'certificate.notRenewed').length > 1);
  expect(new Set(said(link, 'certificate.notRenewed').map((line) => line.code))).toEqual(new Set([code]));
  expect(said(link, 'link.connected')).toEqual([]);
  expect(identitiesIn(folder)).toEqual(before);
});
