import type { Knex } from 'knex';

/** Who has a finding, since when, until when, and what they say of it. */
export async function up(db: Knex): Promise<void> {
  for (const column of ['ack_by text', 'ack_at bigint', 'ack_until bigint', 'ack_note text'])
    await db.raw(`alter table findings add column ${column}`);
  await db.raw(`create index findings_acknowledged on findings (ack_until) where state = 'acknowledged'`);
}
