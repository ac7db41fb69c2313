import { sha256Hex } from '@castellan/shared/base/canonical-json';
import { err, type Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { isRole, mayDo, type Permission, ROLES, type RoleName } from '../domain/access/roles.js';
import type { ServerContext } from './context.js';
import { type Actor, audited } from './unit.js';

export { mayDo, type Permission, ROLES, type RoleName };

const SESSION_MS_MAX = 12 * 3_600_000;
const PASSWORD_LENGTH_MIN = 12;
const PASSWORD_LENGTH_MAX = 1024;

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
  if (waitMs !== null) {
    const seconds = Math.ceil(waitMs / 1000);
    return err(casError('CAS_TOO_MANY', `too many wrong tries for this name: wait ${seconds} s`));
  }
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
    const cookie = Buffer.from(ctx.random.bytes(32)).toString('base64url');
    await unit.tx.users.addSession({
      idHash: sha256Hex(cookie),
      userId: user.id,
      createdAt: unit.now,
      expiresAt: unit.now + SESSION_MS_MAX,
    });
    return { person: { name: user.name, role: user.role }, cookie, maxAgeMs: SESSION_MS_MAX };
  });
  if (session.ok) ctx.signIns.succeeded(attempt);
  return session;
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

export async function createUser(
  ctx: ServerContext,
  actor: Actor,
  user: { name: string; role: string; password: string },
): Promise<Result<Person>> {
  const { name, role, password } = user;
  const passwordHash = password.length <= PASSWORD_LENGTH_MAX ? await ctx.hasher.hash(password) : '';
  return audited(ctx, { actor, action: 'user.create', object: name, detail: { role } }, async (unit) => {
    if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(name))
      throw casError('CAS_INPUT_INVALID', 'a name has letters, digits and . _ @ -, at most 64');
    if (!isRole(role)) throw casError('CAS_INPUT_INVALID', `the role must be one of: ${ROLES.join(', ')}`);
    if (password.length < PASSWORD_LENGTH_MIN || password.length > PASSWORD_LENGTH_MAX) {
      throw casError(
        'CAS_INPUT_INVALID',
        `a password has ${PASSWORD_LENGTH_MIN} to ${PASSWORD_LENGTH_MAX} characters`,
      );
    }
    if (await unit.tx.users.byName(name)) throw casError('CAS_CONFLICT', `there is a user "${name}" already`);
    await unit.tx.users.add({ id: ctx.random.id('usr'), name, role, passwordHash, createdAt: unit.now });
    return { name, role };
  });
}
