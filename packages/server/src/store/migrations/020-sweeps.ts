import type { Knex } from 'knex';

/**
 * What is asked again and again of the whole fleet, and concerns few of it: the retired nodes, and the findings whose
 * words have changed lately, by their numbers of a row.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

/** Changes that are known at least; whoever has not looked for longer reads all words anew. */
const CHANGES_KEPT = 10_000;
const SWEPT_EVERY = 1_000;

const STATEMENTS = [
  'create index nodes_retired on nodes (id) where retired_at is not null',
  'create table finding_changes (n integer primary key autoincrement, finding integer not null)',
  `create trigger finding_changes_in after insert on findings begin
     insert into finding_changes (finding) values (new.rowid);
   end`,
  `create trigger finding_changes_again after update of title, summary, verdict_json, node_name on findings
     when old.title <> new.title or old.summary <> new.summary or old.verdict_json <> new.verdict_json
       or old.node_name <> new.node_name begin
     insert into finding_changes (finding) values (new.rowid);
   end`,
  `create trigger finding_changes_swept after insert on finding_changes when new.n % ${SWEPT_EVERY} = 0 begin
     delete from finding_changes where n <= new.n - ${CHANGES_KEPT};
   end`,
];
