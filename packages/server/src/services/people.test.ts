import { expect, test } from 'vitest';
import { PASSWORD, signedIn, startTestServer } from '../../testing/server.js';
import type { RunningServer } from '../app/server.js';
import { changeOwnPassword, createUser, listUsers, setEnabled, setPassword, setRole } from './people.js';
import { endSession, listSessions, personOf, signIn } from './sessions.js';

const CLI = 'cli:test';
const NEW = 'another password of the tests';
const HERE = '192.0.2.1';

const cookieOf = (cookie: string) => cookie.split('=')[1] ?? '';
const audit = async ({ ctx }: RunningServer) =>
  (await ctx.store.read.audit.list({}, { limit: 100, cursor: null })).items;
const mayIn = async ({ ctx }: RunningServer, name: string, password: string) =>
  (await signIn(ctx, name, password, HERE)).ok;

/** A place in the event feed, as a stream takes it: how often it was told to end. By itself it never does. */
function streamOf({ ctx }: RunningServer, person: string, session = 'none') {
  let ended = 0;
  const end = () => {
    ended += 1;
  };
  ctx.events.listen(() => undefined, { person, session, end });
  return () => ended;
}

test('whoever is disabled is signed out at once, their streams end, they get in no more; enabled again they do', async () => {
  const server = await startTestServer();
  const admin = await signedIn(server);
  const eve = await signedIn(server, 'operator', 'eve');
  const [his, hers] = [streamOf(server, 'admin'), streamOf(server, 'eve')];
  expect(await setEnabled(server.ctx, CLI, 'eve', false)).toEqual({ ok: true, value: undefined });
  expect([his(), hers()]).toEqual([0, 1]);
  expect((await eve('GET', '/session')).status).toBe(401);
  expect((await admin('GET', '/session')).status).toBe(200);
  const refused = await signIn(server.ctx, 'eve', PASSWORD, HERE);
  expect(refused).toMatchObject({
    error: { code: 'CAS_AUTH_FAILED', detail: expect.stringContaining('disabled') },
  });
  // Who does not know the password learns nothing of the account.
  expect(await signIn(server.ctx, 'eve', NEW, HERE)).toMatchObject({
    error: { detail: 'The name or the password is wrong.' },
  });
  await setEnabled(server.ctx, CLI, 'eve', true);
  expect((await eve('GET', '/session')).status).toBe(401);
  expect(await mayIn(server, 'eve', PASSWORD)).toBe(true);
});

test('the last admin who is enabled is neither disabled nor demoted, not even by two at once', async () => {
  const server = await startTestServer();
  const { ctx } = server;
  const make = (name: string, role: string) => createUser(ctx, CLI, { name, role, password: PASSWORD });
  await make('olga', 'admin');
  await make('otto', 'admin');
  const both = await Promise.all([
    setEnabled(ctx, 'user:otto', 'olga', false),
    setRole(ctx, 'user:olga', 'otto', 'viewer'),
  ]);
  expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
  expect(both.find(({ ok }) => !ok)).toMatchObject({
    error: { code: 'CAS_LAST_ADMIN', http: 409, detail: expect.stringContaining('make or enable another') },
  });
  const left = (await listUsers(ctx)).filter((user) => user.role === 'admin' && user.enabled);
  expect(left).toHaveLength(1);
  await make('anna', 'admin');
  const last = left[0]?.name ?? '';
  expect((await setRole(ctx, CLI, last, 'operator')).ok).toBe(true);
  expect(await setRole(ctx, CLI, 'anna', 'operator')).toMatchObject({ error: { code: 'CAS_LAST_ADMIN' } });
  expect((await audit(server)).filter(({ outcome }) => outcome === 'refused')).toHaveLength(2);
});

test('another role holds from the next request on', async () => {
  const server = await startTestServer();
  await signedIn(server);
  const eve = await signedIn(server, 'viewer', 'eve');
  expect((await eve('GET', '/audit')).status).toBe(403);
  await setRole(server.ctx, CLI, 'eve', 'admin');
  expect((await eve('GET', '/audit')).status).toBe(200);
  expect(await setRole(server.ctx, CLI, 'eve', 'king')).toMatchObject({
    error: { code: 'CAS_INPUT_INVALID' },
  });
  expect(await setRole(server.ctx, CLI, 'nobody', 'viewer')).toMatchObject({
    error: { code: 'CAS_NOT_FOUND' },
  });
});

test('a password that an admin sets signs its person out everywhere; the old one is over; no audit line holds either', async () => {
  const server = await startTestServer();
  const admin = await signedIn(server);
  const eve = await signedIn(server, 'viewer', 'eve');
  const hers = streamOf(server, 'eve');
  expect((await setPassword(server.ctx, 'user:admin', 'eve', NEW)).ok).toBe(true);
  expect(hers()).toBe(1);
  expect((await eve('GET', '/session')).status).toBe(401);
  expect([await mayIn(server, 'eve', PASSWORD), await mayIn(server, 'eve', NEW)]).toEqual([false, true]);
  expect(await setPassword(server.ctx, 'user:admin', 'admin', NEW)).toMatchObject({
    error: { code: 'CAS_INPUT_INVALID', detail: expect.stringContaining('with the old one') },
  });
  expect(await setPassword(server.ctx, CLI, 'eve', 'short')).toMatchObject({
    error: { code: 'CAS_INPUT_INVALID' },
  });
  expect((await admin('GET', '/session')).status).toBe(200);
  const lines = JSON.stringify(await audit(server));
  expect([lines.includes(NEW), lines.includes(PASSWORD), lines.includes('user.password')]).toEqual([
    false,
    false,
    true,
  ]);
});

