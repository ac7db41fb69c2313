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
  // As its last heartbeat had it. Nearly every one says the same again: nothing more is written for it then.
  'alter table nodes add column configuration_json text',
  `create trigger configurations_said after update of configuration_json on nodes
     when new.configuration_json is not old.configuration_json begin
     update configurations set is_said = 0 where node_id = new.id and new.configuration_json is null;
     insert into configurations (node_id, repository, path, revision, since)
       select new.id, new.configuration_json ->> '$.repository', new.configuration_json ->> '$.path',
         new.configuration_json ->> '$.revision', new.last_seen_at where new.configuration_json is not null
       on conflict (node_id) do update set is_said = 1, repository = excluded.repository, path = excluded.path,
         revision = excluded.revision, since = case
           when (configurations.repository, configurations.path, configurations.revision)
             = (excluded.repository, excluded.path, excluded.revision)
           then configurations.since else excluded.since end;
   end`,
  'alter table run_events add column revision_repository text',
  'alter table run_events add column revision_number integer',
  // As the node that committed has it; null: it had not said so.
  'alter table run_events add column revision_path text',
  // By the clock of the server.
  'alter table run_events add column received_at integer',
  `create index run_events_revision on run_events (revision_repository, revision_path, revision_number, received_at)
     where revision_repository is not null`,
];
