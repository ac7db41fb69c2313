import { sha256Hex } from '@castellan/shared/base/canonical-json';
import { err, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { leavesNoAdmin, PASSWORD_LENGTH_MAX, passwordProblem } from '../domain/access/accounts.js';
import {
  isRole,
  mayDo,
  PERMISSIONS,
  type Permission,
  permissionsOf,
  ROLES,
  type RoleName,
} from '../domain/access/roles.js';
import type { UserRecord } from '../store/user.repository.js';
import type { ServerContext } from './context.js';
import { instant, instantOrNull } from './instant.js';
import { type Person, tooManyTries } from './sessions.js';
import { type Act, type Actor, audited, type Unit } from './unit.js';

export { mayDo, PERMISSIONS, type Permission, permissionsOf, ROLES, type RoleName };

export async function createUser(
  ctx: ServerContext,
  actor: Actor,
  user: { name: string; role: string; password: string },
): Promise<Result<Person>> {
  const { name, role, password } = user;
  const passwordHash = await hashOf(ctx, password);
  return audited(ctx, { actor, action: 'user.create', object: name, detail: { role } }, async (unit) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(name))
      throw casError('CAS_INPUT_INVALID', 'a name has letters, digits and . _ @ -, at most 64');
    checkPassword(password);
    if (await unit.tx.users.byName(name)) throw casError('CAS_CONFLICT', `there is a user "${name}" already`);
    const person = { name, role: roleOf(role) };
    await unit.tx.users.add({ id: ctx.random.id('usr'), ...person, passwordHash, createdAt: unit.now });
    return person;
  });
}

/** By name, with how many sessions each has now. */
export async function listUsers(ctx: ServerContext) {
  const { users } = ctx.store.read;
  const sessions = await users.sessionCounts(ctx.clock.now());
  return (await users.all()).map(({ id, name, role, isEnabled, createdAt, lastSignInAt }) => ({
    id,
    name,
    role,
    enabled: isEnabled,
    createdAt: instant(createdAt),
    lastSignInAt: instantOrNull(lastSignInAt),
    sessions: sessions.get(id) ?? 0,
  }));
}
export type UserView = Awaited<ReturnType<typeof listUsers>>[number];

/** The name of a user by id, for a route. */
export async function userName(ctx: ServerContext, id: string): Promise<string> {
  const user = await ctx.store.read.users.get(id);
  if (!user) throw casError('CAS_NOT_FOUND', 'there is no such user');
  return user.name;
}

/** A person who is disabled keeps name and history, and is signed out everywhere at once. */
export async function setEnabled(
  ctx: ServerContext,
  actor: Actor,
  name: string,
  isEnabled: boolean,
): Promise<Result<void>> {
  const act = { actor, action: isEnabled ? 'user.enable' : 'user.disable', object: name };
  const done = await changeUser(ctx, act, async (unit, user) => {
    await checkAdminLeft(unit, user, { isEnabled });
    await unit.tx.users.update({ ...user, isEnabled });
    if (!isEnabled) await unit.tx.users.endSessionsOf(user.id);
  });
  if (done.ok && !isEnabled) ctx.events.endStreams({ person: name });
  return done;
}

/** Holds from the next request of a session that is there. */
export async function setRole(
  ctx: ServerContext,
  actor: Actor,
  name: string,
  role: string,
): Promise<Result<void>> {
  const act = { actor, action: 'user.role', object: name, detail: { role } };
  return changeUser(ctx, act, async (unit, user) => {
    const wanted = roleOf(role);
    await checkAdminLeft(unit, user, { role: wanted });
    await unit.tx.users.update({ ...user, role: wanted });
  });
}

/** Somebody else's password. Whoever knew the old one is signed out. */
export async function setPassword(
  ctx: ServerContext,
  actor: Actor,
  name: string,
  password: string,
): Promise<Result<void>> {
  const passwordHash = await hashOf(ctx, password);
  const act = { actor, action: 'user.password', object: name };
  const done = await changeUser(ctx, act, async (unit, user) => {
    if (actor === `user:${name}`)
      throw casError('CAS_INPUT_INVALID', 'your own password is changed with the old one');
    checkPassword(password);
    await unit.tx.users.update({ ...user, passwordHash });
    await unit.tx.users.endSessionsOf(user.id);
  });
  if (done.ok) ctx.events.endStreams({ person: name });
  return done;
}

/** One's own password: with the old one, and this session goes on; the others end. */
export async function changeOwnPassword(
  ctx: ServerContext,
  person: Person,
  change: { oldPassword: string; password: string; cookie: string; address: string },
): Promise<Result<void>> {
  const { oldPassword, password, cookie, address } = change;
  const { name } = person;
  // A session that was left open is no way to guess the password.
  const attempt = { name, isKnown: true, address };
  const waitMs = ctx.signIns.begin(attempt, ctx.clock.now());
  if (waitMs !== null) return err(tooManyTries(waitMs));
  const known = await ctx.store.read.users.byName(name);
  const isRight = known !== null && (await ctx.hasher.verify(known.passwordHash, oldPassword));
  if (isRight) ctx.signIns.succeeded(attempt);
  const passwordHash = await hashOf(ctx, password);
  const act = { actor: `user:${name}`, action: 'user.password', object: name };
  const done = await changeUser(ctx, act, async (unit, user) => {
    if (!isRight || user.passwordHash !== known.passwordHash)
      throw casError('CAS_INPUT_INVALID', 'the old password is wrong');
    checkPassword(password);
    await unit.tx.users.update({ ...user, passwordHash });
    await unit.tx.users.endSessionsOf(user.id, sha256Hex(cookie));
  });
  if (done.ok) ctx.events.endStreams({ person: name });
  return done;
}

/** Signs a person out everywhere. Returns of how many sessions. */
export async function endSessions(ctx: ServerContext, actor: Actor, name: string): Promise<Result<number>> {
  const done = await changeUser(ctx, { actor, action: 'user.endSessions', object: name }, (unit, user) =>
    unit.tx.users.endSessionsOf(user.id),
  );
  if (done.ok) ctx.events.endStreams({ person: name });
  return done;
}

async function changeUser<T>(
  ctx: ServerContext,
  act: Act,
  work: (unit: Unit, user: UserRecord) => Promise<T>,
): Promise<Result<T>> {
  return audited(ctx, act, async (unit) => {
    const user = await unit.tx.users.byName(act.object);
    if (!user) throw casError('CAS_NOT_FOUND', `there is no user "${act.object}"`);
    return work(unit, user);
  });
}

async function checkAdminLeft(
  unit: Unit,
  user: UserRecord,
  change: { role?: RoleName; isEnabled?: boolean },
): Promise<void> {
  if (leavesNoAdmin(await unit.tx.users.all(), user.id, change))
    throw casError(
      'CAS_LAST_ADMIN',
      `"${user.name}" is the last administrator who is enabled: make or enable another first`,
    );
}

function roleOf(role: string): RoleName {
  if (!isRole(role)) throw casError('CAS_INPUT_INVALID', `the role must be one of: ${ROLES.join(', ')}`);
  return role;
}

function checkPassword(password: string): void {
  const problem = passwordProblem(password);
  if (problem !== null) throw casError('CAS_INPUT_INVALID', problem);
}

/** Made before the transaction, because it takes long; of a text that is too long, which is refused, never. */
async function hashOf(ctx: ServerContext, password: string): Promise<string> {
  return password.length <= PASSWORD_LENGTH_MAX ? ctx.hasher.hash(password) : '';
}
