import type { Knex } from 'knex';

/** What is asked again and again of the whole fleet, and concerns few of it. */
export async function up(db: Knex): Promise<void> {
  await db.raw('create index nodes_retired on nodes (id) where retired_at is not null');
}
