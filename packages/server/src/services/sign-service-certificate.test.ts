import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { type Plan, type PlannedSigning, planDigest } from '@castellan/shared/model/plan';
import type { ServiceCertificate, ServiceCertificateRequest } from '@castellan/shared/protocol/messages';
import { beforeAll, expect, test } from 'vitest';
import { certificateRequest } from '../../../agent/src/knowledge/certificates/certificate-request.js';
import { newKey } from '../../../agent/src/knowledge/certificates/new-key.js';
import { connectedAgent } from '../../testing/agent.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { authorityMaker } from '../adapters/authority.js';
import { SIGNINGS_MAX } from '../gateway/certificate-desk.js';
import {
  makeServiceAuthority,
  retireServiceAuthority,
  SERVICE_AUTHORITIES_MAX,
  serviceAuthorities,
} from './service-authority.js';

const DAY_MS = 86_400_000;
const NAMES = { commonName: 'mta1.example.com', altNames: ['DNS:mta1.example.com', 'IP:2001:db8::1'] };
const TARGET = '/var/ecconfigd/apache/server.crt';

let key: KeyObject;
let csr: string;
beforeAll(async () => {
  key = await newKey('rsa2048');
  csr = await certificateRequest(key, 'rsa2048', NAMES);
});

/** A server with an authority for services, and a node of it. */
async function setUp() {
  let aheadMs = 0;
  const clock = { now: () => Date.now() + aheadMs };
  const maker = authorityMaker(clock);
  const server = await startTestServer({
    adapters: { clock, maker },
    options: { services: { domains: ['example.com', '2001:db8::1'], daysMax: 90 } },
  });
  const make = async () => {
    const made = await makeServiceAuthority(server.ctx, 'cli:test', maker);
    if (!made.ok) throw made.error;
    return made.value.fingerprint;
  };
  const fingerprint = await make();
  const agent = await connectedAgent(await enrolNew(server));
  const call = await signedIn(server, 'operator');
  return { server, agent, call, make, fingerprint, ahead: (ms: number) => (aheadMs = ms) };
}

type Parts = Awaited<ReturnType<typeof setUp>>;

function planOf(signing: Partial<PlannedSigning> & Pick<PlannedSigning, 'authority'>): Plan {
  const plan: Omit<Plan, 'digest'> = {
    schema: 'castellan.plan/1',
    remediation: 'tls-protocols',
    title: 'A plan',
    fixes: ['MOM-TLS-001'],
    params: {},
    changes: [],
    effects: [],
    risk: 'none',
    verification: [],
    notes: [],
    signs: [{ target: TARGET, ...NAMES, keyType: 'rsa2048', days: 90, ...signing }],
  };
  return { ...plan, digest: planDigest(plan) };
}

/** Asks for a plan and answers with this one; its state when it is known. */
async function planned({ agent, call, server }: Parts, plan: Plan) {
  const nodeId = (await server.ctx.store.read.nodes.glances('', 1))[0]?.id ?? '';
  const asked = await call('POST', '/plans', { nodeId, remediation: 'tls-protocols', params: {} });
  const { id } = asked.body as { id: string };
  const { commandId, jws } = await agent.take('command');
  agent.send({ type: 'plan', commandId, plan, error: null });
  const now = async () => (await call('GET', `/plans/${id}`)).body as { state: string };
  await eventually(async () => (await now()).state !== 'waiting', 'the plan');
  return { id, jws, body: await now() };
}

/** The id of a run that was approved, and that the node has. */
async function run(parts: Parts, plan = planOf({ authority: parts.fingerprint })): Promise<string> {
  const { id } = await planned(parts, plan);
  const approved = await parts.call('POST', `/plans/${id}/approve`, { digest: plan.digest });
  await parts.agent.take('command');
  return (approved.body as { runId: string }).runId;
}

async function ask(
  { agent }: Parts,
  changes: Partial<ServiceCertificateRequest> & { readonly runId: string },
): Promise<ServiceCertificate> {
  agent.send({
    type: 'serviceCertificateRequest',
    requestId: 'req-1',
    target: TARGET,
    csr,
    clock: new Date().toISOString(),
    ...changes,
  });
  return agent.take('serviceCertificate');
}

