import type { Knex } from 'knex';

/** What of a node tells whether it should be heard, and how long its certificate lasts. */
export interface NodeGlance {
  readonly id: string;
  readonly name: string;
  readonly enrolledAt: number;
  readonly lastSeenAt: number | null;
  readonly certificateNotAfter: number;
  /** Since when it is no longer looked after; null: it is. */
  readonly retiredAt: number | null;
  /** Its certificate was revoked: it cannot connect until it is enrolled again. */
  readonly isRevoked: boolean;
}

interface Row {
  id: string;
  name: string;
  enrolled_at: number;
  last_seen_at: number | null;
  certificate_not_after: number;
  retired_at: number | null;
  revoked: number;
}

/** What is asked of all nodes, again and again. */
export function nodeSweeps(db: Knex) {
  return {
    /**
     * What is looked at of every node: by id, from after an id on, at most so many. A part is short because its rows are
     * read on the server's one thread.
     */
    async glances(after: string, limit: number): Promise<NodeGlance[]> {
      const found = await db('nodes')
        .where({ is_server: 0 })
        .whereNull('former_name')
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .select<Row[]>(
          ...['id', 'name', 'enrolled_at', 'last_seen_at', 'certificate_not_after', 'retired_at', 'revoked'],
        );
      return found.map(glance);
    },
    /** Of these those that must not be connected: retired, deleted, or with a certificate that was revoked. */
    async bannedOf(ids: readonly string[]): Promise<string[]> {
      const rows = (await db.raw(
        `select id from nodes where id in (select value from json_each(?))
           and (retired_at is not null or revoked = 1)`,
        [JSON.stringify(ids)],
      )) as Pick<Row, 'id'>[];
      return rows.map(({ id }) => id);
    },
  };
}

export function glance(row: Row): NodeGlance {
  return {
    id: row.id,
    name: row.name,
    enrolledAt: Number(row.enrolled_at),
    lastSeenAt: row.last_seen_at === null ? null : Number(row.last_seen_at),
    certificateNotAfter: Number(row.certificate_not_after),
    retiredAt: row.retired_at === null ? null : Number(row.retired_at),
    isRevoked: Boolean(row.revoked),
  };
}
