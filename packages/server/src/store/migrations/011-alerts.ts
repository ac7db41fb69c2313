import type { Knex } from 'knex';

/**
 * Alerts stand between findings and deliveries: findings of one control in one group of nodes. `notifications` says what
 * each target was last notified of an alert, and when that is to be looked at again (`decide_at`). A storm is an alert
 * of one target, which has other alerts in place of findings. Pages that waited for their node's share are alerts now.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const RANK = `case f.severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end`;
const SEVERITY = (rank: string) =>
  `case ${rank} when 0 then 'critical' when 1 then 'high' when 2 then 'medium' else 'low' end`;

const STATEMENTS = [
  `create table alerts (id text primary key, control text not null, group_name text not null, storm_target text, storm_class text,
     title text not null, severity text not null, opened_at bigint not null, last_opened_at bigint not null, changed_at bigint not null,
     ended_at bigint, openings integer not null default 1)`,
  `create unique index alerts_active on alerts (control, group_name, coalesce(storm_target, ''), coalesce(storm_class, ''))
     where ended_at is null`,
  'create index alerts_by_end on alerts (control, group_name, ended_at)',
  `create table notifications (alert_id text not null references alerts(id), target_id text not null, state text,
     unsure text, severity text, findings integer not null default 0, at bigint, growth_since bigint,
     decide_at bigint, storm_id text, primary key (alert_id, target_id))`,
  'create index notifications_due on notifications (decide_at) where decide_at is not null',
  'create index notifications_of_storm on notifications (storm_id) where storm_id is not null',
  'alter table findings add column alert_id text',
  'alter table findings add column silence_id text',
  'alter table findings add column inhibited_by text',
  `create index findings_of_alert on findings (alert_id, state, severity, silence_id, inhibited_by, node_id)`,
  'alter table deliveries add column alert_id text',
  'alter table deliveries add column reason text',
  'alter table deliveries add column told_findings integer',
  'alter table deliveries add column node_id text',
  'alter table deliveries add column is_critical integer not null default 0',
  `create unique index deliveries_pending on deliveries (target_id, alert_id) where state = 'pending' and alert_id is not null`,
  'create index deliveries_new on deliveries (target_id, is_critical, reason, created_at)',
  'create index deliveries_of_alert on deliveries (alert_id)',
  // What is active becomes the alerts that it would have been.
  `insert into alerts (id, control, group_name, title, severity, opened_at, last_opened_at, changed_at)
     select 'alr_' || lower(hex(randomblob(12))), f.control, n.group_name, min(f.title), ${SEVERITY(`min(${RANK})`)},
       min(f.opened_at), max(f.opened_at), max(f.updated_at)
     from findings f join nodes n on n.id = f.node_id where f.state <> 'resolved' group by f.control, n.group_name`,
  `update findings set alert_id = (select a.id from alerts a join nodes n on n.id = findings.node_id
     where a.control = findings.control and a.group_name = n.group_name) where state <> 'resolved'`,
  `insert into notifications (alert_id, target_id, state, severity, findings, at)
     select f.alert_id, d.target_id, 'firing', ${SEVERITY(`min(${RANK})`)}, count(distinct f.id), max(d.delivered_at)
     from deliveries d join findings f on f.id = d.finding_id
     where d.type = 'alert.firing' and d.state = 'delivered' and f.alert_id is not null group by f.alert_id, d.target_id`,
  `update deliveries set alert_id = (select f.alert_id from findings f where f.id = deliveries.finding_id)
     where state <> 'pending'`,
  // What was on its way is decided anew, by alert.
  `insert into notifications (alert_id, target_id, decide_at)
     select distinct f.alert_id, d.target_id, 0 from deliveries d join findings f on f.id = d.finding_id
     where d.state = 'pending' and f.alert_id is not null
     union select distinct f.alert_id, t.id, 0 from waiting_pages w join findings f on f.id = w.finding_id
     join targets t on t.enabled = 1 where f.alert_id is not null
     on conflict (alert_id, target_id) do update set decide_at = 0`,
  `update deliveries set state = 'dropped', last_problem = 'its alert is delivered instead' where state = 'pending'
     and exists (select 1 from findings f where f.id = deliveries.finding_id and f.alert_id is not null)`,
  'drop table waiting_pages',
  // Targets of several kinds: what each is set up with is its channel's.
  `alter table targets add column kind text not null default 'webhook'`,
  `alter table targets add column settings_json text not null default '{}'`,
  `update targets set settings_json = json_object('url', url)`,
  'alter table targets drop column url',
  'alter table targets add column remind_after_ms bigint',
  'alter table targets add column fallback_id text',
  'alter table targets add column is_fallback integer not null default 0',
];