test('what was approved is signed, by an authority of its own, for a server alone, and is written down', async () => {
  const parts = await setUp();
  const answer = await ask(parts, { runId: await run(parts) });
  expect(answer.error).toBeNull();
  const leaf = new X509Certificate(answer.certificate ?? '');
  const [view] = await serviceAuthorities(parts.server.ctx);
  const root = new X509Certificate(view?.root ?? '');
  expect(createHash('sha256').update(root.raw).digest('hex')).toBe(parts.fingerprint);
  expect([leaf.checkIssued(root), leaf.verify(root.publicKey)]).toEqual([true, true]);
  expect(leaf.checkPrivateKey(createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' })))).toBe(true);
  expect([leaf.subject, leaf.ca, leaf.keyUsage]).toEqual([
    'CN=mta1.example.com',
    false,
    ['1.3.6.1.5.5.7.3.1'],
  ]);
  expect(leaf.subjectAltName).toBe('DNS:mta1.example.com, IP Address:2001:DB8:0:0:0:0:0:1');
  expect(Math.round((Date.parse(leaf.validTo) - Date.now()) / DAY_MS)).toBe(90);
  // Nobody comes in with it, and it is of no authority that lets agents in.
  expect(parts.server.ctx.authorities.identify(leaf.raw).ok).toBe(false);
  expect(parts.server.ctx.authorities.trusted.some((one) => one.hasIssued(root.raw))).toBe(false);
  expect(view).toMatchObject({ signing: true, certificates: 1 });
  const lines = (await parts.server.ctx.store.read.audit.list({}, { limit: 100, cursor: null })).items;
  expect(lines.find(({ action }) => action === 'services.sign')).toMatchObject({
    outcome: 'ok',
    detail: { target: TARGET, serial: leaf.serialNumber.toLowerCase() },
  });
});

test('once for a run and a file: a second request, and one when the run has ended, are refused', async () => {
  const parts = await setUp();
  const runId = await run(parts);
  expect((await ask(parts, { runId })).error).toBeNull();
  expect((await ask(parts, { runId })).error?.detail).toMatch(/signed in this run already/);
  const next = await run(parts);
  const event = { index: 1, at: new Date().toISOString(), state: 'rolledBack', line: 'put back' } as const;
  parts.agent.send({ type: 'run', bootId: 'boot-1', seq: 1, event: { ...event, runId: next } });
  await parts.agent.take('ack');
  expect((await ask(parts, { runId: next })).error).toMatchObject({
    code: 'CAS_SIGNING_REFUSED',
    detail: expect.stringMatching(/is rolledBack/),
  });
});

test('what was not approved is not signed: another run, file, name, subject, kind of key, request, clock, or too late', async () => {
  const parts = await setUp();
  const runId = await run(parts);
  const reasons: [Partial<ServiceCertificateRequest> & { runId: string }, string, RegExp][] = [
    [{ runId: 'run_other' }, 'CAS_SIGNING_REFUSED', /there is no run run_other of this node/],
    [{ runId, target: '/etc/other.crt' }, 'CAS_SIGNING_REFUSED', /no certificate for \/etc\/other\.crt/],
    [
      {
        runId,
        csr: await certificateRequest(key, 'rsa2048', {
          ...NAMES,
          altNames: [...NAMES.altNames, 'DNS:www.example.com'],
        }),
      },
      'CAS_CSR_INVALID',
      /DNS:www\.example\.com, which was not approved/,
    ],
    [
      {
        runId,
        csr: await certificateRequest(key, 'rsa2048', { ...NAMES, altNames: ['DNS:mta1.example.com'] }),
      },
      'CAS_CSR_INVALID',
      /leaves out names/,
    ],
    [
      { runId, csr: await certificateRequest(key, 'rsa2048', { ...NAMES, commonName: 'mta2.example.com' }) },
      'CAS_CSR_INVALID',
      /another subject/,
    ],
    [
      { runId, csr: await certificateRequest(await newKey('ecdsa-p256'), 'ecdsa-p256', NAMES) },
      'CAS_CSR_INVALID',
      /ecdsa-p256, and rsa2048 was approved/,
    ],
    [{ runId, csr: 'x'.repeat(16_384) }, 'CAS_CSR_INVALID', /cannot be read/],
    [{ runId, clock: new Date(Date.now() - 3_600_000).toISOString() }, 'CAS_CLOCK_SKEW', /clock/i],
  ];
  for (const [changes, code, why] of reasons)
    expect((await ask(parts, changes)).error, String(why)).toEqual({
      code,
      detail: expect.stringMatching(why),
    });
  parts.ahead(41 * 60_000);
  const clock = new Date(Date.now() + 41 * 60_000).toISOString();
  expect((await ask(parts, { runId, clock })).error?.detail).toMatch(/plan again/);
  parts.ahead(0);
  expect((await ask(parts, { runId })).error).toBeNull();
});

test('a run of another node is none of this one', async () => {
  const parts = await setUp();
  const runId = await run(parts);
  const other = await connectedAgent(await enrolNew(parts.server, 'mta2.example.com'));
  expect((await ask({ ...parts, agent: other }, { runId })).error?.detail).toMatch(/there is no run/);
});

test('a plan beyond the policy cannot be approved; one of an authority that signs no more is planned again', async () => {
  const parts = await setUp();
  const beyond = await planned(
    parts,
    planOf({ authority: parts.fingerprint, altNames: ['DNS:bank.example.org'] }),
  );
  expect(beyond.body).toMatchObject({ state: 'failed', error: { code: 'CAS_SIGNING_REFUSED' } });
  const runId = await run(parts);
  await parts.make();
  expect((await ask(parts, { runId })).error?.detail).toMatch(/another authority signs now/);
  for (let count = 2; count < SERVICE_AUTHORITIES_MAX; count += 1) await parts.make();
  await expect(parts.make()).rejects.toThrow(/retire one/);
  for (const { fingerprint } of await serviceAuthorities(parts.server.ctx))
    expect((await retireServiceAuthority(parts.server.ctx, 'cli:test', fingerprint)).ok).toBe(true);
  expect((await ask(parts, { runId })).error?.detail).toMatch(/ca services make/);
  expect((await retireServiceAuthority(parts.server.ctx, 'cli:test', parts.fingerprint)).ok).toBe(false);
});

test('a session has only so many requests', async () => {
  const parts = await setUp();
  for (let count = 0; count < SIGNINGS_MAX; count += 1)
    expect((await ask(parts, { runId: 'run_none' })).certificate).toBeNull();
  parts.agent.send({
    type: 'serviceCertificateRequest',
    requestId: 'req-1',
    runId: 'run_none',
    target: TARGET,
    csr,
    clock: new Date().toISOString(),
  });
  expect((await parts.agent.take('error')).code).toBe('CAS_TOO_MANY');
});
