import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { webhookOf } from '../../testing/receiver.js';
import { PASSWORD, signedIn, startTestServer } from '../../testing/server.js';
import type { ServerContext } from '../services/context.js';
import { mayDo, type Permission, ROLES } from '../services/people.js';
import { ROUTES } from './routes.generated.js';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly may: Permission | 'open';
}

/** What each route says of itself, without a guard around it. */
async function declared(ctx: ServerContext): Promise<Operation[]> {
  const app = Fastify({ ajv: { customOptions: { strict: false } } });
  const found: Operation[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    for (const one of [method].flat())
      if (one !== 'HEAD') found.push({ method: one, path: url, may: config?.may ?? 'open' });
  });
  const options = { ctx, isSecure: false, signInsPerMinute: 1, metricsToken: null };
  for (const { default: route, prefix = '/api/v1' } of ROUTES)
    await app.register(route, { prefix, ...options });
  // The server compiles a schema at its first request: here all of them must.
  await app.ready();
  return found.filter(({ path }) => path !== '/metrics');
}

type Answer = {
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly sniff: string;
};

async function ask(
  url: string,
  { method, path }: Operation,
  headers: Record<string, string>,
  body: unknown = null,
): Promise<Answer> {
  const answer = await fetch(`${url}${path.replace(':id', 'x')}`, {
    method,
    headers: { ...headers, ...(body === null ? {} : { 'content-type': 'application/json' }) },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
  const type = answer.headers.get('content-type') ?? '';
  const sniff = answer.headers.get('x-content-type-options') ?? '';
  // A stream has no end.
  if (type.includes('event-stream')) {
    await answer.body?.cancel();
    return { status: answer.status, code: '', type, sniff };
  }
  const text = await answer.text();
  const code = type.includes('problem') ? (JSON.parse(text) as { code: string }).code : '';
  return { status: answer.status, code, type, sniff };
}

const CSRF = { 'x-castellan-csrf': '1' };

test('every operation asks who it is and whether they may: nobody, viewer, operator, admin', async () => {
  const server = await startTestServer();
  const operations = await declared(server.ctx);
  expect(operations.length).toBeGreaterThan(20);
  // Signing out ends the session that the others need.
  operations.sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
  const wrong: string[] = [];
  for (const role of [null, ...ROLES]) {
    const cookie = role === null ? '' : (await signedIn(server, role)).cookie;
    for (const operation of operations) {
      const { method, path, may } = operation;
      if (path.endsWith('/session') && method === 'DELETE') continue;
      const { status, code } = await ask(server.peopleUrl, operation, { ...CSRF, cookie });
      const isLet = may === 'open' || (role !== null && mayDo(role, may));
      const expected = isLet ? '' : role === null ? 'CAS_AUTH_REQUIRED' : 'CAS_AUTH_FORBIDDEN';
      const refusal = code === 'CAS_AUTH_REQUIRED' || code === 'CAS_AUTH_FORBIDDEN' ? code : '';
      if (refusal !== expected || status >= 500)
        wrong.push(`${role ?? 'nobody'}: ${method} ${path} (${may}): ${status} ${code}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('the document names every operation that is served, and no other', async () => {
  const server = await startTestServer();
  const document = (await (await fetch(`${server.peopleUrl}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const named = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('{id}', ':id')}`),
  );
  expect(named.sort()).toEqual(
    (await declared(server.ctx)).map(({ method, path }) => `${method} ${path}`).sort(),
  );
});

test('every write without the header that a form cannot send is refused, whoever asks', async () => {
  const server = await startTestServer();
  const { cookie } = await signedIn(server);
  const writes = (await declared(server.ctx)).filter(({ method }) => method !== 'GET');
  expect(writes.length).toBeGreaterThan(8);
  for (const operation of writes)
    for (const headers of [{ cookie }, { cookie, 'x-castellan-csrf': '0' }, {}] as Record<string, string>[])
      expect([operation.path, (await ask(server.peopleUrl, operation, headers)).code]).toEqual([
        operation.path,
        'CAS_CSRF',
      ]);
});

test('a script in every text of every write stays text: no answer is a page, and none is guessed to be one', async () => {
  const server = await startTestServer();
  const { cookie } = await signedIn(server);
  const script = '<script>alert(1)</script>';
  const texts = [
    'name',
    'url',
    'secret',
    'comment',
    'reason',
    'group',
    'replace',
    'nodeId',
    'remediation',
    'digest',
    'password',
  ];
  const body = { ...Object.fromEntries(texts.map((text) => [text, script])), params: { [script]: script } };
  for (const operation of (await declared(server.ctx)).filter(
    ({ method }) => method === 'POST' || method === 'PUT',
  )) {
    const answer = await ask(server.peopleUrl, operation, { cookie, ...CSRF }, body);
    expect([operation.path, answer.type, answer.sniff]).toEqual([
      operation.path,
      expect.stringMatching(/^application\/(problem\+)?json/),
      'nosniff',
    ]);
    expect(answer.status).toBeLessThan(500);
  }
  const made = await ask(
    server.peopleUrl,
    { method: 'POST', path: '/api/v1/targets', may: 'target.write' },
    { cookie, ...CSRF },
    { name: script, kind: 'webhook', settings: { url: 'https://example.com/' } },
  );
  expect([made.status, made.type]).toEqual([201, 'application/json; charset=utf-8']);
});

test('no answer that a viewer can have holds a secret, or the hash of one', async () => {
  const server = await startTestServer();
  const admin = await signedIn(server);
  const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
  await admin('POST', '/targets', webhookOf('https://example.com/', { secret }));
  const { body } = await admin('POST', '/tokens', { group: 'mta' });
  const { token, id } = body as { token: string; id: string };
  const hash = (await server.ctx.store.read.tokens.get(id))?.secretHash ?? 'none';
  const target = (await server.ctx.store.read.targets.all())[0];
  const passwordHash = (await server.ctx.store.read.users.byName('admin'))?.passwordHash ?? 'none';
  const secrets = [secret, token, hash, target?.secretSealed ?? 'none', passwordHash, PASSWORD];
  for (const call of [await signedIn(server, 'viewer'), await signedIn(server, 'operator'), admin]) {
    for (const { path } of (await declared(server.ctx)).filter(
      ({ method, path }) => method === 'GET' && !/events|healthz|readyz/.test(path),
    )) {
      const answer = await call('GET', path.replace('/api/v1', '').replace(':id', target?.id ?? ''));
      const text = JSON.stringify(answer.body);
      expect([path, secrets.filter((one) => text.includes(one))]).toEqual([path, []]);
    }
  }
});
