import type { Knex } from 'knex';

/**
 * What lists are sorted, narrowed, counted and searched by, so that a page of a large fleet's list is read from an index:
 * the node's name and group beside each finding, the open findings' counts beside each node, and an index of trigrams
 * over the findings' text. Triggers keep them: there is no statement that could forget to.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const TEXT = (row: string) =>
  ['title', 'summary', 'control', 'subject', 'node_name', 'verdict_json']
    .map((column) => `${row}.${column}`)
    .join(" || ' ' || ");
const SEVERITIES = ['critical', 'high', 'medium', 'low'];
const counted = (row: string, sign: '+' | '-') =>
  SEVERITIES.map((s) => `open_${s} = open_${s} ${sign} (${row}.severity = '${s}')`).join(', ');

const FINDINGS = [
  // Rows without a number are those that the insert's trigger has not finished yet.
  'alter table findings add column seq integer',
  `alter table findings add column node_name text not null default ''`,
  `alter table findings add column group_name text not null default ''`,
  `alter table findings add column is_active integer generated always as (state <> 'resolved') virtual`,
  `alter table findings add column severity_rank integer generated always as (case when state = 'resolved' then 4
     when severity = 'critical' then 0 when severity = 'high' then 1 when severity = 'medium' then 2 else 3 end) virtual`,
  // Falls as time goes on, so that the newest of a rank come first in one direction of one index.
  'alter table findings add column updated_turn integer generated always as (-updated_at) virtual',
  `update findings set seq = rowid,
     node_name = (select coalesce(former_name, name) from nodes where nodes.id = node_id),
     group_name = (select group_name from nodes where nodes.id = node_id)`,
  'create unique index findings_by_seq on findings (seq)',
  ...[
    ['rank', 'severity_rank, updated_turn'],
    ['updated', 'updated_at'],
    ['opened', 'opened_at'],
    ['control', 'control, severity_rank, updated_turn'],
    ['node', 'node_name, severity_rank, updated_turn'],
  ].map(
    // The rest lets a filter refuse a row without a look at the table, where the verdict's text lies.
    ([name, terms]) =>
      `create index findings_list_${name} on findings (is_active, ${terms}, id, seq, state, severity, control, group_name)`,
  ),
  'create index findings_facets on findings (state, severity, control, group_name)',
];

const TEXTS = [
  // No copy of the text is kept, only what finds it.
  `create virtual table finding_texts using fts5(text, content='', contentless_delete=1, tokenize='trigram')`,
  `insert into finding_texts (rowid, text) select f.seq, ${TEXT('f')} from findings as f`,
  `create trigger findings_inserted after insert on findings begin
     update findings set seq = (select coalesce(max(seq), 0) + 1 from findings),
       node_name = (select coalesce(former_name, name) from nodes where nodes.id = new.node_id),
       group_name = (select group_name from nodes where nodes.id = new.node_id) where id = new.id;
     insert into finding_texts (rowid, text) select f.seq, ${TEXT('f')} from findings as f where f.id = new.id;
   end`,
  `create trigger findings_reworded after update of title, summary, verdict_json, node_name on findings
     when old.seq is not null and (old.title <> new.title or old.summary <> new.summary
       or old.verdict_json <> new.verdict_json or old.node_name <> new.node_name) begin
     delete from finding_texts where rowid = old.seq;
     insert into finding_texts (rowid, text) values (new.seq, ${TEXT('new')});
   end`,
  `create trigger findings_deleted after delete on findings begin
     delete from finding_texts where rowid = old.seq;
   end`,
];

const NODES = [
  ...SEVERITIES.map((s) => `alter table nodes add column open_${s} integer not null default 0`),
  `update nodes set ${SEVERITIES.map(
    (s) =>
      `open_${s} = (select count(*) from findings as f where f.node_id = nodes.id and f.severity = '${s}' and f.state <> 'resolved')`,
  ).join(', ')}`,
  // 0: looked after, 1: retired, 2: in no list.
  `alter table nodes add column listed integer generated always as (case when is_server = 1 or former_name is not null then 2
     when retired_at is not null then 1 else 0 end) virtual`,
  // The counts of the severities as digits, worst first; a thousand of one are as many as more.
  `alter table nodes add column open_rank integer generated always as (-(min(open_critical, 999) * 1000000000
     + min(open_high, 999) * 1000000 + min(open_medium, 999) * 1000 + min(open_low, 999))) virtual`,
  `alter table nodes add column worst text generated always as (case when open_critical > 0 then 'critical'
     when open_high > 0 then 'high' when open_medium > 0 then 'medium' when open_low > 0 then 'low' else 'none' end) virtual`,
  'alter table nodes add column seen_at integer generated always as (coalesce(last_seen_at, 0)) virtual',
  `alter table nodes add column momentum text generated always as
     (case when json_valid(description_json) then coalesce(json_extract(description_json, '$.momentum.version'), '') else '' end) virtual`,
  `alter table nodes add column agent text generated always as (coalesce(agent_version, '')) virtual`,
  ...[
    ['name', 'name'],
    ['rank', 'open_rank, connected, name'],
    ['seen', 'seen_at'],
    ['certificate', 'certificate_not_after'],
    ['group', 'group_name, name'],
    ['momentum', 'momentum, name'],
  ].map(([name, terms]) => `create index nodes_list_${name} on nodes (listed, ${terms}, id)`),
  `create index nodes_facets on nodes (listed, group_name, worst, momentum, agent, connected, certificate_serial)`,
  `create trigger nodes_renamed after update of name, former_name, group_name on nodes
     when old.name <> new.name or old.group_name <> new.group_name or old.former_name is not new.former_name begin
     update findings set node_name = coalesce(new.former_name, new.name), group_name = new.group_name where node_id = new.id;
   end`,
  `create trigger findings_counted_in after insert on findings when new.state <> 'resolved' begin
     update nodes set ${counted('new', '+')} where id = new.node_id;
   end`,
  `create trigger findings_counted_again after update of state, severity on findings
     when old.state <> new.state or old.severity <> new.severity begin
     update nodes set ${counted('old', '-')} where id = old.node_id and old.state <> 'resolved';
     update nodes set ${counted('new', '+')} where id = new.node_id and new.state <> 'resolved';
   end`,
  `create trigger findings_counted_out after delete on findings when old.state <> 'resolved' begin
     update nodes set ${counted('old', '-')} where id = old.node_id;
   end`,
];

const REST = [
  'create index plans_list_requested on plans (requested_at, id)',
  'create index plans_list_expires on plans (expires_at, id)',
  'create index plans_list_remediation on plans (remediation, requested_at, id)',
  'create index plans_list_state on plans (state, requested_at, id)',
  'create index plans_facets on plans (state, remediation)',
  'create index plans_by_node on plans (node_id, requested_at)',
  'create index runs_list_approved on runs (approved_at, id)',
  'create index runs_list_remediation on runs (remediation, approved_at, id)',
  'create index runs_list_state on runs (state, approved_at, id)',
  'create index runs_facets on runs (state, remediation)',
  'create index runs_by_node on runs (node_id, approved_at)',
  'create index audit_list_actor on audit (actor, seq)',
  'create index audit_list_action on audit (action, seq)',
  'create index audit_facets on audit (action, actor, outcome)',
];

const STATEMENTS = [...FINDINGS, ...NODES, ...TEXTS, ...REST];
