import { X509Certificate } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { nodeClock } from '../../packages/agent/src/adapters/node-clock.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import { openCore, type RunningServer } from '../../packages/server/src/app/server.js';
import type { ServerContext } from '../../packages/server/src/services/context.js';
import { judgeCertificates } from '../../packages/server/src/services/judge-certificates.js';
import { retireNode } from '../../packages/server/src/services/nodes.js';
import {
  authorityStatus,
  finishRotation,
  retireAuthority,
  rotateAuthority,
} from '../../packages/server/src/services/rotate-authority.js';
import { connect, connectedAgent } from '../../packages/server/testing/agent.js';
import {
  enrolNew,
  newToken,
  startTestServer,
  testAdapters,
  testOptions,
} from '../../packages/server/testing/server.js';
import { enrolled, folderOf, identitiesIn, RefusingStore, said, startLink, until } from './agent-link.js';

const LIFE_MS = 60_000;

let aheadMs = 0;
beforeEach(() => {
  aheadMs = 0;
});
const now = () => Date.now() + aheadMs;
const steady = () => performance.now() + aheadMs;
const clock = { ...nodeClock, now, steady };

const optionsOf = (folder: string, port = 0) => ({
  certificates: { nodeLifeMs: LIFE_MS, renewalGraceMs: LIFE_MS },
  agents: { ...testOptions(folder).agents, port },
});

const serve = (folder: string, port = 0): Promise<RunningServer> =>
  startTestServer({ folder, adapters: { clock: { now, steady } }, options: optionsOf(folder, port) });

/** As the command line works: the store opened beside the running server. */
async function beside<T>(folder: string, work: (ctx: ServerContext) => Promise<T>): Promise<T> {
  const core = await openCore(
    testAdapters({ clock: { now, steady } }),
    testOptions(folder, optionsOf(folder)),
  );
  try {
    return await work(core.ctx);
  } finally {
    await core.store.close();
  }
}

const rotate = (folder: string) =>
  beside(folder, async (ctx) => {
    const made = await rotateAuthority(ctx, 'cli:test', testAdapters({ clock: { now, steady } }).maker);
    if (!made.ok) throw made.error;
    return made.value.fingerprint;
  });
const retire = (folder: string) => beside(folder, (ctx) => retireAuthority(ctx, 'cli:test'));
const statusOf = (server: RunningServer) => authorityStatus(server.ctx);
const refusalOf = (result: { ok: boolean; error?: { code: string; detail: string } }) =>
  result.ok ? 'done' : `${result.error?.code}: ${result.error?.detail}`;

async function node(server: RunningServer, name: string, store?: RefusingStore) {
  const folder = store?.path ?? folderOf();
  const nodeId = await enrolled(server, folder, name);
  const link = await startLink({ folder, clock, ...(store ? { store } : {}) });
  await until(`${name} is connected`, () => said(link, 'link.connected').length > 0);
  return { folder, nodeId, link };
}

const isOf = async (server: RunningServer, nodeId: string, fingerprint: string) =>
  (await server.ctx.store.read.nodes.get(nodeId))?.certificateAuthority === fingerprint;

test('a fleet goes over to a new authority by itself, through a restart of the server, with a node that was off and one whose disk was full; then the one before is good for nothing', async () => {
  const data = folderOf();
  const first = await serve(data);
  const old = first.ctx.authorities.issuing.fingerprint;
  const steadyNode = await node(first, 'mta1.example.com');
  const before = identitiesIn(steadyNode.folder)?.current;
  const disk = new RefusingStore(nodeStateStore(folderOf()));
  const full = await node(first, 'mta2.example.com', disk);
  const off = await node(first, 'mta3.example.com');
  await off.link.stop();
  disk.isFull = true;

  const next = await rotate(data);
  expect(
    refusalOf(await beside(data, (ctx) => rotateAuthority(ctx, 'cli:test', testAdapters().maker))),
  ).toContain('CAS_CONFLICT: a rotation is under way');
  aheadMs += LIFE_MS / 20;
  await until('the first has its certificate of it', () => isOf(first, steadyNode.nodeId, next));
  await until('the full disk is said', () => said(full.link, 'trust.notKept').length > 0);
  // Who joins now trusts both, by a token that names the one that the listener shows.
  const late = folderOf();
  const lateId = await enrolled(first, late, 'mta4.example.com');
  expect(await isOf(first, lateId, next)).toBe(true);
  await startLink({ folder: late, clock });

  const port = Number(new URL(first.agentsUrl).port);
  await first.stop();
  const second = await serve(data, port);
  const waiting = async () => (await statusOf(second)).find((one) => one.issuing)?.unconfirmed ?? [];
  expect([...(await waiting())]).toEqual(['mta2.example.com', 'mta3.example.com']);
  expect(second.ctx.authorities.serving.fingerprint).toBe(old);
  expect(refusalOf(await retire(data))).toContain('the certificate of the agent listener is of it still');

  disk.isFull = false;
  await until('the full one confirms', async () => !(await waiting()).includes('mta2.example.com'));
  const again = await startLink({ folder: off.folder, clock });
  await until('the listener is of it', () => second.ctx.authorities.serving.fingerprint === next);
  for (const { nodeId } of [steadyNode, full, off])
    await until('every certificate is of it', () => isOf(second, nodeId, next));
  expect((await statusOf(second)).map((one) => [one.fingerprint, one.serving, one.certificates])).toEqual([
    [old, false, 0],
    [next, true, 4],
  ]);

  expect(refusalOf(await retire(data))).toBe('done');
  await until('every node trusts the new one alone', async () =>
    (await second.ctx.store.read.authorities.nodes()).every(({ trusts }) => trusts?.join() === next),
  );
  await again.stop();
  const last = await startLink({ folder: off.folder, clock });
  await until('connected by it alone', () => said(last, 'link.connected').length > 0);
  const shown = await connect({
    url: before?.url ?? '',
    authority: second.ctx.authorities.bundlePem,
    certificate: before?.certificatePem ?? '',
    keyPem: before?.keyPem ?? '',
  });
  expect('body' in shown && shown.body.code).toBe('CAS_CERT_UNKNOWN_CA');
  await expect(connect({ url: before?.url ?? '', authority: before?.authorityPem ?? '' })).rejects.toThrow();
  expect((await second.ctx.store.read.secrets.get('rootKey')) ?? 'destroyed').toBe('destroyed');
  expect(await newToken(second)).toContain(next);
  const actions = (await second.ctx.store.read.audit.list({}, { limit: 200, cursor: null })).items.map(
    ({ action, outcome }) => `${action} ${outcome}`,
  );
  expect(actions).toEqual(
    expect.arrayContaining([
      'ca.rotate ok',
      'ca.rotate refused',
      'ca.listener ok',
      'ca.retire ok',
      'node.trust ok',
    ]),
  );
});

