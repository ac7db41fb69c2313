import { expect, test } from 'vitest';
import { connect, connectedAgent, enrol, newCsr, proofOf } from '../../testing/agent.js';
import { enrolNew, newToken, startTestServer } from '../../testing/server.js';
import { REPLACED_CONTROL, REPLACED_SUBJECT } from '../domain/node-replaced.js';
import { revokeNode } from './nodes.js';
import { createToken } from './tokens.js';

const NAME = 'mta1.example.com';

test('a token of a group, the right one or another, replaces no node that is there', async () => {
  const server = await startTestServer();
  const victim = await enrolNew(server);
  const agent = await connectedAgent(victim);
  for (const group of ['mta', 'web']) {
    const refused = await enrol(server, await newToken(server, { group }));
    expect([refused.status, refused.body.code]).toEqual([409, 'CAS_NODE_EXISTS']);
    expect(refused.body.detail).toContain(`castellan-server token create --replace ${NAME}`);
  }
  expect(agent.socket.readyState).toBe(agent.socket.OPEN);
  expect((await server.ctx.store.read.nodes.byName(NAME))?.publicJwk).toEqual(
    (await server.ctx.store.read.nodes.get(victim.nodeId))?.publicJwk,
  );
  await agent.close();
  await connectedAgent(victim);
});

test.each(['MTA1.example.com', 'mta1.EXAMPLE.com'])(
  '%s is no other host than mta1.example.com',
  async (name) => {
    const server = await startTestServer();
    const first = await enrolNew(server);
    const refused = await enrol(server, await newToken(server), { name });
    expect([refused.status, refused.body.code]).toEqual([409, 'CAS_NODE_EXISTS']);
    const proved = await enrol(server, await newToken(server), { name, oldKeyPem: first.keyPem });
    expect(proved.body.code).toBe('CAS_NODE_EXISTS');
    const token = await createToken(server.ctx, 'cli:test', { replace: name, ttlSeconds: 60, uses: 1 });
    expect(token.ok).toBe(false);
    await connectedAgent(first);
  },
);

test.each([
  'mta1.example.com.',
  '.mta1.example.com',
  'mta1\u0430.example.com',
  'mta1.example.com\u0000',
  'mta1/../x',
  ' mta1.example.com',
  'mta1.example.com\n',
  '',
])('a name that only looks like one is none: %j', async (name) => {
  const server = await startTestServer();
  const token = await newToken(server);
  expect((await enrol(server, token, { name })).status).toBe(400);
  expect(await server.ctx.store.read.nodes.glances('', 10)).toEqual([]);
});

test.each([
  [
    'by another key',
    async (token: string) => {
      const { csr, keyPem } = await newCsr(NAME);
      return { csr, proof: proofOf((await newCsr(NAME)).keyPem || keyPem, { token, name: NAME, csr }) };
    },
  ],
  [
    'over another request',
    async (_token: string, oldKeyPem: string) => {
      const { csr } = await newCsr(NAME);
      return { csr, proof: proofOf(oldKeyPem, { token: 'another', name: NAME, csr }) };
    },
  ],
  ['of zeros', async () => ({ proof: 'A'.repeat(86) })],
])('a proof %s is none', async (_name, spoil) => {
  const server = await startTestServer();
  const first = await enrolNew(server);
  const token = await newToken(server);
  const refused = await enrol(server, token, { name: NAME, ...(await spoil(token, first.keyPem)) });
  expect([refused.status, refused.body.code]).toEqual([409, 'CAS_NODE_EXISTS']);
  // Nor is the token used up by it.
  expect((await enrol(server, token, { oldKeyPem: first.keyPem })).status).toBe(200);
});

