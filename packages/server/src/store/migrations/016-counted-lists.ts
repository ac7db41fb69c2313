import type { Knex } from 'knex';

/**
 * What lists say of themselves without a look at their rows: how many rows have each combination of the facets' values,
 * kept by triggers in the transaction that changes them; and what a search of nodes and of the audit finds them by.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

interface Counters {
  readonly table: string;
  readonly counts: string;
  /** The facets' columns, of both tables. */
  readonly columns: readonly string[];
  /** What a statement sets when it may change one of them. */
  readonly set: readonly string[];
}

/** Triggers fire in no set order, so that a count may be below nought for a moment within a statement. */
function counters({ table, counts, columns, set }: Counters): readonly string[] {
  const add = (row: string, n: 1 | -1) => `
    insert into ${counts} (${columns.join(', ')}, n) values (${columns.map((c) => `${row}.${c}`).join(', ')}, ${n})
      on conflict do update set n = n + excluded.n;
    delete from ${counts} where ${columns.map((c) => `${c} = ${row}.${c}`).join(' and ')} and n = 0;`;
  return [
    `create table ${counts} (${columns.map((c) => `${c} not null`).join(', ')}, n integer not null,
       primary key (${columns.join(', ')})) without rowid`,
    `insert into ${counts} select ${columns.join(', ')}, count(*) from ${table} group by ${columns.join(', ')}`,
    `create trigger ${counts}_in after insert on ${table} begin ${add('new', 1)} end`,
    `create trigger ${counts}_out after delete on ${table} begin ${add('old', -1)} end`,
    `create trigger ${counts}_changed after update of ${set.join(', ')} on ${table}
       when ${columns.map((c) => `old.${c} <> new.${c}`).join(' or ')} begin ${add('old', -1)} ${add('new', 1)} end`,
  ];
}

const FINDING_FACETS = ['state', 'severity', 'control', 'group_name'];
const FINDINGS = counters({
  table: 'findings',
  counts: 'finding_counts',
  columns: FINDING_FACETS,
  set: FINDING_FACETS,
});

const NODES = [
  'alter table nodes add column revoked integer not null default 0',
  'update nodes set revoked = certificate_serial in (select serial from revoked_certificates)',
  'create index nodes_by_serial on nodes (certificate_serial)',
  `create trigger nodes_revoked after insert on revoked_certificates begin
     update nodes set revoked = 1 where certificate_serial = new.serial;
   end`,
  `create trigger nodes_enrolled after insert on nodes
     when new.certificate_serial in (select serial from revoked_certificates) begin
     update nodes set revoked = 1 where id = new.id;
   end`,
  `create trigger nodes_certified after update of certificate_serial on nodes
     when old.certificate_serial <> new.certificate_serial begin
     update nodes set revoked = new.certificate_serial in (select serial from revoked_certificates) where id = new.id;
   end`,
  `alter table nodes add column link text generated always as (case when connected = 1 then 'connected'
     when revoked = 1 then 'revoked' else 'silent' end) virtual`,
  ...counters({
    table: 'nodes',
    counts: 'node_counts',
    columns: ['listed', 'group_name', 'worst', 'momentum', 'agent', 'link'],
    set: [
      ...['group_name', 'is_server', 'former_name', 'retired_at', 'description_json', 'agent_version'],
      ...['open_critical', 'open_high', 'open_medium', 'open_low', 'connected', 'revoked'],
    ],
  }),
  `alter table nodes add column search_text text generated always as (lower(name || ' ' || group_name || ' '
     || coalesce(agent_version, '') || ' ' || coalesce(description_json, ''))) virtual`,
  // A search reads every text of the fleet: from here, beside nothing else. With what the usual orders need.
  'create index nodes_texts on nodes (listed, search_text, name, id)',
];

const AUDIT_TEXT = (row: string) =>
  ['actor', 'action', 'object', 'detail_json'].map((column) => `${row}.${column}`).join(" || ' ' || ");
const AUDIT = [
  ...counters({
    table: 'audit',
    counts: 'audit_counts',
    columns: ['action', 'actor', 'outcome'],
    set: ['action', 'actor', 'outcome'],
  }),
  // No copy of the text is kept, only what finds it; rows are never changed, and never deleted.
  `create virtual table audit_texts using fts5(text, content='', tokenize='trigram')`,
  `insert into audit_texts (rowid, text) select a.seq, ${AUDIT_TEXT('a')} from audit as a`,
  `create trigger audit_texts_in after insert on audit begin
     insert into audit_texts (rowid, text) values (new.seq, ${AUDIT_TEXT('new')});
   end`,
];

/** What only the counts were read from. */
const NEEDLESS = ['findings_facets', 'nodes_facets', 'audit_facets'].map((index) => `drop index ${index}`);

const STATEMENTS = [...FINDINGS, ...NODES, ...AUDIT, ...NEEDLESS];