test('an agent that cannot be told of another authority keeps the one that it has until it is locked out by force, and named', async () => {
  const data = folderOf();
  const server = await serve(data);
  const { ctx } = server;
  const old = ctx.authorities.issuing;
  const previous = await enrolNew(server, 'mta1.example.com');
  await connectedAgent(previous);
  const next = await rotate(data);
  await until('the server has read it', () => ctx.authorities.issuing.fingerprint === next);
  // It joins, and is issued for, as before: a certificate of the new one it would refuse.
  const joined = await enrolNew(server, 'mta2.example.com');
  expect(new X509Certificate(joined.authority).fingerprint256).toBe(
    new X509Certificate(old.rootPem).fingerprint256,
  );
  expect(new X509Certificate(joined.certificate).verify(new X509Certificate(old.rootPem).publicKey)).toBe(
    true,
  );

  const finish = (isForced: boolean) => beside(data, (core) => finishRotation(core, 'cli:test', isForced));
  expect(refusalOf(await finish(false))).toContain('mta1.example.com, mta2.example.com would be locked out');
  expect(await finish(true)).toMatchObject({ ok: true, value: ['mta1.example.com', 'mta2.example.com'] });
  await until('the listener is of it', () => ctx.authorities.serving.fingerprint === next);
  await until('a stranger to the new one cannot connect', () =>
    connect(previous).then(
      () => false,
      () => true,
    ),
  );
  expect(refusalOf(await retire(data))).toContain('mta1.example.com, mta2.example.com still depends on it');
  for (const { nodeId } of [previous, joined]) await retireNode(ctx, 'cli:test', nodeId);
  expect(refusalOf(await retire(data))).toBe('done');
  expect(refusalOf(await retire(data))).toContain('no rotation is under way');
});

test('an authority near its end is a finding of the server, which a rotation ends; one that was rotated out has its own', async () => {
  const data = folderOf();
  const server = await serve(data);
  const judge = async () => {
    const { trusted, issuing } = server.ctx.authorities;
    await judgeCertificates(
      server.ctx,
      trusted.map((one) => ({
        subject: one === issuing ? ('authority' as const) : ('previous authority' as const),
        notAfter: one.notAfter,
      })),
    );
    return (await server.ctx.store.read.findings.activeOfControls(['CAS-CRT-002'])).map(
      ({ subject }) => subject,
    );
  };
  const endsAt = server.ctx.authorities.issuing.notAfter;
  expect(await judge()).toEqual([]);
  aheadMs = endsAt - Date.now() - 100 * 86_400_000;
  expect(await judge()).toEqual(['authority']);
  await rotate(data);
  await server.ctx.authorities.refresh(server.ctx.store.read);
  expect(await judge()).toEqual([]);
  aheadMs = endsAt - Date.now() - 10 * 86_400_000;
  expect(await judge()).toEqual(['previous authority']);
  await until(
    'the listener is of the new one',
    () => server.ctx.authorities.serving === server.ctx.authorities.issuing,
  );
  expect(refusalOf(await retire(data))).toBe('done');
  await server.ctx.authorities.refresh(server.ctx.store.read);
  expect(await judge()).toEqual([]);
});
