import { sign, X509Certificate } from 'node:crypto';
import { renewalText } from '@castellan/shared/protocol/enrolment';
import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { connect, connectedAgent, type Enrolled, newCsr } from '../../testing/agent.js';
import { enrolNew, eventually, startTestServer } from '../../testing/server.js';
import type { RunningServer } from '../app/server.js';
import { judgeCertificates } from './judge-certificates.js';
import { revokeNode } from './nodes.js';

const NAME = 'mta1.example.com';
const LIFE_MS = 60_000;
const GRACE_MS = 600_000;
const certificates = { nodeLifeMs: LIFE_MS, renewalGraceMs: GRACE_MS };

/** A server whose clock the test puts forward. */
async function serverAt(): Promise<{ server: RunningServer; ahead(ms: number): void; now(): number }> {
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const server = await startTestServer({
    adapters: { clock: { now, steady: () => performance.now() } },
    options: { certificates },
  });
  return {
    server,
    now,
    ahead: (ms) => {
      aheadMs = ms;
    },
  };
}

/** What an agent asks with when it cannot connect. `changes` spoils the request after it was signed. */
async function renewByKey(
  server: RunningServer,
  identity: Pick<Enrolled, 'nodeId' | 'keyPem'>,
  now: number,
  changes: Record<string, unknown> = {},
) {
  const { csr, keyPem } = await newCsr(NAME);
  const asked = { nodeId: identity.nodeId, csr, clock: new Date(now).toISOString() };
  const key = { key: identity.keyPem, dsaEncoding: 'ieee-p1363' } as const;
  const proof = sign('sha256', Buffer.from(renewalText(asked)), key).toString('base64url');
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const answer = await request(`${server.agentsUrl}/renew`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...asked, proof, ...changes }),
    dispatcher,
  });
  const body = (await answer.body.json()) as { certificate: string; code: string; detail: string };
  await dispatcher.close();
  return { status: answer.statusCode, body, keyPem };
}

async function renewOver(agent: Awaited<ReturnType<typeof connectedAgent>>, name: string | null = NAME) {
  const { csr, keyPem } = await newCsr(name);
  agent.send({ type: 'certificateRequest', requestId: 'req-1', csr, clock: new Date().toISOString() });
  return { ...(await agent.take('certificate')), keyPem };
}

const refusalOf = async (identity: Enrolled) => {
  const answer = await connect(identity);
  return 'socket' in answer ? 'connected' : answer.body.code;
};

const audited = async (server: RunningServer, action: string) =>
  (await server.ctx.store.read.audit.list({}, { limit: 100, cursor: null })).items.filter(
    (line) => line.action === action,
  );

const findings = async (server: RunningServer, nodeId: string) =>
  (await server.ctx.store.read.findings.activeOfNode(nodeId))
    .filter(({ control }) => control.startsWith('CAS-CRT-'))
    .map(({ control, subject, severity }) => `${control} ${subject} ${severity}`);

test('the new certificate is for the same node, the old one is good until the new one is used, and not after', async () => {
  const { server } = await serverAt();
  const old = await enrolNew(server);
  const agent = await connectedAgent(old);
  const answer = await renewOver(agent);
  const renewed = { ...old, certificate: answer.certificate ?? '', keyPem: answer.keyPem };
  expect(new X509Certificate(renewed.certificate).subject).toBe(`CN=${old.nodeId}`);

  await agent.close();
  const again = await connectedAgent(old);
  const next = await connectedAgent(renewed, { bootId: 'boot-1' });
  await again.closed;
  expect(await refusalOf(old)).toBe('CAS_CERT_REVOKED');
  const node = await server.ctx.store.read.nodes.get(old.nodeId);
  const serial = new X509Certificate(renewed.certificate).serialNumber.toLowerCase();
  expect([node?.certificateSerial, node?.candidateSerial]).toEqual([serial, null]);
  expect(next.socket.readyState).toBe(next.socket.OPEN);
  expect((await audited(server, 'node.renew')).map(({ outcome }) => outcome)).toEqual(['ok']);
  expect(await audited(server, 'node.certificate')).toMatchObject([{ detail: { was: 'candidate', serial } }]);
});

