import type { Knex } from 'knex';

/**
 * Posture over time: per day, group and control how much was open and how many nodes passed. When a finding last became
 * worse stands beside it, kept by a trigger. The indexes let a day's rows be counted, and what changed since an instant,
 * without a look at any verdict's text.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const RANK = (row: string) =>
  `case ${row}.severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end`;

const STATEMENTS = [
  // In the order in which a series is read: one group, one control, day after day.
  `create table posture_days (group_name text not null, control text not null, day text not null,
     critical integer not null, high integer not null, medium integer not null, low integer not null,
     stale integer not null, held integer not null, judged integer not null, passing integer not null,
     taken_at bigint not null, primary key (group_name, control, day)) without rowid`,
  'create index posture_days_by_day on posture_days (day, group_name, control)',
  'create index verdicts_posture on verdicts (node_id, control, status)',
  `create index findings_posture on findings (group_name, control, severity, stale, state) where state <> 'resolved'`,
  'alter table findings add column worse_at bigint',
  `create trigger findings_worsened after update of severity on findings
     when ${RANK('new')} < ${RANK('old')} begin
     update findings set worse_at = new.updated_at where id = new.id;
   end`,
  'create index findings_opened on findings (opened_at, control, severity)',
  'create index findings_resolved on findings (resolved_at, control, severity) where resolved_at is not null',
  'create index findings_worse on findings (worse_at, control, severity) where worse_at is not null',
];
