import type { Knex } from 'knex';

/**
 * What is judged of groups as a whole: the key of each certificate, and marks of what is to be judged again. Triggers set
 * a mark with everything that may change the answer, so that there is no statement that could forget to; each time it is
 * set its number grows, so that a mark that is set while its group is judged is not taken away.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const AGAIN = 'on conflict (kind, name) do update set number = number + 1';
const groupOf = (node: string) =>
  `insert into fleet_marks (kind, name) select 'group', group_name from nodes where id = ${node} and is_server = 0 ${AGAIN};`;
const keyOf = (row: string) =>
  `insert into fleet_marks (kind, name) select 'key', ${row}.key_sha256 where ${row}.key_sha256 <> '' ${AGAIN};`;
const isJudged = (row: string) => `${row}.control in ('MOM-CRED-001', 'MOM-CRED-003')`;
const MOVED = `old.group_name <> new.group_name or old.name <> new.name or old.retired_at is not new.retired_at`;

const STATEMENTS = [
  `alter table certificates add column key_sha256 text not null default ''`,
  `create index certificates_key on certificates (key_sha256, node_id, path) where key_sha256 <> ''`,
  `create index findings_shared_key on findings (subject, node_id) where control = 'CAS-FLEET-002' and state <> 'resolved'`,
  // Kind: 'group' of nodes, or 'key' (SHA-256 of it).
  `create table fleet_marks (kind text not null, name text not null, number integer not null default 1,
     primary key (kind, name)) without rowid`,
  `insert into fleet_marks (kind, name) select distinct 'group', group_name from nodes where is_server = 0`,
  `create trigger fleet_verdicts_in after insert on verdicts when ${isJudged('new')} begin ${groupOf('new.node_id')} end`,
  `create trigger fleet_verdicts_changed after update of status on verdicts
     when ${isJudged('new')} and old.status <> new.status begin ${groupOf('new.node_id')} end`,
  `create trigger fleet_verdicts_out after delete on verdicts when ${isJudged('old')} begin ${groupOf('old.node_id')} end`,
  `create trigger fleet_certificates_in after insert on certificates begin ${keyOf('new')} end`,
  `create trigger fleet_certificates_out after delete on certificates begin ${keyOf('old')} end`,
  `create trigger fleet_nodes_in after insert on nodes when new.is_server = 0 begin ${groupOf('new.id')} end`,
  `create trigger fleet_nodes_changed
     after update of name, group_name, retired_at, description_json, certificate_serial on nodes
     when new.is_server = 0 and (${MOVED} or old.description_json is not new.description_json
       or old.certificate_serial <> new.certificate_serial) begin
     ${groupOf('new.id')}
     insert into fleet_marks (kind, name) values ('group', old.group_name) ${AGAIN};
   end`,
  // The server's and the agents' own certificates have no key here; nor has the delete that replaces them.
  `create trigger fleet_nodes_moved after update of name, group_name, retired_at on nodes
     when new.is_server = 0 and (${MOVED}) begin
     insert into fleet_marks (kind, name) select distinct 'key', key_sha256 from certificates
       where node_id = new.id and key_sha256 <> '' ${AGAIN};
   end`,
  `create trigger fleet_revoked after insert on revoked_certificates begin ${groupOf('new.node_id')} end`,
  `create trigger fleet_silent after insert on findings when new.control = 'CAS-NODE-001' begin ${groupOf('new.node_id')} end`,
  `create trigger fleet_heard after update of state on findings
     when new.control = 'CAS-NODE-001' and old.state <> new.state begin ${groupOf('new.node_id')} end`,
];
