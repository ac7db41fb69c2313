import type { Knex } from 'knex';

export interface TokenRecord {
  readonly id: string;
  readonly secretHash: string;
  readonly group: string;
  /** The only node that may join with it, as the new identity of one that is there; null: any new node. */
  readonly nodeName: string | null;
  readonly usesTotal: number;
  readonly usesLeft: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
}

export function tokenRepository(db: Knex) {
  return {
    async get(id: string): Promise<TokenRecord | null> {
      const row = await db('tokens').where({ id }).first();
      return row ? read(row) : null;
    },
    async list(): Promise<TokenRecord[]> {
      return (await db('tokens').orderBy('created_at', 'desc').limit(500)).map(read);
    },
    async add(token: Omit<TokenRecord, 'revokedAt'>): Promise<void> {
      await db('tokens').insert({
        id: token.id,
        secret_hash: token.secretHash,
        group_name: token.group,
        node_name: token.nodeName,
        uses_total: token.usesTotal,
        uses_left: token.usesLeft,
        created_at: token.createdAt,
        created_by: token.createdBy,
        expires_at: token.expiresAt,
      });
    },
    async revoke(id: string, at: number): Promise<void> {
      await db('tokens').where({ id, revoked_at: null }).update({ revoked_at: at });
    },
    /** Those that were made for this node: its name may become another's. */
    async revokeForNode(nodeName: string, at: number): Promise<void> {
      await db('tokens').where({ node_name: nodeName, revoked_at: null }).update({ revoked_at: at });
    },
    /** Nobody joins with a token of before. Returns how many still could. */
    async endAll(): Promise<number> {
      return db('tokens').where('uses_left', '>', 0).update({ uses_left: 0 });
    },
    /** False when no use was left. */
    async use(id: string): Promise<boolean> {
      return (await db('tokens').where({ id }).where('uses_left', '>', 0).decrement('uses_left', 1)) === 1;
    },
  };
}

function read(row: {
  id: string;
  secret_hash: string;
  group_name: string;
  node_name: string | null;
  uses_total: number;
  uses_left: number;
  created_at: number;
  created_by: string;
  expires_at: number;
  revoked_at: number | null;
}): TokenRecord {
  return {
    id: row.id,
    secretHash: row.secret_hash,
    group: row.group_name,
    nodeName: row.node_name,
    usesTotal: row.uses_total,
    usesLeft: row.uses_left,
    createdAt: Number(row.created_at),
    createdBy: row.created_by,
    expiresAt: Number(row.expires_at),
    revokedAt: row.revoked_at === null ? null : Number(row.revoked_at),
  };
}
