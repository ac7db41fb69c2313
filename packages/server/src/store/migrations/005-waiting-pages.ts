import type { Knex } from 'knex';

/** Findings that opened beyond their node's share of pages, and page when its turn comes. */
export async function up(db: Knex): Promise<void> {
  await db.raw(
    `create table waiting_pages (finding_id text primary key references findings(id), node_id text not null,
       is_own integer not null)`,
  );
  await db.raw('create index waiting_pages_by_node on waiting_pages (node_id, is_own)');
}
