import type { Knex } from 'knex';
import type { RoleName } from '../domain/access/roles.js';

export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName;
  readonly passwordHash: string;
  readonly createdAt: number;
  readonly isEnabled: boolean;
  readonly lastSignInAt: number | null;
}

export interface SessionRecord {
  /** Its name for people; the cookie cannot be told from it. */
  readonly id: string;
  /** Hash of the cookie. */
  readonly idHash: string;
  readonly userId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Where it was begun from; null: before this was kept. */
  readonly address: string | null;
}

interface Row {
  id: string;
  name: string;
  role: RoleName;
  password_hash: string;
  created_at: number;
  enabled: number;
  last_sign_in_at: number | null;
}

interface SessionRow {
  id: string;
  id_hash: string;
  user_id: string;
  created_at: number;
  expires_at: number;
  address: string | null;
}

/** People and their sessions. A session is known by the hash of its cookie. */
export function userRepository(db: Knex) {
  const sessions = () => db<SessionRow>('sessions');
  return {
    async byName(name: string): Promise<UserRecord | null> {
      const row = await db<Row>('users').where({ name }).first();
      return row ? read(row) : null;
    },
    async get(id: string): Promise<UserRecord | null> {
      const row = await db<Row>('users').where({ id }).first();
      return row ? read(row) : null;
    },
    async count(): Promise<number> {
      const row = await db('users').count('* as n').first();
      return Number(row?.n ?? 0);
    },
    async all(): Promise<UserRecord[]> {
      return (await db<Row>('users').orderBy('name')).map(read);
    },
    async add(user: Omit<UserRecord, 'isEnabled' | 'lastSignInAt'>): Promise<void> {
      await db('users').insert({
        id: user.id,
        name: user.name,
        role: user.role,
        password_hash: user.passwordHash,
        created_at: user.createdAt,
      });
    },
    async update(user: UserRecord): Promise<void> {
      await db('users')
        .where({ id: user.id })
        .update({
          role: user.role,
          password_hash: user.passwordHash,
          enabled: user.isEnabled ? 1 : 0,
          last_sign_in_at: user.lastSignInAt,
        });
    },
    async addSession(session: SessionRecord): Promise<void> {
      await db('sessions').insert({
        id: session.id,
        id_hash: session.idHash,
        user_id: session.userId,
        created_at: session.createdAt,
        expires_at: session.expiresAt,
        address: session.address,
      });
    },
    /** Whose session it is, while it lasts; nobody's when the person is disabled. */
    async bySession(idHash: string, now: number): Promise<UserRecord | null> {
      const row = await db('sessions as s')
        .join('users as u', 'u.id', 's.user_id')
        .where('s.id_hash', idHash)
        .where('s.expires_at', '>', now)
        .where('u.enabled', 1)
        .select<Row[]>('u.*')
        .first();
      return row ? read(row as Row) : null;
    },
    async session(id: string): Promise<SessionRecord | null> {
      const row = await sessions().where({ id }).first();
      return row ? readSession(row) : null;
    },
    /** The newest first. */
    async sessionsOf(userId: string, now: number): Promise<SessionRecord[]> {
      return (
        await sessions()
          .where({ user_id: userId })
          .where('expires_at', '>', now)
          .orderBy('created_at', 'desc')
      ).map(readSession);
    },
    /** How many sessions each person has. */
    async sessionCounts(now: number): Promise<ReadonlyMap<string, number>> {
      const rows = await db('sessions')
        .where('expires_at', '>', now)
        .groupBy('user_id')
        .select('user_id')
        .count('* as n');
      return new Map(rows.map((row) => [String(row.user_id), Number(row.n)]));
    },
    async endSession(idHash: string): Promise<void> {
      await db('sessions').where({ id_hash: idHash }).delete();
    },
    /** All of a person's, but the one that is named. Returns how many. */
    async endSessionsOf(userId: string, exceptIdHash: string | null = null): Promise<number> {
      const query = db('sessions').where({ user_id: userId });
      if (exceptIdHash !== null) query.whereNot({ id_hash: exceptIdHash });
      return query.delete();
    },
    async endAllSessions(): Promise<void> {
      await db('sessions').delete();
    },
    async endSessionsBefore(now: number): Promise<number> {
      return db('sessions').where('expires_at', '<=', now).delete();
    },
  };
}

function read(row: Row): UserRecord {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    passwordHash: row.password_hash,
    createdAt: Number(row.created_at),
    isEnabled: Boolean(row.enabled),
    lastSignInAt: row.last_sign_in_at === null ? null : Number(row.last_sign_in_at),
  };
}

function readSession(row: SessionRow): SessionRecord {
  return {
    id: row.id,
    idHash: row.id_hash,
    userId: row.user_id,
    createdAt: Number(row.created_at),
    expiresAt: Number(row.expires_at),
    address: row.address,
  };
}
