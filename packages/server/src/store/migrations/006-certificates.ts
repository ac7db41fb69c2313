import type { Knex } from 'knex';

/**
 * A certificate that was issued for a node and not used yet; and the row of the server itself, which its own findings
 * belong to and no list of nodes shows.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw('alter table nodes add column candidate_serial text');
  await db.raw('alter table nodes add column is_server integer not null default 0');
}
