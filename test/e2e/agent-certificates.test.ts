import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { nodeClock } from '../../packages/agent/src/adapters/node-clock.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import type { StateStore } from '../../packages/agent/src/ports/state-store.js';
import type { RunningServer } from '../../packages/server/src/app/server.js';
import { judgeCertificates } from '../../packages/server/src/services/judge-certificates.js';
import { revokeNode } from '../../packages/server/src/services/nodes.js';
import { connect } from '../../packages/server/testing/agent.js';
import { startTestServer, testOptions } from '../../packages/server/testing/server.js';
import {
  enrolled,
  folderOf,
  identitiesIn,
  isRenewed,
  RefusingStore,
  said,
  serialAt,
  startLink as startAgentLink,
  until,
} from './agent-link.js';

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

/** The agent's link at that clock, which the test puts forward for both ends. */
const startLink = (folder: string, store: StateStore = nodeStateStore(folder)) =>
  startAgentLink({ folder, store, clock: agentClock, serverClock: { now, heard: () => undefined } });

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
