import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { connectedAgent, transition } from '../../testing/agent.js';
import { webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, PASSWORD, PEOPLE, signedIn, startTestServer } from '../../testing/server.js';
import { argon2Hasher } from '../adapters/vault.js';

describe('signing in', () => {
  test('works with argon2id, sets a cookie that scripts cannot read, and ends', async () => {
    const server = await startTestServer({ adapters: { hasher: argon2Hasher } });
    const call = await signedIn(server, 'viewer');
    expect((await call('GET', '/session')).body).toEqual({
      user: { name: 'viewer', role: 'viewer', permissions: ['see'] },
    });
    expect((await call('DELETE', '/session')).status).toBe(204);
    expect((await call('GET', '/session')).status).toBe(401);
  });

  test.each([
    ['a wrong password', 'admin', 'wrong wrong wrong'],
    ['a wrong name', 'nobody', PASSWORD],
  ])('with %s is refused in the same words', async (_name, name, password) => {
    const server = await startTestServer();
    await signedIn(server);
    const answer = await fetch(`${server.peopleUrl}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-castellan-csrf': '1' },
      body: JSON.stringify({ name, password }),
    });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({
      code: 'CAS_AUTH_FAILED',
      detail: 'The name or the password is wrong.',
    });
  });

  test('is tried only so often from one address', async () => {
    const server = await startTestServer({
      options: {
        people: { ...PEOPLE, signInsPerMinute: 3 },
      },
    });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { status } = await fetch(`${server.peopleUrl}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-castellan-csrf': '1' },
        body: JSON.stringify({ name: 'a', password: 'b' }),
      });
      statuses.push(status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  const tried = async (server: { peopleUrl: string }, name: string, forwardedFor: string) => {
    const { status } = await fetch(`${server.peopleUrl}/api/v1/session`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-castellan-csrf': '1',
        'x-forwarded-for': forwardedFor,
      },
      body: JSON.stringify({ name, password: 'wrong wrong wrong' }),
    });
    return status;
  };

  test.each([
    [['127.0.0.0/8'], [401, 401, 401, 401]],
    [[], [401, 401, 429, 429]],
  ])('behind proxies of %j, an address is whose the proxy says', async (trustedProxies, wanted) => {
    const server = await startTestServer({
      options: { people: { ...PEOPLE, signInsPerMinute: 2, trustedProxies } },
    });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push(await tried(server, `user${n}`, `192.0.2.${n}`));
    expect(statuses).toEqual(wanted);
  });

  test('is slowed for each account, wherever the tries come from', async () => {
    const server = await startTestServer({
      options: { people: { ...PEOPLE, trustedProxies: ['127.0.0.1'] } },
    });
    await signedIn(server, 'operator', 'alice');
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, n) => tried(server, 'alice', `192.0.2.${n}`)),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    // Where she signed in before, others' tries do not count.
    expect(await tried(server, 'alice', '127.0.0.1')).toBe(401);
  });
});

