import type { NodeDescription } from '@castellan/shared/model/node';
import type { SeenCertificate, Status, Verdict } from '@castellan/shared/model/verdict';
import { expect, test } from 'vitest';
import { connectedAgent, state, transition, verdict } from '../../testing/agent.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { groupRowId } from '../domain/fleet/group-row.js';
import { silenceVerdict } from '../domain/node-silence.js';
import { judgeFleet } from './judge-fleet.js';
import { moveFinding } from './move-finding.js';
import { moveNode, retireNode, revokeNode } from './nodes.js';
import { createTarget } from './targets.js';
import { commit } from './unit.js';

const credentials = (enabled: Status, store: Status = enabled): Verdict[] => [
  said('MOM-CRED-001', 'securecreds', enabled),
  said('MOM-CRED-003', 'credential store', store),
];

function said(control: string, subject: string, status: Status): Verdict {
  const reason = status === 'indeterminate' ? 'it could not be read' : null;
  return verdict({ control, subject, status, reason, ...(status === 'fail' ? {} : { violations: [] }) });
}

const pair = (path: string, keySha256?: string): SeenCertificate => ({
  path,
  subject: 'CN=*.example.com',
  issuer: 'CN=Example CA',
  serial: '0A',
  fingerprint: 'a'.repeat(64),
  ...(keySha256 === undefined ? {} : { keySha256 }),
  notBeforeMs: 0,
  notAfterMs: Date.UTC(2036, 0),
});

function described(version: string | null, roles: string[] = ['mta']): NodeDescription {
  return {
    name: 'as it calls itself',
    roles,
    os: 'Debian',
    momentum: { version, from: version === null ? 'unknown' : 'console' },
    tls: { library: 'openssl', version: '1.0.1' },
  };
}

async function setUp() {
  const server = await startTestServer();
  const { ctx } = server;
  return {
    server,
    ctx,
    /** A node that has connected and said its whole state. */
    async node(name: string, verdicts: Verdict[], version: string | null = '3.6.6', roles?: string[]) {
      const enrolled = await enrolNew(server, name);
      const agent = await connectedAgent(enrolled, { description: described(version, roles) });
      agent.send(state(verdicts));
      const { nodeId: id } = enrolled;
      const count = async () => (await ctx.store.read.verdicts.ofNode(id)).length;
      await eventually(async () => (await count()) === verdicts.length, `the state of ${name}`);
      let seq = 0;
      const say = async (one: Verdict) => {
        seq += 1;
        agent.send(transition(seq, one));
        await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === seq), 'the ack');
      };
      return { id, say };
    },
    /** The group's own findings, once what has changed was judged. */
    async judged(control: string, group = 'mta') {
      await judgeFleet(ctx);
      const rows = await ctx.store.read.findings.activeOfNode(groupRowId(group));
      return rows.filter((finding) => finding.control === control);
    },
  };
}

const placesOf = (finding: { verdict: Verdict } | undefined) =>
  finding?.verdict.violations.map(({ at }) => at.object);

test('securecreds is one finding of the group, which names who lacks it, and follows from their own', async () => {
  const { server, ctx, node, judged } = await setUp();
  const receiver = await startReceiver();
  await createTarget(ctx, 'cli:test', webhookOf(receiver.url, { severityMin: 'low' }));
  const mta1 = await node('mta1.example.com', credentials('pass'));
  const mta2 = await node('mta2.example.com', credentials('fail', 'not-applicable'));
  const db1 = await node('db1.example.com', credentials('pass', 'fail'));
  await node('old1.example.com', credentials('not-applicable'));
  const [finding, ...others] = await judged('MOM-CRED-002');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ subject: 'mta', severity: 'high', nodeName: 'Group mta', stale: false });
  expect(finding?.summary).toMatch(/^2 nodes of 3 .*: db1\.example\.com, mta2\.example\.com\.$/);
  // On-call hears of it by the nodes' own findings.
  expect(finding?.inhibitedBy).toMatch(/^fnd/);

  const call = await signedIn(server, 'operator');
  const page = (await call('GET', `/findings/${finding?.id}`)).body as { ofGroup: unknown };
  expect(page.ofGroup).toEqual({
    nodes: [
      { id: db1.id, name: 'db1.example.com' },
      { id: mta2.id, name: 'mta2.example.com' },
    ],
    remediation: 'securecreds-enable',
  });
  const plan = { nodeId: groupRowId('mta'), remediation: 'tls-protocols', params: {} };
  expect((await call('POST', '/plans', plan)).status).toBe(404);
  expect(((await call('GET', '/nodes')).body as { items: unknown[] }).items).toHaveLength(4);

  // No node can say it for its group.
  await mta1.say(said('MOM-CRED-002', 'mta', 'pass'));
  expect(await ctx.store.read.verdicts.refusedControls(mta1.id)).toEqual(['MOM-CRED-002']);
  expect(await judged('MOM-CRED-002')).toHaveLength(1);

  // The one that it was inhibited by ends: another keeps it from paging, and nothing was ever told of it.
  await mta2.say(said('MOM-CRED-001', 'securecreds', 'pass'));
  await mta2.say(said('MOM-CRED-003', 'credential store', 'pass'));
  const [less] = await judged('MOM-CRED-002');
  expect(placesOf(less)).toEqual(['db1.example.com']);
  expect(less?.inhibitedBy).toMatch(/^fnd/);

  // What cannot be told is no pass: the finding stays, in doubt.
  await db1.say(said('MOM-CRED-003', 'credential store', 'indeterminate'));
  const [doubted] = await judged('MOM-CRED-002');
  expect([doubted?.id, doubted?.stale]).toEqual([finding?.id, true]);
  const [line] = (await ctx.store.read.findings.history(finding?.id ?? '')).slice(-1);
  expect(line?.why).toContain('Of 1 node it is not known: db1.example.com');

  await db1.say(said('MOM-CRED-003', 'credential store', 'pass'));
  expect(await judged('MOM-CRED-002')).toEqual([]);
  expect((await ctx.store.read.findings.get(finding?.id ?? ''))?.resolution).toBe('pass');
  const told = receiver.pages.map(({ body }) => body.data.alert.control);
  expect(told).not.toContain('MOM-CRED-002');

  // A node that is silent, or that was revoked, does not make it a pass.
  await mta1.say(said('MOM-CRED-001', 'securecreds', 'fail'));
  expect(await judged('MOM-CRED-002')).toHaveLength(1);
  await commit(ctx, (unit) => moveFinding(unit, mta1.id, silenceVerdict('fail', 'silent')));
  expect((await judged('MOM-CRED-002'))[0]?.stale).toBe(true);
  await commit(ctx, (unit) => moveFinding(unit, mta1.id, silenceVerdict('pass', 'heard')));
  expect((await judged('MOM-CRED-002'))[0]?.stale).toBe(false);
  await revokeNode(ctx, 'cli:test', mta1.id, 'stolen');
  expect((await judged('MOM-CRED-002'))[0]?.stale).toBe(true);
  await retireNode(ctx, 'cli:test', mta1.id);
  expect(await judged('MOM-CRED-002')).toEqual([]);
});