test('the key of a node that was revoked proves nothing, nor does a token of another group go with a good proof', async () => {
  const server = await startTestServer();
  const first = await enrolNew(server);
  const elsewhere = await enrol(server, await newToken(server, { group: 'web' }), {
    oldKeyPem: first.keyPem,
  });
  expect(elsewhere.body.code).toBe('CAS_NODE_EXISTS');
  await revokeNode(server.ctx, 'cli:test', first.nodeId, 'stolen');
  const refused = await enrol(server, await newToken(server), { oldKeyPem: first.keyPem });
  expect(refused.body).toMatchObject({
    code: 'CAS_NODE_EXISTS',
    detail: expect.stringContaining('was revoked'),
  });
});

test('a token made for the node replaces it, once; that is a finding, and the audit names token and address', async () => {
  const server = await startTestServer();
  const first = await enrolNew(server);
  const token = await newToken(server, { replace: NAME });
  const other = await enrol(server, token, { name: 'mta2.example.com' });
  expect([other.status, other.body.code]).toEqual([401, 'CAS_TOKEN_UNKNOWN']);
  const second = await enrol(server, token);
  expect([second.status, second.body.nodeId]).toEqual([200, first.nodeId]);
  expect(await connect(first)).toMatchObject({ status: 401, body: { code: 'CAS_CERT_REVOKED' } });
  await connectedAgent(second.enrolled);
  const id = token.split('.')[1];
  const finding = await server.ctx.store.read.findings.active(
    first.nodeId,
    REPLACED_CONTROL,
    REPLACED_SUBJECT,
  );
  expect(finding).toMatchObject({
    severity: 'medium',
    summary: expect.stringContaining(`127.0.0.1 with the token ${id}`),
  });
  const audit = (await server.ctx.store.read.audit.list({}, { limit: 50, cursor: null })).items;
  expect(audit.find(({ action }) => action === 'node.replace')).toMatchObject({
    detail: { name: NAME, token: id, address: '127.0.0.1', by: 'token' },
  });
  expect((await server.ctx.store.read.nodes.get(first.nodeId))?.group).toBe('mta');
  expect((await enrol(server, token)).body.code).toBe('CAS_TOKEN_USED');
});

test.each([
  [{ replace: 'nobody.example.com', uses: 1 }, 'CAS_NOT_FOUND'],
  [{ replace: NAME, uses: 2 }, 'CAS_INPUT_INVALID'],
  [{ replace: NAME, group: 'web', uses: 1 }, 'CAS_INPUT_INVALID'],
  [{ uses: 1 }, 'CAS_INPUT_INVALID'],
])('a token of %j is not made', async (order, code) => {
  const server = await startTestServer();
  await enrolNew(server);
  expect(await createToken(server.ctx, 'cli:test', { ttlSeconds: 60, ...order })).toMatchObject({
    error: { code },
  });
});

test('a token for one use lets one of thirty in that ask at once', async () => {
  const server = await startTestServer();
  const token = await newToken(server);
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, n) => enrol(server, token, { name: `mta${n}.example.com` })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(29).fill(401)]);
  expect((await server.ctx.store.read.nodes.count()).total).toBe(1);
});

test('refusals fill neither the audit: one line of a kind in a minute, the next with how many were left out', async () => {
  let now = Date.now();
  const server = await startTestServer({ adapters: { clock: { now: () => now } } });
  const token = await newToken(server);
  const wrong = token.replace(/\.[\w-]{43}\./, `.${'x'.repeat(43)}.`);
  for (let n = 0; n < 20; n += 1) expect((await enrol(server, wrong)).status).toBe(401);
  const refused = async () =>
    (await server.ctx.store.read.audit.list({}, { limit: 200, cursor: null })).items.filter(
      ({ action }) => action === 'node.enrol',
    );
  expect(await refused()).toMatchObject([{ outcome: 'refused', detail: { address: '127.0.0.1' } }]);
  now += 61_000;
  await enrol(server, wrong);
  expect((await refused())[0]).toMatchObject({ detail: { leftOut: 19, code: 'CAS_TOKEN_UNKNOWN' } });
});
