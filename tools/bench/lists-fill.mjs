// A fleet's store, filled by SQL in one pass: nodes, their verdicts, their findings, plans, runs and an audit.
import sqlite3 from 'sqlite3';

export const NODES = 10_000;
const FINDINGS_A_NODE = 10;
const VERDICTS_A_NODE = 70;
const RUNS = 5_000;
const AUDIT = 50_000;

const count = (name, n) => `${name}(n) as (select 0 union all select n + 1 from ${name} where n + 1 < ${n})`;

const NODE = (n) => `printf('nod_%05d', ${n})`;
// As large as a real one: a title, a summary, one violation with a file and what is proposed.
const VERDICT = (status) => `json_object('control', printf('MOM-TLS-%03d', c.n), 'title',
  'Certificates and keys of listener ' || c.n || ' are in order', 'severity', 'high', 'status', ${status},
  'subject', 'listener ' || c.n, 'summary', 'the listener offers SSLv3 on port ' || (2000 + c.n) || ' of ' || a.n || ' places',
  'violations', json_array(json_object('at', json_object('file', '/opt/msys/ecelerity/etc/conf/default/part' || a.n || '.conf',
    'line', 12, 'scope', 'Binding:inbound' || c.n), 'found', '+ALL:+SSLv3:case' || (a.n * 7 % 9973), 'proposed', '+ALL:-SSLv2:-SSLv3')),
  'reason', null, 'remediation', 'tls-protocols', 'sources', json_array('CVE-2014-3566', 'RFC 7568 section 3'))`;

const STATEMENTS = [
  `with recursive ${count('a', NODES)} insert into nodes (id, name, group_name, enrolled_at, certificate_serial,
     certificate_not_after, public_jwk_json, agent_version, description_json, connected, last_seen_at)
   select ${NODE('n')}, printf('mta%05d.example.com', n), 'group-' || (n % 12), 1700000000000 + n, 'serial-' || n,
     1900000000000 + (n * 7919 % 10000) * 86400000, '{"kty":"EC","crv":"P-256","x":"x","y":"y"}', '0.1.' || (n % 3),
     json_object('name', printf('mta%05d.example.com', n), 'roles', json_array('mta'), 'os', 'RHEL 6.' || (n % 9),
       'momentum', json_object('version', '3.6.' || (n % 7), 'from', 'console'),
       'tls', json_object('library', 'openssl', 'version', '1.0.1')),
     n % 10 > 0, ${Date.now()} - (n * 31 % 10000) from a`,
  `with recursive ${count('a', NODES)}, ${count('c', VERDICTS_A_NODE)}
   insert into verdicts (node_id, control, subject, status, digest, verdict_json, since, observed_at, bytes)
   select ${NODE('a.n')}, printf('MOM-TLS-%03d', c.n), 'listener ' || c.n, 'pass', 'digest', ${VERDICT("'pass'")},
     1750000000000, 1750000000000, 600 from a, c`,
  // Six in ten are active; one in a hundred of those is critical.
  `with recursive ${count('a', NODES)}, ${count('c', FINDINGS_A_NODE)}
   insert into findings (id, node_id, control, subject, severity, state, title, summary, verdict_json, remediation,
     opened_at, updated_at, resolved_at, resolution)
   select printf('fnd_%05d_%02d', a.n, c.n), ${NODE('a.n')}, printf('MOM-TLS-%03d', (a.n * 3 + c.n) % 60), 'listener ' || c.n,
     case when (a.n + c.n) % 100 = 0 then 'critical' when c.n % 3 = 0 then 'high' when c.n % 3 = 1 then 'medium' else 'low' end,
     case when c.n < 6 then 'open' else 'resolved' end, 'Certificates and keys of listener ' || c.n || ' are in order',
     'the listener offers SSLv3 on port ' || (2000 + c.n) || ' of ' || a.n || ' places', ${VERDICT("'fail'")}, 'tls-protocols',
     1740000000000 + (a.n * 7919 % 10000) * 1000, 1750000000000 + ((a.n * 10 + c.n) * 7919 % 100000) * 1000,
     case when c.n < 6 then null else 1750000000000 end, case when c.n < 6 then null else 'pass' end from a, c`,
  `with recursive ${count('a', RUNS)} insert into plans (id, node_id, remediation, command_id, state, requested_by, requested_at, expires_at)
   select 'pln_' || n, ${NODE('n')}, 'tls-protocols', 'cmd_' || n, 'approved', 'user:admin', 1750000000000 + n, 1750003600000 + n from a`,
  `with recursive ${count('a', RUNS)} insert into runs (id, node_id, plan_id, remediation, state, approved_by, approved_at, expires_at, heard_at)
   select 'run_' || n, ${NODE('n')}, 'pln_' || n, 'tls-protocols', 'done', 'user:admin', 1750000000000 + n, 1750003600000 + n,
     1750000000000 + n from a`,
  `with recursive ${count('a', AUDIT)} insert into audit (seq, at, actor, action, object, outcome, detail_json, previous_hash, hash)
   select 1000 + n, 1750000000000 + n, 'user:person' || (n % 20), 'finding.acknowledge', 'fnd_' || n, 'ok', '{"comment":"on it"}', '', '' from a`,
];

/** `say` hears each step. The server is not running. */
export async function fill(file, say) {
  const db = await new Promise((resolve, reject) => {
    const opened = new sqlite3.Database(file, (error) => (error ? reject(error) : resolve(opened)));
  });
  const run = (sql) =>
    new Promise((resolve, reject) => db.exec(sql, (error) => (error ? reject(error) : resolve())));
  // Only a bench may be so careless: a power cut costs it nothing.
  await run('pragma synchronous = off; pragma cache_size = -400000');
  for (const sql of STATEMENTS) {
    const startedAt = performance.now();
    await run(sql);
    say(`filled ${/insert into (\w+)/.exec(sql)[1]} in ${Math.round(performance.now() - startedAt)} ms`);
  }
  await run('pragma wal_checkpoint(truncate)');
  await new Promise((resolve) => db.close(resolve));
}
