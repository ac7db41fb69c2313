import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startTestServer, temporaryFolder } from '../../testing/server.js';
import { NODES_AT_ONCE } from '../services/every-node.js';
import { judgeCertificates } from '../services/judge-certificates.js';
import { openDatabase } from '../store/open.js';
import { jobsOf } from './jobs.js';

const NODES = 1_200;
const FINDINGS_OF_NODE = 3;
/** Once a day or seldom, on a reader, and with few rows for an answer. */
const WHOLE_TABLES = new Set(['posture', 'storeCheck', 'retention']);
const LARGE =
  /SCAN (findings|f|nodes|n|verdicts|v)\b(?!.* USING (COVERING )?INDEX (nodes_retired|findings_(silenced|inhibited)))/;

const FLEET = [
  `with recursive a(n) as (select 0 union all select n + 1 from a where n + 1 < ${NODES})
   insert into nodes (id, name, group_name, enrolled_at, certificate_serial, certificate_not_after, public_jwk_json)
   select 'nod_' || n, 'mta' || n, 'group-' || (n % 3), 1, 'serial-' || n, 1900000000000, '{}' from a`,
  `with recursive c(n) as (select 0 union all select n + 1 from c where n + 1 < ${FINDINGS_OF_NODE})
   insert into findings (id, node_id, control, subject, severity, state, title, summary, verdict_json, opened_at, updated_at)
   select 'fnd_' || nodes.id || c.n, nodes.id, 'MOM-TLS-00' || c.n, 'listener', 'high', 'open', 't', 's', '{}', 1, 1 from nodes, c`,
  // All of them are behind what the first one committed, again and again.
  `insert into configurations (node_id, repository, path, revision, since)
   select id, 'repository', '/boot/default', 1, 1 from nodes where is_server = 0`,
  `insert into plans (id, node_id, remediation, state, requested_by, requested_at, expires_at, command_id)
   values ('pln_1', 'nod_0', 'tls-protocols', 'approved', 'user:x', 1, 1, 'cmd-1')`,
  `insert into runs (id, node_id, plan_id, remediation, state, approved_by, approved_at, expires_at)
   values ('run_1', 'nod_0', 'pln_1', 'tls-protocols', 'done', 'user:x', 1, 1)`,
  `with recursive e(n) as (select 1 union all select n + 1 from e where n < ${NODES})
   insert into run_events (run_id, idx, at, state, line, revision_repository, revision_path, revision_number, received_at)
   select 'run_1', n, '', 'done', '', 'repository', '/boot/default', n + 1, 1 from e`,
];

interface Asked {
  readonly sql: string;
  readonly values: unknown;
  readonly rows: number;
}

/** Everything that is asked of SQLite from now on, with the rows that came back. */
function listen(): Asked[] {
  const asked: Asked[] = [];
  const all = sqlite3.Database.prototype.all;
  type All = (sql: string, values: unknown, done: (error: Error | null, rows: unknown[]) => void) => unknown;
  const spy = vi.spyOn(sqlite3.Database.prototype, 'all').mockImplementation(function (
    this: sqlite3.Database,
    ...args: unknown[]
  ) {
    const [sql, values, done] = args as Parameters<All>;
    return Reflect.apply(all, this, [
      sql,
      values,
      (error: Error | null, rows: unknown[]) => {
        asked.push({ sql, values, rows: rows?.length ?? 0 });
        done(error, rows);
      },
    ]);
  });
  onTestFinished(() => spy.mockRestore());
  return asked;
}

test('no job reads the whole fleet in one turn, nor goes through all findings for the few that concern it', async () => {
  const folder = temporaryFolder();
  const server = await startTestServer({ folder });
  const { readers, writer, close } = await openDatabase(join(folder, 'castellan.db'));
  onTestFinished(close);
  for (const statement of FLEET) await writer.raw(statement);
  const asked = listen();
  const jobs = [
    ...jobsOf(server.ctx, { wake: () => undefined }),
    { name: 'certificates', run: () => judgeCertificates(server.ctx, []) },
  ];
  for (const { name, run } of jobs) {
    asked.length = 0;
    await run();
    const statements = asked.filter(({ sql }) => /^(select|with)/i.test(sql.trim()));
    const most = Math.max(0, ...statements.map(({ rows }) => rows));
    expect(most, name).toBeLessThanOrEqual(NODES_AT_ONCE);
    // A look at each node by a statement of its own: thousands of turns, and a reader that nobody else gets.
    expect(statements.length, name).toBeLessThan(NODES / 10);
    if (WHOLE_TABLES.has(name)) continue;
    for (const { sql, values } of statements.slice()) {
      const plan = (await readers.raw(`explain query plan ${sql}`, values as never)) as { detail: string }[];
      expect(
        plan.map(({ detail }) => detail).filter((line) => LARGE.test(line)),
        `${name}: ${sql}`,
      ).toEqual([]);
    }
  }
});