test('the old one is refused also where it would end later than the new one: the setting was made shorter', async () => {
  const life = { ...certificates };
  const server = await startTestServer({ options: { certificates: life } });
  const old = await enrolNew(server);
  life.nodeLifeMs = LIFE_MS / 2;
  const { certificate, keyPem } = await renewOver(await connectedAgent(old));
  await connectedAgent({ ...old, certificate: certificate ?? '', keyPem });
  expect(await refusalOf(old)).toBe('CAS_CERT_REVOKED');
});

test('a certificate that was issued and never used is good no more when another was asked for', async () => {
  const { server } = await serverAt();
  const old = await enrolNew(server);
  const agent = await connectedAgent(old);
  const [first, second] = [await renewOver(agent), await renewOver(agent)];
  expect(await refusalOf({ ...old, certificate: first.certificate ?? '', keyPem: first.keyPem })).toBe(
    'CAS_CERT_REVOKED',
  );
  await connectedAgent({ ...old, certificate: second.certificate ?? '', keyPem: second.keyPem });
});

test('a request that names another node is refused, one without a name is not; one session has only so many', async () => {
  const { server } = await serverAt();
  const agent = await connectedAgent(await enrolNew(server));
  expect((await renewOver(agent, 'mta2.example.com')).error?.code).toBe('CAS_CSR_INVALID');
  expect((await renewOver(agent, null)).error).toBeNull();
  for (let asked = 2; asked < 8; asked += 1) await renewOver(agent);
  agent.send({
    type: 'certificateRequest',
    requestId: 'req-9',
    csr: 'x',
    clock: new Date().toISOString(),
  });
  expect((await agent.take('error')).code).toBe('CAS_TOO_MANY');
});

test('a clock that is wrong is given no certificate', async () => {
  const { server, now } = await serverAt();
  const enrolled = await enrolNew(server);
  const agent = await connectedAgent(enrolled);
  const { csr } = await newCsr(NAME);
  agent.send({
    type: 'certificateRequest',
    requestId: 'req-1',
    csr,
    clock: new Date(now() + 3_600_000).toISOString(),
  });
  expect((await agent.take('certificate')).error?.code).toBe('CAS_CLOCK_SKEW');
  expect((await renewByKey(server, enrolled, now() + 3_600_000)).body.code).toBe('CAS_CLOCK_SKEW');
});

test('within the grace the key of a certificate that has ended brings the next; its finding ends with its first use', async () => {
  const { server, ahead, now } = await serverAt();
  const old = await enrolNew(server);
  ahead(LIFE_MS - 5_000);
  await judgeCertificates(server.ctx, []);
  expect(await findings(server, old.nodeId)).toEqual(['CAS-CRT-001 agent certificate medium']);
  ahead(LIFE_MS + GRACE_MS - 30_000);
  await judgeCertificates(server.ctx, []);
  expect(await findings(server, old.nodeId)).toEqual(['CAS-CRT-001 agent certificate critical']);
  expect(await refusalOf(old)).toBe('CAS_CERT_EXPIRED');
  // An answer that was lost is asked for again with the same old key.
  await renewByKey(server, old, now());
  const { status, body, keyPem } = await renewByKey(server, old, now());
  expect([status, body.code]).toEqual([200, undefined]);
  expect(await findings(server, old.nodeId)).toHaveLength(1);
  await connectedAgent(
    { ...old, certificate: body.certificate, keyPem },
    { clock: new Date(now()).toISOString() },
  );
  expect(await findings(server, old.nodeId)).toEqual([]);
  expect(server.ctx.counters.entries('certificates')).toEqual([
    ['renewed by key', 2],
    ['first used', 1],
  ]);
});

