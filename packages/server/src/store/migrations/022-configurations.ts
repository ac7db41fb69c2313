import type { Knex } from 'knex';

/** Which revision of the configuration each node has, since when, and which revision a line of a run committed. */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const STATEMENTS = [
  // A node that does not say it any more keeps what it said last: is_said = 0.
  `create table configurations (node_id text primary key references nodes(id), repository text not null,
     path text not null, revision integer not null, since integer not null, is_said integer not null default 1)
     without rowid`,
  'create index configurations_copy on configurations (repository, path, revision)',
  'alter table run_events add column revision_repository text',
  'alter table run_events add column revision_number integer',
  // As the node that committed has it; null: it had not said so.
  'alter table run_events add column revision_path text',
  // By the clock of the server.
  'alter table run_events add column received_at integer',
  `create index run_events_revision on run_events (revision_repository, revision_path, revision_number, received_at)
     where revision_repository is not null`,
];
