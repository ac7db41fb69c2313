import type { Knex } from 'knex';

/**
 * Certificates that verdicts name, and the agents' own, a row each: what lists by end date read. Triggers take a row away
 * with what it came from, so that there is no statement that could forget to.
 */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const OF_VERDICT = 'node_id = old.node_id and control = old.control and subject = old.subject';
const AGENT = `new.id, 'CAS-CRT-001', '', '', new.certificate_serial, 0, new.certificate_not_after`;
const HAS_AGENT = `new.is_server = 0 and new.retired_at is null`;

const STATEMENTS = [
  `create table certificates (
     id integer primary key,
     node_id text not null,
     control text not null,
     /** Of the verdict; of an agent's own: empty. */
     subject text not null,
     path text not null,
     certificate_subject text not null default '',
     issuer text not null default '',
     serial text not null,
     fingerprint text not null default '',
     not_before integer not null,
     not_after integer not null
   )`,
  'create index certificates_of on certificates (node_id, control, subject)',
  'create index certificates_end on certificates (not_after, id, node_id, control)',
  `create trigger verdicts_certificates_changed after update of verdict_json on verdicts begin
     delete from certificates where ${OF_VERDICT};
   end`,
  `create trigger verdicts_certificates_out after delete on verdicts begin
     delete from certificates where ${OF_VERDICT};
   end`,
  `insert into certificates (node_id, control, subject, path, serial, not_before, not_after)
     select id, 'CAS-CRT-001', '', '', certificate_serial, 0, certificate_not_after from nodes
     where is_server = 0 and retired_at is null`,
  `create trigger nodes_certificates_in after insert on nodes when ${HAS_AGENT} begin
     insert into certificates (node_id, control, subject, path, serial, not_before, not_after) values (${AGENT});
   end`,
  `create trigger nodes_certificates_changed after update of certificate_serial, certificate_not_after, retired_at on nodes
     begin
     delete from certificates where node_id = old.id and control = 'CAS-CRT-001';
     insert into certificates (node_id, control, subject, path, serial, not_before, not_after)
       select ${AGENT} where ${HAS_AGENT};
   end`,
  `create trigger nodes_certificates_out after delete on nodes begin
     delete from certificates where node_id = old.id;
   end`,
];
