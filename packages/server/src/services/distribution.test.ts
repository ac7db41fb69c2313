import { expect, test } from 'vitest';
import { BEHIND_MS, cluster, REPOSITORY } from '../../testing/cluster.js';
import { BEHIND_NAMED_MAX } from '../store/configuration.repository.js';
import { retireNode } from './nodes.js';

const NO_SPOOL = { records: 0, bytes: 0, droppedTotal: 0 };
const HELD = { repository: REPOSITORY, path: '/boot/default', revision: 1 };

interface Shown {
  readonly configuration: {
    readonly state: string;
    readonly revision: number;
    readonly nodes: number;
    readonly have: number;
    readonly moreBehind: number;
    readonly behind: { node: { name: string }; revision: number; since: string; isSure: boolean }[];
  } | null;
  readonly events: { readonly revision?: unknown }[];
}

async function setUp() {
  const parts = await cluster();
  return {
    ...parts,
    shown: async (run: string) => (await parts.call('GET', `/runs/${run}`)).body as Shown,
  };
}

test('the nodes that share the repository are waited for, and then one that stays behind is named', async () => {
  const { node, shown, pass, ctx } = await setUp();
  const [manager, mta1, mta2] = [await node('mgr1'), await node('mta1'), await node('mta2')];
  for (const one of [manager, mta1, mta2]) await one.has(122);
  // Another subcluster, another repository, an agent that does not say it: nobody waits for them.
  await (await node('edge1')).has(90, { path: '/edge/default' });
  await (await node('lab1')).has(7, { repository: 'another' });
  await (await node('old1')).has(null);

  const run = await manager.commits(123);
  const first = await shown(run);
  expect(first.events[0]?.revision).toEqual({ repository: REPOSITORY, number: 123 });
  expect(first.configuration).toMatchObject({ state: 'waiting', revision: 123, nodes: 2, have: 0 });
  expect(first.configuration?.behind.map(({ node: { name }, revision }) => [name, revision])).toEqual([
    ['mta1', 122],
    ['mta2', 122],
  ]);

  await mta1.has(124);
  pass(BEHIND_MS - 1_000);
  await mta2.has(122);
  const since = first.configuration?.behind[1]?.since;
  pass(1_000);
  const late = await shown(run);
  expect(late.configuration).toMatchObject({ state: 'behind', nodes: 2, have: 1, moreBehind: 0 });
  // Since when it first said so, however often it says it again.
  expect(late.configuration?.behind).toMatchObject([
    { node: { name: 'mta2' }, revision: 122, since, isSure: true },
  ]);

  await mta2.has(null);
  expect((await shown(run)).configuration).toMatchObject({
    state: 'behind',
    behind: [{ since, isSure: false }],
  });
  await mta2.has(123);
  expect((await shown(run)).configuration).toMatchObject({
    state: 'everywhere',
    nodes: 2,
    have: 2,
    behind: [],
  });

  // A node that is silent has what it had; one that is looked after no more is not waited for.
  const next = await manager.commits(130);
  await mta1.has(130);
  await retireNode(ctx, 'cli:test', mta2.nodeId);
  expect((await shown(next)).configuration).toMatchObject({ state: 'everywhere', nodes: 1 });
});

test('where nobody shares it, or it is not known who does, nothing is claimed', async () => {
  const { node, shown } = await setUp();
  const [single, mta1] = [await node('single1'), await node('mta1')];
  expect((await shown(await single.commits(null))).configuration).toBeNull();
  // Committed to a repository that the node has not said it has: its conf/global may be of another.
  await mta1.has(4, { repository: 'another' });
  expect((await shown(await single.commits(5, 'another'))).configuration).toMatchObject({ state: 'unknown' });
  await single.has(4);
  expect((await shown(await single.commits(5))).configuration).toMatchObject({ state: 'alone', nodes: 0 });
});

test('of very many that lack it so many are named, and the rest is counted', async () => {
  const { node, shown, ctx } = await setUp();
  const manager = await node('mgr1');
  await manager.has(1);
  const run = await manager.commits(2);
  const [row] = [await ctx.store.read.nodes.get(manager.nodeId)];
  await ctx.store.transaction(async (tx) => {
    for (let n = 0; n < BEHIND_NAMED_MAX + 3 && row; n += 1) {
      await tx.nodes.put({ ...row, id: `nod-${n}`, name: `mta${n}`, certificateSerial: `serial-${n}` });
      await tx.nodes.heard(`nod-${n}`, ctx.clock.now(), {
        watchers: [],
        spool: NO_SPOOL,
        configuration: HELD,
      });
    }
  });
  const { configuration } = await shown(run);
  expect([configuration?.nodes, configuration?.behind.length, configuration?.moreBehind]).toEqual([
    BEHIND_NAMED_MAX + 3,
    BEHIND_NAMED_MAX,
    3,
  ]);
});
