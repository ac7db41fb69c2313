import { expect, test } from 'vitest';
import { enrol } from '../../testing/agent.js';
import { enrolNew, newToken, signedIn, startTestServer } from '../../testing/server.js';
import { renameNode } from './nodes.js';
import { listTokens, revokeToken } from './tokens.js';

const CLI = 'cli:test';
const idOf = (token: string) => token.split('.')[1] ?? '';

test('a revoked token lets nobody in, and says why to whoever has it; nodes that joined with it stay', async () => {
  const server = await startTestServer();
  const admin = await signedIn(server);
  const token = await newToken(server, { uses: 2 });
  expect((await enrol(server, token)).status).toBe(200);
  expect((await admin('POST', `/tokens/${idOf(token)}/revoke`)).status).toBe(204);
  const refused = await enrol(server, token, { name: 'mta2.example.com' });
  expect([refused.status, refused.body.code]).toEqual([401, 'CAS_TOKEN_REVOKED']);
  const guess = token.replace(/\.[\w-]{43}\./, `.${'x'.repeat(43)}.`);
  expect((await enrol(server, guess, { name: 'mta2.example.com' })).body.code).toBe('CAS_TOKEN_UNKNOWN');
  expect((await server.ctx.store.read.nodes.glances('', 10)).map(({ name }) => name)).toEqual([
    'mta1.example.com',
  ]);
  const line = (await server.ctx.store.read.audit.list({}, { limit: 20, cursor: null })).items.find(
    (l) => l.action === 'token.revoke',
  );
  expect(line).toMatchObject({ actor: 'user:admin', object: idOf(token), outcome: 'ok' });
});

test('each token is listed with what became of it, and only a good one is revoked', async () => {
  let ahead = 0;
  const server = await startTestServer({ adapters: { clock: { now: () => Date.now() + ahead } } });
  const admin = await signedIn(server);
  const used = await newToken(server);
  await enrol(server, used);
  const revoked = await newToken(server);
  await revokeToken(server.ctx, CLI, idOf(revoked));
  const late = await newToken(server, { ttlSeconds: 60 });
  const good = await newToken(server, { ttlSeconds: 7200 });
  ahead = 61_000;
  const expected = { [used]: 'usedUp', [revoked]: 'revoked', [late]: 'expired', [good]: 'good' };
  const { items } = (await admin('GET', '/tokens')).body as { items: { id: string; state: string }[] };
  const states = Object.fromEntries(items.map(({ id, state }) => [id, state]));
  for (const [token, state] of Object.entries(expected)) {
    expect([state, states[idOf(token)]]).toEqual([state, state]);
    const answer = await revokeToken(server.ctx, CLI, idOf(token));
    expect(answer.ok ? 'done' : answer.error.code).toBe(state === 'good' ? 'done' : 'CAS_CONFLICT');
  }
  expect(await revokeToken(server.ctx, CLI, 'nothing')).toMatchObject({ error: { code: 'CAS_NOT_FOUND' } });
});

test('a token that replaces a node ends when the node is renamed: nobody joins anew with it', async () => {
  const server = await startTestServer();
  const { nodeId } = await enrolNew(server);
  const token = await newToken(server, { replace: 'mta1.example.com' });
  expect((await renameNode(server.ctx, CLI, nodeId, 'mx1.example.com')).ok).toBe(true);
  expect((await enrol(server, token)).body.code).toBe('CAS_TOKEN_REVOKED');
  expect((await listTokens(server.ctx)).find(({ nodeName }) => nodeName !== null)?.state).toBe('revoked');
});