test('after the grace, and for a certificate that was revoked, the key brings nothing', async () => {
  const { server, ahead, now } = await serverAt();
  const [late, revoked] = [await enrolNew(server), await enrolNew(server, 'mta2.example.com')];
  await revokeNode(server.ctx, 'cli:test', revoked.nodeId, 'stolen');
  const refused = await renewByKey(server, revoked, now());
  expect([refused.status, refused.body.code]).toEqual([401, 'CAS_CERT_REVOKED']);
  ahead(LIFE_MS + GRACE_MS + 2_000);
  const answer = await renewByKey(server, late, now());
  expect([answer.status, answer.body.code]).toEqual([401, 'CAS_CERT_EXPIRED']);
  expect(answer.body.detail).toContain(`token create --replace ${NAME}`);
  // Nobody is told that the certificate of a node that was revoked has ended.
  await judgeCertificates(server.ctx, []);
  expect(await findings(server, revoked.nodeId)).toEqual([]);
});

test('whoever has not the key learns nothing, not even whether there is such a node', async () => {
  const { server, now } = await serverAt();
  const enrolled = await enrolNew(server);
  const { keyPem } = await newCsr(NAME);
  const { csr } = await newCsr(NAME);
  const answers = [
    await renewByKey(server, { ...enrolled, keyPem }, now()),
    await renewByKey(server, { nodeId: 'nod_unknown', keyPem }, now()),
    await renewByKey(server, { nodeId: server.ctx.facts.serverId, keyPem }, now()),
    await renewByKey(server, enrolled, now(), { csr }),
    await renewByKey(server, enrolled, now(), { clock: new Date(now() - 1_000).toISOString() }),
    await renewByKey(server, enrolled, now(), { proof: 'A'.repeat(86) }),
  ];
  expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
  expect(answers[0]?.body.code).toBe('CAS_RENEWAL_REFUSED');
  await connectedAgent(enrolled);
});

test('a certificate that was issued after the backup is taken as the newer one', async () => {
  const { server } = await serverAt();
  const old = await enrolNew(server);
  const before = await server.ctx.store.read.nodes.get(old.nodeId);
  const { certificate, keyPem } = await renewOver(await connectedAgent(old));
  const renewed = { ...old, certificate: certificate ?? '', keyPem };
  await server.ctx.store.transaction(async ({ nodes }) => {
    if (!before) throw new Error('the node');
    // As a restore would leave it; and the certificate before a second older, as one of weeks before is.
    await nodes.setCertificate(old.nodeId, {
      ...before,
      certificateNotAfter: before.certificateNotAfter - 1_000,
    });
  });
  await connectedAgent(renewed);
  expect(await refusalOf(old)).toBe('CAS_CERT_REVOKED');
});

test("a certificate of the server's own that comes near its end is one finding, and the server no node of the fleet", async () => {
  const { server, now } = await serverAt();
  const { serverId } = server.ctx.facts;
  const judge = (days: number) =>
    judgeCertificates(server.ctx, [
      { subject: 'agent listener', notAfter: now() + days * 86_400_000 },
      { subject: 'authority', notAfter: now() + 400 * 86_400_000 },
    ]);
  await judge(22);
  expect(await findings(server, serverId)).toEqual([]);
  await judge(20);
  expect(await findings(server, serverId)).toEqual(['CAS-CRT-002 agent listener medium']);
  await judge(-1);
  expect(await findings(server, serverId)).toEqual(['CAS-CRT-002 agent listener critical']);
  expect(await server.ctx.store.read.nodes.glances('', 10)).toEqual([]);
  expect(await server.ctx.store.read.nodes.count()).toMatchObject({ total: 0, connected: 0 });
  await judge(300);
  expect(await eventually(async () => (await findings(server, serverId)).length === 0, 'its end')).toBe(true);
});
