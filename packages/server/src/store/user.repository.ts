import type { Knex } from 'knex';
import type { RoleName } from '../domain/access/roles.js';

export interface UserRecord {
  readonly id: string;
  readonly name: string;
  readonly role: RoleName;
  readonly passwordHash: string;
  readonly createdAt: number;
}

interface Row {
  id: string;
  name: string;
  role: RoleName;
  password_hash: string;
  created_at: number;
}

/** People and their sessions. A session is known by the hash of its cookie. */
export function userRepository(db: Knex) {
  return {
    async byName(name: string): Promise<UserRecord | null> {
      const row = await db<Row>('users').where({ name }).first();
      return row ? read(row) : null;
    },
    async count(): Promise<number> {
      const row = await db('users').count('* as n').first();
      return Number(row?.n ?? 0);
    },
    async add(user: UserRecord): Promise<void> {
      await db('users').insert({
        id: user.id,
        name: user.name,
        role: user.role,
        password_hash: user.passwordHash,
        created_at: user.createdAt,
      });
    },
    async addSession(session: {
      idHash: string;
      userId: string;
      createdAt: number;
      expiresAt: number;
    }): Promise<void> {
      await db('sessions').insert({
        id_hash: session.idHash,
        user_id: session.userId,
        created_at: session.createdAt,
        expires_at: session.expiresAt,
      });
    },
    async bySession(idHash: string, now: number): Promise<UserRecord | null> {
      const row = await db('sessions as s')
        .join('users as u', 'u.id', 's.user_id')
        .where('s.id_hash', idHash)
        .where('s.expires_at', '>', now)
        .select<Row[]>('u.*')
        .first();
      return row ? read(row as Row) : null;
    },
    async endSession(idHash: string): Promise<void> {
      await db('sessions').where({ id_hash: idHash }).delete();
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
  };
}
