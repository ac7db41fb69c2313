import { expect, test } from 'vitest';
import { connect, connectedAgent, enrol, transition, verdict } from '../../testing/agent.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, newToken, signedIn, startTestServer } from '../../testing/server.js';
import { authorityMaker } from '../adapters/authority.js';
import type { RunningServer } from '../app/server.js';
import { SILENCE_CONTROL } from '../domain/node-silence.js';
import { findSilentNodes } from './find-silent-nodes.js';
import { listNodes, overview } from './fleet.js';
import { moveFinding } from './move-finding.js';
import { deleteNode, moveNode, partBanned, renameNode, retireNode, revokeNode } from './nodes.js';
import { createTarget } from './targets.js';
import { createToken } from './tokens.js';
import { commit } from './unit.js';

const CLI = 'cli:test';
const NAME = 'mta1.example.com';
const ALL = { limit: 100, cursor: null };
const LONG_MS = 60 * 60_000;

async function setUp() {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const server = await startTestServer({ adapters: { clock, maker: authorityMaker(clock) } });
  const enrolled = await enrolNew(server);
  return { server, ctx: server.ctx, enrolled, id: enrolled.nodeId, pass: (ms: number) => (ahead += ms) };
}

const names = async ({ ctx }: RunningServer, isRetired: boolean) =>
  (await listNodes(ctx, { isRetired }, ALL)).items.map(({ name }) => name);

test('a node that is retired: its link closes, its findings end with the reason, on-call hears it, it is not silent', async () => {
  const receiver = await startReceiver();
  const { server, ctx, enrolled, id, pass } = await setUp();
  await createTarget(ctx, CLI, webhookOf(receiver.url, { severityMin: 'high' }));
  const agent = await connectedAgent(enrolled);
  agent.send(transition(1, { severity: 'high' }));
  agent.send(transition(2, { severity: 'low', subject: 'outbound' }));
  await eventually(() => receiver.pages.length === 1, 'the page');
  await eventually(async () => (await ctx.store.read.findings.countActive(id)) === 2, 'both findings');
  const before = await ctx.store.read.findings.activeOfNode(id);

  const admin = await signedIn(server);
  expect((await admin('POST', `/nodes/${id}/retire`)).status).toBe(204);
  expect((await agent.closed).code).toBe(4003);
  expect(await connect(enrolled)).toMatchObject({ status: 401, body: { code: 'CAS_CERT_REVOKED' } });
  expect(await ctx.store.read.findings.activeOfNode(id)).toEqual([]);
  for (const { id: finding } of before) {
    expect(await ctx.store.read.findings.get(finding)).toMatchObject({
      state: 'resolved',
      resolution: 'retired',
    });
    expect((await ctx.store.read.findings.history(finding)).at(-1)).toMatchObject({
      to: 'resolved',
      why: 'the node was retired',
    });
  }
  await eventually(() => receiver.pages.length === 2, 'the resolve');
  expect(receiver.pages.map((page) => page.body.type)).toEqual(['alert.firing', 'alert.resolved']);

  pass(LONG_MS);
  expect(await findSilentNodes(ctx)).toEqual([]);
  expect(await ctx.store.read.findings.countActive(id)).toBe(0);
  expect([await names(server, false), await names(server, true)]).toEqual([[], [NAME]]);
  expect((await overview(ctx)).nodes).toEqual({ total: 0, connected: 0, silent: 0 });
  const shown = (await admin('GET', '/nodes?retired=true')).body as { items: { retiredAt: string }[] };
  expect(shown.items).toMatchObject([{ name: NAME, revoked: true, retiredAt: expect.any(String) }]);
});

test('what a retired node still had on its way opens nothing, and does not connect it', async () => {
  const { ctx, id } = await setUp();
  await retireNode(ctx, CLI, id);
  await commit(ctx, async (unit) => {
    await moveFinding(unit, id, verdict());
    const node = { name: NAME, roles: [], os: '', momentum: {}, tls: {} } as never;
    await unit.tx.nodes.recordHello(id, unit.now, { agentVersion: '1', description: node });
    await unit.tx.nodes.heard(id, unit.now, { watchers: [], spool: {} as never });
  });
  expect(await ctx.store.read.findings.countActive(id)).toBe(0);
  expect((await ctx.store.read.nodes.get(id))?.connected).toBe(false);
});

test('findings that a killed server left to be ended are ended by the job; more than one transaction takes too', async () => {
  const { ctx, id } = await setUp();
  await commit(ctx, async (unit) => {
    for (let n = 0; n < 105; n += 1) await moveFinding(unit, id, verdict({ subject: `listener ${n}` }));
    await unit.tx.nodes.retire(id, unit.now);
  });
  expect(await ctx.store.read.findings.countActive(id)).toBe(105);
  await partBanned(ctx);
  expect(await ctx.store.read.findings.countActive(id)).toBe(0);
});

