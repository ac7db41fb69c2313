import type { Knex } from 'knex';

/** What one node may keep, told by its own rows; and the paths that each verdict takes, by an index. */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const STATEMENTS = [
  'alter table verdicts add column bytes integer not null default 0',
  'update verdicts set bytes = length(cast(verdict_json as blob))',
  // Both cover their question: counting a node's share reads no verdict's text.
  'create index verdicts_by_share on verdicts (node_id, bytes)',
  'create index verdicts_digests on verdicts (node_id, control, subject, digest)',
  // Verdicts that are left out still count in the digest of the state that the node says it has.
  `create table refused_verdicts (node_id text not null references nodes(id), control text not null, subject text not null,
     digest text not null, primary key (node_id, control, subject))`,
  'create index deliveries_by_finding on deliveries (finding_id)',
  'create index findings_by_node on findings (node_id, state, updated_at)',
  'create index received_by_age on received (at)',
];
