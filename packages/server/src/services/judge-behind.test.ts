import { expect, test } from 'vitest';
import { BEHIND_MS, cluster, REPOSITORY } from '../../testing/cluster.js';
import { groupRowId } from '../domain/fleet/group-row.js';
import { silenceVerdict } from '../domain/node-silence.js';
import { BEHIND_GROUPS_MAX } from '../store/configuration.repository.js';
import { judgeFleet } from './judge-fleet.js';
import { moveFinding } from './move-finding.js';
import { commit } from './unit.js';

const NO_SPOOL = { records: 0, bytes: 0, droppedTotal: 0 };
const HELD = { repository: REPOSITORY, path: '/boot/default', revision: 1 };

async function setUp() {
  const parts = await cluster();
  const { ctx } = parts;
  return {
    ...parts,
    async judged(group = 'mta') {
      await judgeFleet(ctx);
      const rows = await ctx.store.read.findings.activeOfNode(groupRowId(group));
      return rows.filter(({ control }) => control === 'CAS-FLEET-003');
    },
  };
}

test('a node that stays behind for longer than it may is a finding of its group, until it has pulled', async () => {
  const { ctx, node, pass, judged } = await setUp();
  const [manager, mta1, mta2] = [await node('mgr1'), await node('mta1'), await node('mta2')];
  for (const one of [manager, mta1, mta2]) await one.has(122);
  await (await node('edge1')).has(90, { path: '/edge/default' });
  await manager.commits(123);
  await mta1.has(123);
  expect(await judged()).toEqual([]);
  pass(BEHIND_MS);
  // The manager's own copy may stay where it was: what is committed is in it.
  const [finding, ...others] = await judged();
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ subject: 'mta', severity: 'high', nodeName: 'Group mta', stale: false });
  expect(finding?.verdict.violations).toMatchObject([
    { at: { object: 'mta2' }, found: expect.stringMatching(/^r122, since /), proposed: 'r123' },
  ]);
  const before = await ctx.store.read.findings.get(finding?.id ?? '');
  await judged();
  expect(await ctx.store.read.findings.get(finding?.id ?? '')).toEqual(before);

  // A later commit is given its time, and does not end the finding about the earlier one.
  await manager.commits(124);
  expect((await judged())[0]?.verdict.violations[0]?.proposed).toBe('r123');

  // Silent, it may have it by now: the finding stays, in doubt.
  await commit(ctx, (unit) => moveFinding(unit, mta2.nodeId, silenceVerdict('fail', 'silent')));
  expect((await judged())[0]).toMatchObject({ id: finding?.id, stale: true });
  await commit(ctx, (unit) => moveFinding(unit, mta2.nodeId, silenceVerdict('pass', 'heard')));
  expect((await judged())[0]?.stale).toBe(false);

  await mta2.has(123);
  expect(await judged()).toEqual([]);
  expect((await ctx.store.read.findings.get(finding?.id ?? ''))?.resolution).toBe('pass');
  pass(BEHIND_MS);
  expect((await judged())[0]?.verdict.violations.map(({ at }) => at.object)).toEqual(['mta1', 'mta2']);
});

test('so many groups are looked at in one turn', async () => {
  const { ctx, node } = await setUp();
  const manager = await node('mgr1');
  await manager.has(1);
  await manager.commits(2);
  const row = await ctx.store.read.nodes.get(manager.nodeId);
  await ctx.store.transaction(async (tx) => {
    for (let n = 0; n <= BEHIND_GROUPS_MAX && row; n += 1) {
      const id = `nod-${n}`;
      await tx.nodes.put({ ...row, id, name: `mta${n}`, group: `group-${n}`, certificateSerial: id });
      await tx.nodes.heard(id, 1, { watchers: [], spool: NO_SPOOL, configuration: HELD });
    }
  });
  expect(await ctx.store.read.configurations.groupsBehind(ctx.clock.now())).toHaveLength(BEHIND_GROUPS_MAX);
});
