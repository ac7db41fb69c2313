import type { Knex } from 'knex';

/** What a page said: a finding that has become worse since pages again. Null: not tried yet, or by an older version. */
export async function up(db: Knex): Promise<void> {
  await db.raw('alter table deliveries add column told_severity text');
}
