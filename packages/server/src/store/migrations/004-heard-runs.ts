import type { Knex } from 'knex';

/** When a node last said something of a run, so that a run of which nothing is heard any more has an end. */
export async function up(db: Knex): Promise<void> {
  await db.raw('alter table runs add column heard_at bigint not null default 0');
  await db.raw('update runs set heard_at = coalesce(finished_at, approved_at)');
}