test("one's own password: with the old one, this session goes on and the others end; guessing is slowed", async () => {
  const server = await startTestServer();
  const { ctx } = server;
  const eve = await signedIn(server, 'viewer', 'eve');
  const elsewhere = await signIn(ctx, 'eve', PASSWORD, HERE);
  if (!elsewhere.ok) throw elsewhere.error;
  const wrong = await eve('PUT', '/session/password', { oldPassword: NEW, password: NEW });
  expect([wrong.status, wrong.body]).toMatchObject([400, { detail: 'the old password is wrong' }]);
  expect((await eve('PUT', '/session/password', { oldPassword: PASSWORD, password: NEW })).status).toBe(204);
  expect((await eve('GET', '/session')).status).toBe(200);
  expect(await personOf(ctx, elsewhere.value.cookie)).toBeNull();
  expect([await mayIn(server, 'eve', PASSWORD), await mayIn(server, 'eve', NEW)]).toEqual([false, true]);
  const change = { oldPassword: PASSWORD, password: PASSWORD, cookie: cookieOf(eve.cookie), address: HERE };
  const codes: string[] = [];
  for (let tries = 0; tries < 8; tries += 1) {
    const tried = await changeOwnPassword(ctx, { name: 'eve', role: 'viewer' }, change);
    codes.push(tried.ok ? 'done' : tried.error.code);
  }
  expect([codes[0], codes[7]]).toEqual(['CAS_INPUT_INVALID', 'CAS_TOO_MANY']);
});

test("sessions are listed without their cookies; one's own may be ended, another's only by who manages people", async () => {
  const server = await startTestServer();
  const { ctx } = server;
  const admin = await signedIn(server);
  const eve = await signedIn(server, 'operator', 'eve');
  const other = await signIn(ctx, 'eve', PASSWORD, HERE);
  if (!other.ok) throw other.error;
  const mine = (await eve('GET', '/sessions')).body as { id: string; isThisOne: boolean; address: string }[];
  expect(mine.map(({ isThisOne }) => isThisOne).sort()).toEqual([false, true]);
  expect(mine.map(({ address }) => address).sort()).toEqual(['127.0.0.1', HERE]);
  expect(JSON.stringify(mine)).not.toContain(other.value.cookie);
  const [his] = await listSessions(ctx, 'admin');
  expect((await eve('DELETE', `/sessions/${his?.id}`)).status).toBe(404);
  expect((await admin('GET', '/session')).status).toBe(200);
  const there = mine.find(({ isThisOne }) => !isThisOne)?.id ?? '';
  expect((await eve('DELETE', `/sessions/${there}`)).status).toBe(204);
  expect(await personOf(ctx, other.value.cookie)).toBeNull();
  const eveId = (await ctx.store.read.users.byName('eve'))?.id ?? '';
  const [last] = await ctx.store.read.users.sessionsOf(eveId, 0);
  expect(await endSession(ctx, CLI, { ofUser: 'admin' }, last?.id ?? '')).toMatchObject({
    error: { code: 'CAS_NOT_FOUND' },
  });
  const hers = streamOf(server, 'eve', last?.idHash);
  expect((await admin('DELETE', `/sessions/${last?.id}`)).status).toBe(204);
  expect(hers()).toBe(1);
  expect((await eve('GET', '/session')).status).toBe(401);
});

test('an admin sees who may sign in, adds one, and signs one out everywhere', async () => {
  const server = await startTestServer();
  const admin = await signedIn(server);
  const eve = await signedIn(server, 'viewer', 'eve');
  expect((await admin('POST', '/users', { name: 'new', role: 'viewer', password: PASSWORD })).status).toBe(
    201,
  );
  const { items } = (await admin('GET', '/users')).body as { items: Record<string, unknown>[] };
  expect(items).toMatchObject([
    { name: 'admin', role: 'admin', enabled: true, sessions: 1, lastSignInAt: expect.any(String) },
    { name: 'eve', role: 'viewer', enabled: true, sessions: 1 },
    { name: 'new', role: 'viewer', enabled: true, sessions: 0, lastSignInAt: null },
  ]);
  expect(JSON.stringify(items)).not.toMatch(/plain|hash/i);
  const id = String(items[1]?.id);
  expect((await admin('GET', `/users/${id}/sessions`)).body).toHaveLength(1);
  const hers = streamOf(server, 'eve');
  expect((await admin('DELETE', `/users/${id}/sessions`)).body).toEqual({ ended: 1 });
  expect(hers()).toBe(1);
  expect((await eve('GET', '/session')).status).toBe(401);
  expect((await admin('POST', `/users/${id}/disable`)).status).toBe(204);
  expect((await admin('POST', `/users/${id}/enable`)).status).toBe(204);
  expect((await admin('PUT', `/users/${id}/role`, { role: 'operator' })).status).toBe(204);
  expect((await admin('PUT', `/users/${id}/password`, { password: NEW })).status).toBe(204);
  expect((await admin('POST', '/users/nobody/disable')).status).toBe(404);
  const done = (await audit(server)).map(({ action, object }) => `${action} ${object}`);
  expect(done).toEqual(
    expect.arrayContaining([
      'user.endSessions eve',
      'user.disable eve',
      'user.enable eve',
      'user.role eve',
      'user.password eve',
    ]),
  );
});
