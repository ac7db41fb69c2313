import type { Knex } from 'knex';

/** A token may be made for one node: only it replaces that node's identity without its old key. */
export async function up(db: Knex): Promise<void> {
  await db.raw('alter table tokens add column node_name text');
}
