import type { Knex } from 'knex';

/**
 * Silences: what they match, when they hold, who made them and why. `active_from` and `active_until` are those of the
 * occurrence that is under way or next. `is_applied`: what was there when it began, or was extended, is held.
 * `held_new` of a finding: it has been held since it opened, so that nobody was told of it. Waivers stand with the finding that is waived.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const STATEMENTS = [
  `create table silences (id text primary key, control text, node_id text, group_name text, severity text, subject text,
     alert_id text, reason text not null, author text not null, created_at bigint not null, zone text not null,
     weekly_start text, weekly_minutes integer, starts_at bigint not null, ends_at bigint not null,
     active_from bigint not null, active_until bigint not null, is_applied integer not null default 0,
     ended_at bigint, ended_by text)`,
  'create index silences_active on silences (active_until)',
  'create index findings_silenced on findings (silence_id) where silence_id is not null',
  'create index findings_inhibited on findings (inhibited_by) where inhibited_by is not null',
  ...[
    'waive_by text',
    'waive_at bigint',
    'waive_until bigint',
    'waive_reason text',
    'waive_severity text',
  ].map((column) => `alter table findings add column ${column}`),
  'alter table findings add column held_new integer not null default 0',
  // The members of an alert are counted from the index alone.
  'drop index findings_of_alert',
  `create index findings_of_alert on findings (alert_id, state, severity, silence_id, inhibited_by, held_new, node_id)`,
  `create index findings_waived on findings (waive_until) where state = 'waived'`,
];
