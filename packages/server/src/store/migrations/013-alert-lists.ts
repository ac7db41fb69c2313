import type { Knex } from 'knex';

/**
 * What lists of alerts and of deliveries are sorted, narrowed and counted by. Beside each alert stand the counts of its
 * active findings (of a storm: of its alerts); triggers keep them, so that there is no statement that could forget to.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

/** Of a finding, as `finding.repository.ts` and `alert.repository.ts` read it. */
const held = (row: string) =>
  `(${row}.silence_id is not null or ${row}.inhibited_by is not null or ${row}.state = 'waived')`;
const COUNTS: Readonly<Record<string, (row: string) => string>> = {
  open_findings: (row) => `(${row}.state = 'open' and not ${held(row)})`,
  acknowledged_findings: (row) => `(${row}.state = 'acknowledged' and not ${held(row)})`,
  held_findings: (row) => `(${row}.state <> 'resolved' and ${held(row)})`,
};
const counted = (row: string, sign: '+' | '-') =>
  `update alerts set ${Object.entries(COUNTS)
    .map(([column, is]) => `${column} = ${column} ${sign} ${is(row)}`)
    .join(', ')} where id = ${row}.alert_id`;

const STORM_COUNTS: Readonly<Record<string, string>> = {
  open_findings: 'firing',
  acknowledged_findings: 'acknowledged',
};
const stormCounted = (row: string, sign: '+' | '-') =>
  `update alerts set ${Object.entries(STORM_COUNTS)
    .map(([column, state]) => `${column} = ${column} ${sign} (coalesce(${row}.state, '') = '${state}')`)
    .join(', ')} where id = ${row}.storm_id`;

const LISTED = 'id, state, severity, control, group_name, kind';

const ALERTS = [
  ...Object.keys(COUNTS).map(
    (column) => `alter table alerts add column ${column} integer not null default 0`,
  ),
  `update alerts set ${Object.entries(COUNTS)
    .map(
      ([column, is]) =>
        `${column} = (select count(*) from findings as f where f.alert_id = alerts.id and ${is('f')})`,
    )
    .join(', ')} where storm_target is null`,
  `update alerts set ${Object.entries(STORM_COUNTS)
    .map(
      ([column, state]) =>
        `${column} = (select count(*) from notifications as n where n.storm_id = alerts.id and n.state = '${state}')`,
    )
    .join(', ')} where storm_target is not null`,
  'alter table alerts add column is_active integer generated always as (ended_at is null) virtual',
  `alter table alerts add column kind text generated always as
     (case when storm_target is null then 'alert' else 'storm' end) virtual`,
  `alter table alerts add column state text generated always as (case when ended_at is not null then 'ended'
     when open_findings > 0 then 'open' when acknowledged_findings > 0 then 'acknowledged' else 'held' end) virtual`,
  // What somebody has, and what is held back, need nobody now: they come after what is open.
  `alter table alerts add column severity_rank integer generated always as
     (case when ended_at is not null then 12 else (case severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end)
       + (case when open_findings > 0 then 0 when acknowledged_findings > 0 then 4 else 8 end) end) virtual`,
  // Falls as time goes on, so that the newest of a rank come first in one direction of one index.
  'alter table alerts add column changed_turn integer generated always as (-changed_at) virtual',
  `alter table alerts add column findings integer generated always as
     (open_findings + acknowledged_findings + held_findings) virtual`,
  ...[
    ['rank', 'severity_rank, changed_turn'],
    ['opened', 'opened_at'],
    ['changed', 'changed_at'],
    ['findings', 'findings'],
  ].map(([name, terms]) => `create index alerts_list_${name} on alerts (is_active, ${terms}, ${LISTED})`),
  'create index alerts_facets on alerts (state, severity, control, group_name, kind)',
  `create trigger findings_of_alert_in after insert on findings when new.alert_id is not null begin
     ${counted('new', '+')};
   end`,
  `create trigger findings_of_alert_changed after update of state, alert_id, silence_id, inhibited_by on findings
     when old.state <> new.state or old.alert_id is not new.alert_id or old.silence_id is not new.silence_id
       or old.inhibited_by is not new.inhibited_by begin
     ${counted('old', '-')};
     ${counted('new', '+')};
   end`,
  `create trigger findings_of_alert_out after delete on findings when old.alert_id is not null begin
     ${counted('old', '-')};
   end`,
  `create trigger storms_in after insert on notifications when new.storm_id is not null begin
     ${stormCounted('new', '+')};
   end`,
  `create trigger storms_changed after update of state, storm_id on notifications
     when old.state is not new.state or old.storm_id is not new.storm_id begin
     ${stormCounted('old', '-')};
     ${stormCounted('new', '+')};
   end`,
  `create trigger storms_out after delete on notifications when old.storm_id is not null begin
     ${stormCounted('old', '-')};
   end`,
];

const DELIVERIES = [
  // What does not wait comes after all that does. The number is the largest that JSON carries exactly.
  `alter table deliveries add column due_at integer generated always as
     (case when state = 'pending' then next_at else 9007199254740991 end) virtual`,
  `alter table deliveries add column why text generated always as (coalesce(reason, '')) virtual`,
  'create index deliveries_list_created on deliveries (created_at, id, state, target_id, type, why)',
  'create index deliveries_list_due on deliveries (due_at, id, state, target_id, type, why)',
  'create index deliveries_list_target on deliveries (target_id, created_at, id, state, type, why)',
  'create index deliveries_facets on deliveries (state, target_id, type, why)',
  `create index deliveries_dead on deliveries (created_at) where state = 'dead'`,
];

const STATEMENTS = [...ALERTS, ...DELIVERIES];