test('versions that differ are a finding of the group, and its page goes where the group pages go', async () => {
  const { ctx, node, judged } = await setUp();
  const receiver = await startReceiver();
  await createTarget(ctx, 'cli:test', webhookOf(receiver.url, { severityMin: 'low' }));
  await node('mta1.example.com', []);
  const manager = await node('mgr1.example.com', [], '3.6.5', ['manager']);
  await node('db1.example.com', [], null, ['database']);
  const [finding] = await judged('CAS-FLEET-001');
  expect(finding?.summary).toContain(
    '2 versions of Momentum: 3.6.6 (1 node: mta1.example.com), 3.6.5 (1 node: mgr1.example.com)',
  );
  expect(finding?.verdict.violations).toEqual([
    { at: { object: 'mgr1.example.com' }, found: '3.6.5 (manager)', proposed: '3.6.6' },
  ]);
  const [page] = await eventually(() => (receiver.pages.length > 0 ? receiver.pages : null), 'the page');
  expect(page?.body.data.alert).toMatchObject({ control: 'CAS-FLEET-001', group: 'mta' });

  // Nothing changed: nothing is written.
  const before = await ctx.store.read.findings.get(finding?.id ?? '');
  await commit(ctx, (unit) => unit.tx.fleet.markGroups());
  await judged('CAS-FLEET-001');
  expect(await ctx.store.read.findings.get(finding?.id ?? '')).toEqual(before);
  await moveNode(ctx, 'cli:test', manager.id, 'managers');
  expect(await judged('CAS-FLEET-001')).toEqual([]);
  expect(await judged('CAS-FLEET-001', 'managers')).toEqual([]);
});

test('a private key on two nodes is a finding of its own, until one of them has another', async () => {
  const { ctx, node, judged } = await setUp();
  const shared = 'c'.repeat(64);
  const certificates = (...all: SeenCertificate[]) => [
    { ...said('MOM-CRT-001', 'ecconfigd certificate', 'pass'), certificates: all },
  ];
  const mta1 = await node('mta1.example.com', certificates(pair('/shared.crt', shared), pair('/ca.crt')));
  await node('mta2.example.com', certificates(pair('/copy.crt', shared), pair('/copy-2.crt', shared)));
  await node('mta3.example.com', certificates(pair('/own.crt', 'd'.repeat(64)), pair('/ca.crt')));
  const [finding, ...others] = await judged('CAS-FLEET-002');
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ subject: `key ${shared}`, severity: 'medium' });
  expect(finding?.verdict.violations.map(({ at }) => [at.object, at.file])).toEqual([
    ['mta1.example.com', '/shared.crt'],
    ['mta2.example.com', '/copy-2.crt'],
    ['mta2.example.com', '/copy.crt'],
  ]);
  // In another group both are told; the group that has it no more is not.
  await moveNode(ctx, 'cli:test', mta1.id, 'edge');
  expect((await judged('CAS-FLEET-002'))[0]?.summary).toContain('in 2 groups');
  expect(await judged('CAS-FLEET-002', 'edge')).toHaveLength(1);
  const [renewed] = certificates(pair('/shared.crt', 'e'.repeat(64)));
  if (renewed) await mta1.say(renewed);
  expect(await judged('CAS-FLEET-002')).toEqual([]);
  expect(await judged('CAS-FLEET-002', 'edge')).toEqual([]);
  expect(await ctx.store.read.fleet.marked('key', 10)).toEqual([]);
});
