import type { Knex } from 'knex';

/** The first shape. Instants are milliseconds since 1970 (UTC); `*_json` columns hold JSON text. */
export async function up(db: Knex): Promise<void> {
  for (const statement of STATEMENTS) await db.raw(statement);
}

const STATEMENTS = [
  'create table meta (name text primary key, value text not null)',
  'create table secrets (name text primary key, sealed text not null, created_at bigint not null)',
  `create table users (id text primary key, name text not null unique, role text not null, password_hash text not null,
     created_at bigint not null)`,
  `create table sessions (id_hash text primary key, user_id text not null references users(id), created_at bigint not null,
     expires_at bigint not null)`,
  `create table tokens (id text primary key, secret_hash text not null, group_name text not null, uses_total integer not null,
     uses_left integer not null, created_at bigint not null, created_by text not null, expires_at bigint not null)`,
  `create table nodes (id text primary key, name text not null unique, group_name text not null, enrolled_at bigint not null,
     certificate_serial text not null, certificate_not_after bigint not null, public_jwk_json text not null,
     agent_version text, description_json text, connected integer not null default 0, last_seen_at bigint,
     watchers_json text not null default '[]', spool_json text)`,
  `create table revoked_certificates (serial text primary key, node_id text not null, at bigint not null, reason text not null)`,
  `create table verdicts (node_id text not null references nodes(id), control text not null, subject text not null,
     status text not null, digest text not null, verdict_json text not null, since bigint not null, observed_at bigint not null,
     primary key (node_id, control, subject))`,
  `create table received (node_id text not null, boot_id text not null, up_to integer not null, at bigint not null,
     primary key (node_id, boot_id))`,
  `create table findings (id text primary key, node_id text not null references nodes(id), control text not null,
     subject text not null, severity text not null, state text not null, stale integer not null default 0, title text not null,
     summary text not null, verdict_json text not null, remediation text, opened_at bigint not null, updated_at bigint not null,
     resolved_at bigint, resolution text)`,
  // One living finding for each (node, control, subject); lives that ended stay as history.
  `create unique index findings_living on findings (node_id, control, subject) where state <> 'resolved'`,
  'create index findings_by_update on findings (updated_at, id)',
  `create table finding_history (finding_id text not null references findings(id), seq integer not null, at bigint not null,
     from_state text, to_state text not null, why text not null, primary key (finding_id, seq))`,
  `create table targets (id text primary key, name text not null unique, url text not null, enabled integer not null,
     secret_sealed text not null, severity_min text not null, created_at bigint not null, updated_at bigint not null,
     last_success_at bigint, failing_since bigint, last_problem text)`,
  `create table deliveries (seq integer primary key autoincrement, id text not null unique, target_id text not null,
     finding_id text not null references findings(id), type text not null, state text not null, attempts integer not null default 0,
     ambiguous integer not null default 0, created_at bigint not null, retry_since bigint not null, next_at bigint not null,
     lease_until bigint not null default 0, delivered_at bigint, last_status integer, last_ms integer, last_problem text)`,
  `create index deliveries_due on deliveries (state, next_at)`,
  'create index deliveries_of_finding on deliveries (target_id, finding_id, seq)',
  `create table plans (id text primary key, node_id text not null references nodes(id), remediation text not null,
     params_json text, command_id text not null unique, state text not null, plan_json text, error_json text,
     requested_by text not null, requested_at bigint not null, expires_at bigint not null, run_id text)`,
  `create table runs (id text primary key, node_id text not null references nodes(id), plan_id text not null references plans(id),
     remediation text not null, state text not null, last_index integer not null default 0, jws text, approved_by text not null,
     approved_at bigint not null, expires_at bigint not null, finished_at bigint, error text)`,
  `create table run_events (run_id text not null references runs(id), idx integer not null, at text not null, state text not null,
     line text not null, error text, primary key (run_id, idx))`,
  `create table audit (seq integer primary key, at bigint not null, actor text not null, action text not null, object text not null,
     outcome text not null, detail_json text not null, previous_hash text not null, hash text not null)`,
  // What a careless statement must not do to the chain. Whoever owns the file can do more; the hashes then show it.
  `create trigger audit_no_update before update on audit begin select raise(abort, 'audit rows are never changed'); end`,
  `create trigger audit_no_delete before delete on audit begin select raise(abort, 'audit rows are never deleted'); end`,
];
