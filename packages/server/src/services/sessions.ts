import { sha256Hex } from '@castellan/shared/base/canonical-json';
import { err, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { mayDo, type RoleName } from '../domain/access/roles.js';
import type { SessionRecord } from '../store/user.repository.js';
import type { ServerContext } from './context.js';
import { instant } from './instant.js';
import { type Actor, audited } from './unit.js';

const SESSION_MS_MAX = 12 * 3_600_000;

export interface Person {
  readonly name: string;
  readonly role: RoleName;
}

export interface NewSession {
  readonly person: Person;
  /** The cookie's value: known to the browser only, here by its hash. */
  readonly cookie: string;
  readonly maxAgeMs: number;
}

/** Signs a person in. A wrong name costs as much time as a wrong password, and is told alike. */
export async function signIn(
  ctx: ServerContext,
  name: string,
  password: string,
  address: string,
): Promise<Result<NewSession>> {
  const user = await ctx.store.read.users.byName(name);
  const attempt = { name, isKnown: user !== null, address };
  const waitMs = ctx.signIns.begin(attempt, ctx.clock.now());
  if (waitMs !== null) return err(tooManyTries(waitMs));
  const isRight = await ctx.hasher.verify(user?.passwordHash ?? (await hashOfNobody(ctx)), password);
  // An unknown name may be a password typed in the wrong field: the audit does not keep it.
  const act = {
    actor: user ? `user:${name}` : 'user:(unknown)',
    action: 'session.begin',
    object: 'session',
    detail: { address },
    isOpen: true,
  };
  const session = await audited(ctx, act, async (unit) => {
    if (!user || !isRight) throw casError('CAS_AUTH_FAILED');
    // Whoever was disabled, or given another password, while this one was being checked does not get in any more.
    const now = await unit.tx.users.get(user.id);
    if (now?.passwordHash !== user.passwordHash) throw casError('CAS_AUTH_FAILED');
    // Told only to whoever knows the password.
    if (!now.isEnabled)
      throw casError('CAS_AUTH_FAILED', 'this account is disabled: ask an administrator to enable it');
    const cookie = Buffer.from(ctx.random.bytes(32)).toString('base64url');
    await unit.tx.users.addSession({
      id: ctx.random.id('ses'),
      idHash: sha256Hex(cookie),
      userId: now.id,
      createdAt: unit.now,
      expiresAt: unit.now + SESSION_MS_MAX,
      address,
    });
    await unit.tx.users.update({ ...now, lastSignInAt: unit.now });
    return { person: { name: now.name, role: now.role }, cookie, maxAgeMs: SESSION_MS_MAX };
  });
  if (session.ok) ctx.signIns.succeeded(attempt);
  return session;
}

export function tooManyTries(waitMs: number) {
  return casError('CAS_TOO_MANY', `too many wrong tries for this name: wait ${Math.ceil(waitMs / 1000)} s`);
}

let nobody: Promise<string> | null = null;

function hashOfNobody(ctx: ServerContext): Promise<string> {
  nobody ??= ctx.hasher.hash(Buffer.from(ctx.random.bytes(16)).toString('hex'));
  return nobody;
}

export async function personOf(ctx: ServerContext, cookie: string): Promise<Person | null> {
  const user = await ctx.store.read.users.bySession(sha256Hex(cookie), ctx.clock.now());
  return user ? { name: user.name, role: user.role } : null;
}

export async function signOut(ctx: ServerContext, person: Person, cookie: string): Promise<Result<void>> {
  const session = sha256Hex(cookie);
  const act = { actor: `user:${person.name}`, action: 'session.end', object: 'session' };
  const ended = await audited(ctx, act, (unit) => unit.tx.users.endSession(session));
  ctx.events.endStreams({ session });
  return ended;
}

function sessionView({ id, createdAt, expiresAt, address, idHash }: SessionRecord, cookie: string | null) {
  return {
    id,
    createdAt: instant(createdAt),
    expiresAt: instant(expiresAt),
    address,
    isThisOne: cookie !== null && idHash === sha256Hex(cookie),
  };
}

/** The sessions of a person, by name, the newest first. `cookie` is of whoever asks. */
export async function listSessions(ctx: ServerContext, name: string, cookie: string | null = null) {
  const { users } = ctx.store.read;
  const user = await users.byName(name);
  if (!user) throw casError('CAS_NOT_FOUND', `there is no user "${name}"`);
  const sessions = await users.sessionsOf(user.id, ctx.clock.now());
  return sessions.map((session) => sessionView(session, cookie));
}

/** Who wants a session ended: a person, or the command line, which names whose it must be. */
export type Ender = Person | { readonly ofUser: string };

/** Ends one session: one's own, or anybody's for one who manages people. */
export async function endSession(
  ctx: ServerContext,
  actor: Actor,
  ender: Ender,
  id: string,
): Promise<Result<void>> {
  const ended = await audited(ctx, { actor, action: 'session.end', object: id }, async (unit) => {
    const session = await unit.tx.users.session(id);
    const owner = session && (await unit.tx.users.get(session.userId));
    if (!session || !owner || !mayEnd(ender, owner.name))
      throw casError('CAS_NOT_FOUND', 'there is no such session');
    await unit.tx.users.endSession(session.idHash);
    return session.idHash;
  });
  if (!ended.ok) return ended;
  ctx.events.endStreams({ session: ended.value });
  return { ok: true, value: undefined };
}

function mayEnd(ender: Ender, owner: string): boolean {
  if ('ofUser' in ender) return ender.ofUser === owner;
  return ender.name === owner || mayDo(ender.role, 'user.manage');
}
