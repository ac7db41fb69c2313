import type { Knex } from 'knex';

/**
 * Searches find words: an index of words for findings, one for the audit, each with its vocabulary, in place of trigrams.
 * Of a verdict its values are words, not the names that JSON has for them. Triggers keep them: no statement could forget to.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

/** Letters and digits make a word; what stands between ends it. No copy of a text is kept, only what finds it. */
const WORDS = (columns: readonly string[], more: string) =>
  `fts5(${columns.join(', ')}, content='', ${more}tokenize='unicode61 remove_diacritics 0')`;

const valuesOf = (json: string, but: readonly string[]) =>
  `(case when json_valid(${json}) then (select group_concat(j.atom, ' ') from json_tree(${json}) as j
     where j.type in ('text', 'integer', 'real') and j.fullkey not in (${but.map((name) => `'$.${name}'`).join(', ')})) end)`;

const FINDING_COLUMNS = ['title', 'summary', 'control', 'subject', 'node', 'verdict'];
const finding = (row: string) =>
  [
    ...['seq', 'title', 'summary', 'control', 'subject', 'node_name'].map((column) => `${row}.${column}`),
    // The rest of it stands in columns of its own.
    valuesOf(`${row}.verdict_json`, ['title', 'summary', 'control', 'subject', 'status']),
  ].join(', ');
const INTO_FINDINGS = `insert into finding_words (rowid, ${FINDING_COLUMNS.join(', ')})`;

const FINDINGS = [
  `create virtual table finding_words using ${WORDS(FINDING_COLUMNS, 'contentless_delete=1, ')}`,
  `create virtual table finding_vocabulary using fts5vocab(finding_words, row)`,
  `${INTO_FINDINGS} select ${finding('f')} from findings as f`,
  ...['inserted', 'reworded', 'deleted'].map((name) => `drop trigger findings_${name}`),
  'drop table finding_texts',
  `create trigger findings_inserted after insert on findings begin
     update findings set seq = (select coalesce(max(seq), 0) + 1 from findings),
       node_name = (select coalesce(former_name, name) from nodes where nodes.id = new.node_id),
       group_name = (select group_name from nodes where nodes.id = new.node_id) where id = new.id;
     ${INTO_FINDINGS} select ${finding('f')} from findings as f where f.id = new.id;
   end`,
  `create trigger findings_reworded after update of title, summary, verdict_json, node_name on findings
     when old.seq is not null and (old.title <> new.title or old.summary <> new.summary
       or old.verdict_json <> new.verdict_json or old.node_name <> new.node_name) begin
     delete from finding_words where rowid = old.seq;
     ${INTO_FINDINGS} values (${finding('new')});
   end`,
  `create trigger findings_deleted after delete on findings begin
     delete from finding_words where rowid = old.seq;
   end`,
];

const AUDIT_COLUMNS = ['actor', 'action', 'object', 'detail'];
const audited = (row: string) =>
  `${row}.seq, ${row}.actor, ${row}.action, ${row}.object, ${valuesOf(`${row}.detail_json`, [''])}`;
const INTO_AUDIT = `insert into audit_words (rowid, ${AUDIT_COLUMNS.join(', ')})`;

/** Rows of the audit are never changed, and never deleted. */
const AUDIT = [
  'drop trigger if exists audit_texts_in',
  'drop table if exists audit_texts',
  `create virtual table audit_words using ${WORDS(AUDIT_COLUMNS, '')}`,
  `create virtual table audit_vocabulary using fts5vocab(audit_words, row)`,
  `${INTO_AUDIT} select ${audited('a')} from audit as a`,
  `create trigger audit_words_in after insert on audit begin
     ${INTO_AUDIT} values (${audited('new')});
   end`,
];

const described = (name: string) => `coalesce(json_extract(description_json, '$.${name}'), '')`;
const DESCRIBED = ['os', 'roles', 'momentum.version', 'tls.library', 'tls.version']
  .map(described)
  .join(" || ' ' || ");

/** Few enough to be read: from an index, beside nothing else. */
const NODES = [
  'drop index if exists nodes_texts',
  'alter table nodes drop column search_text',
  `alter table nodes add column searched text generated always as (lower(' ' || name || ' ' || group_name || ' '
     || coalesce(agent_version, '') || ' ' || case when json_valid(description_json) then ${DESCRIBED} else '' end || ' ')) virtual`,
  'create index nodes_searched on nodes (listed, searched, name, id)',
];

const STATEMENTS = [...FINDINGS, ...AUDIT, ...NODES];
