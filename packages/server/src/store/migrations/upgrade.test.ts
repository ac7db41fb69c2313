import { createHash, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import knexLibrary, { type Knex } from 'knex';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../testing/server.js';
import { authorityMaker } from '../../adapters/authority.js';
import { systemClock } from '../../adapters/system.js';
import { openDatabase } from '../open.js';
import { MIGRATIONS, migrationSource } from './index.js';

const SHAPES_BEFORE_ALERTS = MIGRATIONS.findIndex(({ name }) => name === '011-alerts');

/** A database as a version left it that had so many migrations. */
async function databaseOf(count: number, fill: (db: Knex) => Promise<void>): Promise<string> {
  const file = join(temporaryFolder(), 'castellan.db');
  const db = knexLibrary({ client: 'sqlite3', connection: { filename: file }, useNullAsDefault: true });
  const getMigrations = async () => MIGRATIONS.slice(0, count);
  await db.migrate.latest({ migrationSource: { ...migrationSource, getMigrations } });
  await fill(db);
  await db.destroy();
  return file;
}

async function upgraded(file: string): Promise<Knex> {
  const database = await openDatabase(file);
  onTestFinished(() => database.close());
  return database.readers;
}

async function fillBeforeAlerts(db: Knex): Promise<void> {
  const node = (id: string, group: string) => ({
    id,
    name: `${id}.example.com`,
    group_name: group,
    enrolled_at: 1,
    certificate_serial: id,
    certificate_not_after: 1,
    public_jwk_json: '{}',
  });
  const finding = (id: string, nodeId: string, severity: string, state = 'open') => ({
    id,
    node_id: nodeId,
    control: 'MOM-TLS-001',
    subject: id,
    severity,
    state,
    title: 'SSLv3 is off',
    summary: 'SSLv3 is offered',
    verdict_json: '{"violations":[]}',
    opened_at: 10,
    updated_at: 20,
  });
  const delivery = (id: string, findingId: string, state: string) => ({
    id,
    target_id: 'tgt_1',
    finding_id: findingId,
    type: 'alert.firing',
    state,
    created_at: 30,
    retry_since: 30,
    next_at: 30,
    delivered_at: state === 'delivered' ? 40 : null,
  });
  await db('nodes').insert([node('mta1', 'production'), node('mta2', 'production'), node('mta3', 'staging')]);
  await db('targets').insert({
    id: 'tgt_1',
    name: 'on-call',
    url: 'https://example.com/hook',
    enabled: 1,
    secret_sealed: 'sealed',
    severity_min: 'low',
    created_at: 1,
    updated_at: 1,
  });
  await db('findings').insert([
    finding('fnd_paged', 'mta1', 'high'),
    finding('fnd_pending', 'mta2', 'critical'),
    finding('fnd_waiting', 'mta3', 'medium'),
    finding('fnd_acknowledged', 'mta3', 'low', 'acknowledged'),
    finding('fnd_over', 'mta1', 'high', 'resolved'),
  ]);
  await db('deliveries').insert([
    delivery('msg_1', 'fnd_paged', 'delivered'),
    delivery('msg_2', 'fnd_pending', 'pending'),
    delivery('msg_3', 'fnd_over', 'delivered'),
  ]);
  await db('waiting_pages').insert({ finding_id: 'fnd_waiting', node_id: 'mta3', is_own: 0 });
}

test('a store of a version without alerts: what is active is in alerts, and what was on its way is decided anew', async () => {
  const db = await upgraded(await databaseOf(SHAPES_BEFORE_ALERTS, fillBeforeAlerts));
  const alerts = await db('alerts')
    .orderBy('group_name')
    .select('id', 'group_name', 'severity', 'open_findings', 'acknowledged_findings', 'state');
  expect(alerts).toMatchObject([
    {
      group_name: 'production',
      severity: 'critical',
      open_findings: 2,
      acknowledged_findings: 0,
      state: 'open',
    },
    { group_name: 'staging', severity: 'medium', open_findings: 1, acknowledged_findings: 1, state: 'open' },
  ]);
  const of = (group: string) => alerts.find(({ group_name }) => group_name === group)?.id;
  expect(await db('findings').where({ id: 'fnd_over' }).first('alert_id')).toEqual({ alert_id: null });
  expect(await db('findings').whereNull('alert_id').whereNot({ state: 'resolved' })).toEqual([]);
  // One finding was paged, the rest is news; and of the other alert nothing was said.
  expect(
    await db('notifications').orderBy('severity').select('alert_id', 'state', 'findings', 'decide_at'),
  ).toEqual([
    { alert_id: of('staging'), state: null, findings: 0, decide_at: 0 },
    { alert_id: of('production'), state: 'firing', findings: 1, decide_at: 0 },
  ]);
  expect(await db('deliveries').orderBy('id').pluck('state')).toEqual(['delivered', 'dropped', 'delivered']);
  expect(await db('targets').first('kind', 'settings_json')).toEqual({
    kind: 'webhook',
    settings_json: '{"url":"https://example.com/hook"}',
  });
  // Lists read what triggers keep: they were filled too.
  expect(await db('findings').where({ node_name: 'mta1.example.com' }).pluck('group_name')).toEqual([
    'production',
    'production',
  ]);
  expect(await db('nodes').where({ id: 'mta2' }).first('open_critical', 'worst')).toEqual({
    open_critical: 1,
    worst: 'critical',
  });
  expect(await db('finding_counts').where({ group_name: 'staging' }).orderBy('state')).toEqual([
    { state: 'acknowledged', severity: 'low', control: 'MOM-TLS-001', group_name: 'staging', n: 1 },
    { state: 'open', severity: 'medium', control: 'MOM-TLS-001', group_name: 'staging', n: 1 },
  ]);
  expect(await db('node_counts').sum('n as nodes').first()).toEqual({ nodes: 3 });
});

test('a store with alerts and a storm, before their lists: their counts are filled', async () => {
  const count = MIGRATIONS.findIndex(({ name }) => name === '013-alert-lists');
  const file = await databaseOf(count, async (db) => {
    await db('nodes').insert({
      id: 'mta1',
      name: 'mta1.example.com',
      group_name: 'production',
      enrolled_at: 1,
      certificate_serial: '1',
      certificate_not_after: 1,
      public_jwk_json: '{}',
    });
    const alert = (id: string, more: object) => ({
      id,
      control: 'MOM-TLS-001',
      group_name: 'production',
      title: 'SSLv3 is off',
      severity: 'high',
      opened_at: 1,
      last_opened_at: 1,
      changed_at: 1,
      ...more,
    });
    await db('alerts').insert([
      alert('alr_1', {}),
      alert('alr_storm', {
        control: 'CAS-ALERT-001',
        group_name: '',
        storm_target: 'tgt_1',
        storm_class: 'other',
      }),
    ]);
    await db('findings').insert({
      id: 'fnd_1',
      node_id: 'mta1',
      control: 'MOM-TLS-001',
      subject: 'inbound',
      severity: 'high',
      state: 'open',
      title: 'SSLv3 is off',
      summary: '',
      verdict_json: '{}',
      opened_at: 1,
      updated_at: 1,
      alert_id: 'alr_1',
    });
    await db('notifications').insert({
      alert_id: 'alr_1',
      target_id: 'tgt_1',
      state: 'firing',
      severity: 'high',
      findings: 1,
      at: 1,
      storm_id: 'alr_storm',
    });
  });
  const db = await upgraded(file);
  expect(await db('alerts').orderBy('id').select('id', 'open_findings', 'kind', 'state')).toEqual([
    { id: 'alr_1', open_findings: 1, kind: 'alert', state: 'open' },
    { id: 'alr_storm', open_findings: 1, kind: 'storm', state: 'open' },
  ]);
});

test('a store with one authority: it issues and serves, and every certificate is of it', async () => {
  const count = MIGRATIONS.findIndex(({ name }) => name === '015-authorities');
  const { rootPem } = await authorityMaker(systemClock).make('Castellan authority srv_1');
  const file = await databaseOf(count, async (db) => {
    await db('meta').insert({ name: 'rootPem', value: rootPem });
    await db('secrets').insert({ name: 'rootKey', sealed: 'sealed', created_at: 7 });
    const node = { name: 'mta1.example.com', group_name: 'mta', enrolled_at: 1, public_jwk_json: '{}' };
    await db('nodes').insert({ ...node, id: 'mta1', certificate_serial: '1', certificate_not_after: 1 });
  });
  const db = await upgraded(file);
  const fingerprint = createHash('sha256').update(new X509Certificate(rootPem).raw).digest('hex');
  expect(await db('authorities')).toEqual([
    {
      fingerprint,
      root_pem: rootPem,
      key_name: 'rootKey',
      made_at: 7,
      serving_at: 7,
      retired_at: null,
    },
  ]);
  expect(await db('nodes').select('certificate_authority', 'trusted_authorities')).toEqual([
    { certificate_authority: fingerprint, trusted_authorities: null },
  ]);
});
