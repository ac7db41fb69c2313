import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../testing/server.js';
import { openDatabase } from './open.js';
import { openStore } from './store.js';

const RUNS = 30;

/** Statements as the repositories make them, on three nodes and four findings. */
const small = (max: number) => fc.integer({ min: 0, max });
const statement = fc.oneof(
  fc.record({
    sql: fc.constantFrom(
      `update findings set state = 'resolved' where id = ?`,
      `update findings set state = 'open', severity = 'critical' where id = ?`,
      `update findings set state = 'acknowledged', severity = 'low', control = 'MOM-TLS-002' where id = ?`,
      'update findings set title = title where id = ?',
      'delete from findings where id = ?',
      `insert into findings (id, node_id, control, subject, severity, state, title, summary, verdict_json, opened_at, updated_at)
         select ?, 'nod_1', 'MOM-TLS-003', 'late', 'high', 'open', 't', 's', '{}', 1, 1 on conflict do nothing`,
    ),
    id: small(3).map((n) => `fnd_${n}`),
  }),
  fc.record({
    sql: fc.constantFrom(
      `update nodes set group_name = 'edge' where id = ?`,
      `update nodes set group_name = 'core', name = 'other ' || id where id = ?`,
      'update nodes set connected = 1 where id = ?',
      'update nodes set connected = 0 where id = ?',
      'update nodes set retired_at = 1, connected = 0 where id = ?',
      `update nodes set former_name = name, certificate_serial = '', agent_version = null, description_json = null where id = ?`,
      `update nodes set agent_version = '0.2.0', description_json = '{"momentum":{"version":"3.6.6"}}' where id = ?`,
      `update nodes set certificate_serial = 'next ' || id where id = ?`,
      'insert into revoked_certificates (serial, node_id, at, reason) select certificate_serial, id, 1, ? from nodes where true on conflict do nothing',
      `insert into revoked_certificates (serial, node_id, at, reason) values ('next ' || ?, 'nod_0', 1, 'lost') on conflict do nothing`,
    ),
    id: small(2).map((n) => `nod_${n}`),
  }),
);

const COUNTED = {
  finding_counts: ['findings', 'state, severity, control, group_name'],
  node_counts: ['nodes', 'listed, group_name, worst, momentum, agent, link'],
} as const;

test('whatever is done to findings and nodes, what is counted beside them is what a count of the rows gives', async () => {
  const { writer, close } = await openDatabase(join(temporaryFolder(), 'a.db'));
  onTestFinished(close);
  const all = async (sql: string) => (await writer.raw(sql)) as object[];
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 12 }), async (statements) => {
      await writer('findings').delete();
      await writer('revoked_certificates').delete();
      await writer('nodes').delete();
      for (const n of [0, 1, 2])
        await writer('nodes').insert({
          id: `nod_${n}`,
          name: `mta${n}`,
          group_name: 'core',
          enrolled_at: 1,
          certificate_serial: `serial ${n}`,
          certificate_not_after: 1,
          public_jwk_json: '{}',
        });
      for (const n of [0, 1, 2])
        await writer('findings').insert({
          id: `fnd_${n}`,
          node_id: `nod_${n}`,
          control: 'MOM-TLS-001',
          subject: `s${n}`,
          severity: 'high',
          state: 'open',
          title: 't',
          summary: 's',
          verdict_json: '{}',
          opened_at: 1,
          updated_at: 1,
        });
      for (const { sql, id } of statements) await writer.raw(sql, [id]);
      for (const [counts, [table, columns]] of Object.entries(COUNTED))
        expect(await all(`select ${columns}, n from ${counts} order by ${columns}`)).toEqual(
          await all(`select ${columns}, count(*) as n from ${table} group by ${columns} order by ${columns}`),
        );
      expect(
        await all(
          'select id from nodes where revoked <> (certificate_serial in (select serial from revoked_certificates))',
        ),
      ).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

const AUDITED = 30;
const ASKED = [
  ['nothing', {}, 30],
  ['a facet', { outcome: 'refused' }, 10],
  ['a part of a word, in upper case', { text: 'ND_2' }, 11],
  ['two words, one in the details', { text: 'night fnd_7' }, 1],
  ['a word and a facet', { text: 'fnd_1', outcome: 'refused' }, 3],
  ['a word too short for the index', { text: '_3' }, 1],
  ['what the index would read as an operator', { text: '"NEAR" OR *' }, 0],
] as const;

test('the audit, narrowed by facets and by words, is counted and found', async () => {
  const store = await openStore(join(temporaryFolder(), 'a.db'));
  onTestFinished(() => store.close());
  await store.transaction(async ({ audit }) => {
    for (let n = 0; n < AUDITED; n += 1)
      await audit.append({
        at: n,
        actor: 'user:ada',
        action: 'finding.acknowledge',
        object: `fnd_${n}`,
        outcome: n % 3 ? 'ok' : 'refused',
        detail: { comment: 'by night' },
      });
  });
  for (const [what, filter, count] of ASKED) {
    const { total, items } = await store.read.audit.list(filter, { limit: 100, cursor: null });
    expect([what, total, items.length]).toEqual([what, count, count]);
  }
});
