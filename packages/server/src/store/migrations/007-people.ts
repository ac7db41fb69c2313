import type { Knex } from 'knex';

/**
 * What was added can be taken away: people are disabled, sessions ended one by one, tokens revoked, nodes retired and
 * deleted. Of a deleted node only its id and its name stay, because findings, plans and runs of it are history.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const STATEMENTS = [
  'alter table users add column enabled integer not null default 1',
  'alter table users add column last_sign_in_at bigint',
  // A name for a session that may be shown: the hash of its cookie is kept to the server.
  'alter table sessions add column id text',
  `update sessions set id = 'ses_' || lower(hex(randomblob(12)))`,
  'alter table sessions add column address text',
  'create unique index sessions_by_id on sessions (id)',
  'create index sessions_by_user on sessions (user_id)',
  'alter table tokens add column revoked_at bigint',
  'alter table nodes add column retired_at bigint',
  'alter table nodes add column former_name text',
];