describe('a request', () => {
  test('without the header that a form cannot send is refused', async () => {
    const server = await startTestServer();
    const call = await signedIn(server);
    const answer = await fetch(`${server.peopleUrl}/api/v1/tokens`, {
      method: 'POST',
      headers: { cookie: call.cookie, 'content-type': 'application/json' },
      body: '{"group":"a"}',
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, 'CAS_CSRF']);
  });

  test('to every address of the document needs somebody who is signed in, but for a few', async () => {
    const server = await startTestServer();
    const document = (await (await fetch(`${server.peopleUrl}/api/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const open: string[] = [];
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        const answer = await fetch(`${server.peopleUrl}${path.replaceAll('{id}', 'x')}`, {
          method: method.toUpperCase(),
          headers: { 'x-castellan-csrf': '1' },
        });
        if (answer.status !== 401) open.push(`${method} ${path}`);
      }
    }
    expect(open.sort()).toEqual(['get /healthz', 'get /readyz', 'post /api/v1/session']);
    expect(Object.keys(document.paths).length).toBeGreaterThan(20);
  });

  test.each([
    ['viewer', ['POST', '/findings/x/acknowledge', {}], 403],
    ['operator', ['POST', '/tokens', { group: 'mta' }], 403],
    ['operator', ['GET', '/audit'], 403],
    ['operator', ['POST', '/findings/x/acknowledge', {}], 404],
    ['admin', ['POST', '/tokens', { group: 'mta' }], 201],
    ['admin', ['GET', '/nope'], 404],
    ['admin', ['GET', '/findings?limit=9999'], 400],
    ['admin', ['GET', '/findings?cursor=rubbish'], 400],
    [
      'admin',
      ['POST', '/targets', { name: 'x', kind: 'webhook', settings: { url: 'ftp://example.com' } }],
      400,
    ],
  ] as const)('of %s: %j gets %i', async (role, [method, path, body], status) => {
    const server = await startTestServer();
    const answer = await (await signedIn(server, role))(method, path, body);
    expect([answer.status, answer.status < 400 || answer.headers.get('content-type')]).toEqual([
      status,
      status < 400 || 'application/problem+json; charset=utf-8',
    ]);
  });

  test('that fails inside tells the caller the code and a number, and no more', async () => {
    const server = await startTestServer();
    const call = await signedIn(server);
    server.ctx.store.read.nodes.list = async () => {
      throw new Error('SECRET PATH /var/lib');
    };
    const answer = await call('GET', '/nodes');
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('SECRET');
    expect(answer.body).toMatchObject({ code: 'CAS_INTERNAL', request_id: expect.any(String) });
  });
});

describe('findings', () => {
  test('come page by page, each once, and are found by words, severity and state', async () => {
    const server = await startTestServer();
    const call = await signedIn(server);
    const agent = await connectedAgent(await enrolNew(server));
    for (let n = 1; n <= 25; n += 1)
      agent.send(transition(n, { subject: `listener ${n}`, severity: n % 2 ? 'high' : 'low' }));
    agent.send(transition(26, { subject: 'listener 7', status: 'pass' }));
    await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === 26), 'the acknowledgement');
    const seen: string[] = [];
    const severities: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const {
        items,
        next,
      }: {
        items: { subject: string; severity: string }[];
        next: string | null;
      } = (await call('GET', `/findings?limit=10${cursor && `&cursor=${cursor}`}`)).body;
      seen.push(...items.map((item) => item.subject));
      severities.push(...items.map((item) => item.severity));
      // What is new between two pages must not make the reader miss another one.
      if (seen.length === 10) {
        agent.send(transition(27, { subject: 'listener 99', severity: 'critical' }));
        await eventually(
          () => agent.inbox.some((m) => m.type === 'ack' && m.upTo === 27),
          'the acknowledgement',
        );
      }
      cursor = next;
    }
    // The worst first, however old: those of high severity are 12 of 24, `listener 7` is over.
    expect(severities).toEqual([...Array(12).fill('high'), ...Array(12).fill('low')]);
    expect([seen.length, new Set(seen).size]).toEqual([24, 24]);
    const count = async (query: string) =>
      ((await call('GET', `/findings?limit=500&${query}`)).body as { items: unknown[] }).items.length;
    expect([
      await count('severity=low'),
      await count('state=resolved'),
      await count('state=all'),
      await count('q=LISTENER%20AND%2025'),
      await count('q=100%25'),
      await count('control=MOM-TLS-001'),
    ]).toEqual([12, 1, 26, 1, 0, 25]);
  });

  test('can be acknowledged once, with a comment that stays in their history', async () => {
    const server = await startTestServer();
    const call = await signedIn(server, 'operator');
    const agent = await connectedAgent(await enrolNew(server));
    agent.send(transition(1));
    await agent.take('ack');
    const { items } = (await call('GET', '/findings')).body as { items: { id: string }[] };
    const id = items[0]?.id;
    expect((await call('POST', `/findings/${id}/acknowledge`, { comment: 'mine' })).body).toMatchObject({
      state: 'acknowledged',
    });
    expect((await call('POST', `/findings/${id}/acknowledge`, {})).status).toBe(409);
    expect((await call('GET', `/findings/${id}`)).body).toMatchObject({
      history: [{ to: 'open' }, { from: 'open', to: 'acknowledged', why: 'by user:operator: mine' }],
    });
  });
});

describe('a target', () => {
  test('shows its secret once, when it is made, and never again', async () => {
    const server = await startTestServer();
    const call = await signedIn(server);
    const made = (await call('POST', '/targets', webhookOf('http://127.0.0.1:9/x', { severityMin: 'high' })))
      .body as { id: string; secrets: { secret: string } };
    const { secret } = made.secrets;
    expect(secret).toMatch(/^whsec_/);
    const everything = JSON.stringify([
      await call('GET', '/targets'),
      await call('PUT', `/targets/${made.id}`, {
        ...webhookOf('http://127.0.0.1:9/y', { name: 'b' }),
        enabled: false,
      }),
      await call('GET', '/audit'),
    ]);
    expect(everything).not.toContain(secret.slice(6));
    const stored = await server.ctx.store.read.targets.get(made.id);
    expect(stored).toMatchObject({
      name: 'b',
      enabled: false,
      secretSealed: expect.not.stringContaining(secret.slice(6)),
    });
    expect((await call('DELETE', `/targets/${made.id}`)).status).toBe(204);
    expect((await call('GET', '/targets')).body).toEqual({ items: [], next: null });
  });
});

describe('events', () => {
  const stream = (server: { peopleUrl: string }, cookie: string) =>
    fetch(`${server.peopleUrl}/api/v1/events`, { headers: { cookie } });

  test('end when the person signs out, and one person has only so many streams', async () => {
    const server = await startTestServer();
    const [alice, bob] = [await signedIn(server, 'viewer', 'alice'), await signedIn(server, 'viewer', 'bob')];
    const streams = await Promise.all(Array.from({ length: 9 }, () => stream(server, alice.cookie)));
    expect(streams.map(({ status }) => status).sort()).toEqual([
      ...Array(6).fill(200),
      ...Array(3).fill(429),
    ]);
    const other = await stream(server, bob.cookie);
    expect(other.status).toBe(200);
    expect((await alice('DELETE', '/session')).status).toBe(204);
    // Each is read to its end.
    await Promise.all(streams.map((one) => one.text()));
    await eventually(() => server.ctx.events.streams() === 1, 'the end of the streams');
    await other.body?.cancel();
  });

  test('end soon after their session did, however it ended', { timeout: 120_000 }, async () => {
    const server = await startTestServer();
    const alice = await signedIn(server, 'viewer', 'alice');
    const one = await stream(server, alice.cookie);
    expect(one.status).toBe(200);
    // As the hour of its end does.
    await server.ctx.store.transaction((tx) => tx.users.endSessionsBefore(Number.MAX_SAFE_INTEGER));
    await one.text();
    expect((await stream(server, alice.cookie)).status).toBe(401);
  });

  test('arrive as they happen, and what was missed is made up for', async () => {
    const server = await startTestServer();
    const call = await signedIn(server);
    const agent = await connectedAgent(await enrolNew(server));
    const listen = async (lastId: string | null, until: RegExp) => {
      const stop = new AbortController();
      const response = await fetch(`${server.peopleUrl}/api/v1/events`, {
        headers: { cookie: call.cookie, ...(lastId ? { 'last-event-id': lastId } : {}) },
        signal: stop.signal,
      });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (reader && !until.test(text)) text += (await reader.read()).value ?? '';
      stop.abort();
      return text;
    };
    const first = await listen(null, /hello/);
    const lastId = /^id: (.+)$/m.exec(first)?.[1] ?? '';
    agent.send(transition(1));
    await agent.take('ack');
    expect(await listen(lastId, /event: finding/)).toMatch(/event: finding\ndata: {"id":"fnd_/);
    expect(await listen('another-life.3', /event: resync/)).toContain('event: resync');
  });
});

test('without a built console, a page says how to build it; nothing inline is permitted', async () => {
  const server = await startTestServer();
  const answer = await fetch(`${server.peopleUrl}/findings/x`);
  expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('npm run build')]);
  expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
});

test('the metrics count what there is', async () => {
  const server = await startTestServer();
  await connectedAgent(await enrolNew(server));
  const metrics = (headers: Record<string, string>) => fetch(`${server.peopleUrl}/metrics`, { headers });
  expect((await metrics({})).status).toBe(401);
  expect((await metrics({ authorization: 'Bearer wrong' })).status).toBe(401);
  const { cookie } = await signedIn(server, 'viewer');
  expect((await metrics({ cookie })).status).toBe(200);
  const text = await (await metrics({ authorization: 'Bearer a token for the scraper' })).text();
  expect(text).toContain('castellan_nodes{state="connected"} 1');
  expect(text).toContain('castellan_messages_received_total{type="hello"} 1');
});

test('the folders of the routes are the routes that are served', () => {
  const folders = readdirSync(new URL('./routes', import.meta.url), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.length).toBeGreaterThan(10);
  const registry = readFileSync(new URL('./routes.generated.ts', import.meta.url), 'utf8');
  expect([...registry.matchAll(/from '\.\/routes\/([a-z-]+)\/index\.js'/g)].map((m) => m[1])).toEqual(
    folders.map(({ name }) => name).sort(),
  );
});