test('a node that is only revoked opens no silence, and the one that is open ends; it may be enrolled again', async () => {
  const { server, ctx, id, pass } = await setUp();
  const other = await enrolNew(server, 'mta2.example.com');
  pass(LONG_MS);
  expect((await findSilentNodes(ctx)).sort()).toEqual([id, other.nodeId].sort());
  await revokeNode(ctx, CLI, id, 'stolen');
  expect((await ctx.store.read.findings.activeOfNode(id)).map(({ control }) => control)).toEqual([]);
  expect(await findSilentNodes(ctx)).toEqual([]);
  expect((await ctx.store.read.findings.activeOfNode(other.nodeId)).map(({ control }) => control)).toEqual([
    SILENCE_CONTROL,
  ]);
  expect((await ctx.store.read.nodes.get(id))?.isRevoked).toBe(true);
  const again = await enrol(server, await newToken(server, { replace: NAME }));
  expect([again.status, again.body.nodeId]).toEqual([200, id]);
  expect((await ctx.store.read.nodes.get(id))?.isRevoked).toBe(false);
});

test('a node is deleted only when it is retired; its history is read with its name, its name is free, the audit says all', async () => {
  const { server, ctx, enrolled, id } = await setUp();
  const agent = await connectedAgent(enrolled);
  agent.send(transition(1));
  await agent.take('ack');
  const [finding] = await ctx.store.read.findings.activeOfNode(id);
  const admin = await signedIn(server);
  const early = await admin('DELETE', `/nodes/${id}`);
  expect([early.status, early.body]).toMatchObject([
    409,
    { detail: expect.stringContaining('retire it first') },
  ]);
  await admin('POST', `/nodes/${id}/retire`);
  const taken = await enrol(server, await newToken(server));
  expect([taken.status, taken.body.detail]).toEqual([409, expect.stringContaining('node delete')]);
  const replacing = { replace: NAME, ttlSeconds: 60, uses: 1 };
  expect(await createToken(ctx, CLI, replacing)).toMatchObject({ error: { code: 'CAS_CONFLICT' } });
  expect((await admin('DELETE', `/nodes/${id}`)).status).toBe(204);

  expect((await admin('GET', `/nodes/${id}`)).status).toBe(404);
  expect([await names(server, false), await names(server, true)]).toEqual([[], []]);
  expect(await ctx.store.read.verdicts.ofNode(id)).toEqual([]);
  const kept = await admin('GET', `/findings/${finding?.id}`);
  expect(kept.body).toMatchObject({ node: { id, name: NAME }, state: 'resolved', resolution: 'retired' });
  const found = (await admin('GET', `/findings?state=all&q=${NAME}`)).body as { items: unknown[] };
  expect(found.items).toHaveLength(1);
  const fresh = await enrol(server, await newToken(server));
  expect(fresh.status).toBe(200);
  expect(fresh.body.nodeId).not.toBe(id);
  expect((await admin('DELETE', `/nodes/${id}`)).status).toBe(404);
  const lines = (await ctx.store.read.audit.list({}, { limit: 50, cursor: null })).items.filter(
    ({ object }) => object === id,
  );
  expect(lines.filter(({ outcome }) => outcome === 'ok').map((l) => [l.action, l.detail])).toEqual([
    ['node.delete', { name: NAME }],
    ['node.retire', { name: NAME }],
  ]);
});

test('a node is renamed and moved: its findings and its key stay; no two nodes read the same', async () => {
  const { server, ctx, enrolled, id } = await setUp();
  await enrolNew(server, 'mta2.example.com');
  const admin = await signedIn(server);
  const agent = await connectedAgent(enrolled);
  agent.send(transition(1));
  await agent.take('ack');
  for (const [name, status] of [
    ['mta2.example.com', 409],
    ['MTA2.example.com', 409],
    ['not a name', 400],
    ['', 400],
    ['MTA1.example.com', 204],
    ['mx1.example.com', 204],
  ] as const)
    expect([name, (await admin('POST', `/nodes/${id}/rename`, { name })).status]).toEqual([name, status]);
  expect((await admin('POST', `/nodes/${id}/move`, { group: 'edge' })).status).toBe(204);
  expect((await admin('POST', `/nodes/${id}/move`, { group: 'no good' })).status).toBe(400);
  expect((await admin('GET', `/nodes/${id}`)).body).toMatchObject({ name: 'mx1.example.com', group: 'edge' });
  const [finding] = await ctx.store.read.findings.activeOfNode(id);
  expect(finding?.nodeName).toBe('mx1.example.com');
  expect(agent.socket.readyState).toBe(agent.socket.OPEN);
  await agent.close();
  await connectedAgent(enrolled);
});

test('a retired node is changed in no way but deleted; nor is one that is not there', async () => {
  const { ctx, id } = await setUp();
  const changes = [
    (node: string) => renameNode(ctx, CLI, node, 'mx1.example.com'),
    (node: string) => moveNode(ctx, CLI, node, 'edge'),
    (node: string) => retireNode(ctx, CLI, node),
    (node: string) => revokeNode(ctx, CLI, node, 'again'),
  ];
  const codes = async (node: string) =>
    Promise.all(
      changes.map(async (change) => {
        const done = await change(node);
        return done.ok ? 'done' : done.error.code;
      }),
    );
  await retireNode(ctx, CLI, id);
  expect(await codes(id)).toEqual(changes.map(() => 'CAS_CONFLICT'));
  expect((await deleteNode(ctx, CLI, id)).ok).toBe(true);
  for (const gone of [id, 'nothing']) expect(await codes(gone)).toEqual(changes.map(() => 'CAS_NOT_FOUND'));
});
