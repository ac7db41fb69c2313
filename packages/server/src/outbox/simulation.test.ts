import type { Severity } from '@castellan/shared/model/severity';
import { describe, expect, onTestFinished, test } from 'vitest';
import { saidTwice, unresolved, unsaid } from '../../testing/simulation/oracle.js';
import { MOODS, type Mood } from '../../testing/simulation/receivers.js';
import { type Said, World, type WorldOptions } from '../../testing/simulation/world.js';

/** `npm run test:simulation` tries others, with longer lives. */
const IS_SHORT = process.env.SIMULATION_SEEDS === undefined;
const SEEDS = Number(process.env.SIMULATION_SEEDS ?? 20);
const FIRST_SEED = Number(process.env.SIMULATION_FIRST_SEED ?? 1);
const STEPS = Number(process.env.SIMULATION_STEPS ?? 8);
/** A busy machine makes no seed fail. */
const WORLD_MS_MAX = IS_SHORT ? 120_000 : 1_800_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
const CONTROLS = Array.from({ length: 4 }, (_, n) => `MOM-SIM-${String(n).padStart(3, '0')}`);

async function worldOf(options: WorldOptions): Promise<World> {
  const world = await World.make(options);
  onTestFinished(() => world.close());
  return world;
}

const reasons = (world: World, target = 'on-call') =>
  world.receivers.get(target)?.heard.map(({ reason }) => reason);

describe('what on-call gets', () => {
  const one = (nodes: number) =>
    worldOf({ seed: 1, nodes, groups: ['production'], targets: { 'on-call': 'low' } });
  const onAll = (world: World, severity: Severity | null): Said[] =>
    world.nodes.map(({ id }) => ({ node: id, control: 'MOM-SIM-000', severity }));

  test.each([200, 1_000])(
    'of one cause on %i nodes: one page at once, its growth once, its end once',
    async (nodes) => {
      const world = await one(nodes);
      const all = onAll(world, 'high');
      await world.say(all.slice(0, 1));
      await world.pass(1);
      expect(reasons(world)).toEqual(['opened']);
      for (let first = 1; first < all.length; first += 50) {
        await world.say(all.slice(first, first + 50));
        await world.pass(200);
      }
      await world.pass(30 * SECOND);
      expect(reasons(world)).toEqual(['opened', 'grew']);
      expect(world.receivers.get('on-call')?.heard.at(-1)).toMatchObject({
        counts: { findings: nodes, nodes },
        more: nodes - 25,
      });
      await world.pass(HOUR);
      await world.say(onAll(world, null));
      await world.pass(HOUR);
      expect(reasons(world)).toEqual(['opened', 'grew', 'resolved']);
    },
    60_000,
  );

  test('of a finding that flips eight times: that it opened, ended, came back, and ended', async () => {
    const world = await one(1);
    for (let flip = 0; flip < 8; flip += 1) {
      await world.say(onAll(world, 'high'));
      await world.pass(30 * SECOND);
      await world.say(onAll(world, null));
      await world.pass(30 * SECOND);
    }
    await world.pass(2 * HOUR);
    expect(reasons(world)).toEqual(['opened', 'resolved', 'returned', 'resolved']);
  });

  test('of what goes from medium to critical: each time that it is worse', async () => {
    const world = await one(1);
    for (const severity of ['medium', 'high', 'critical'] as const) {
      await world.say(onAll(world, severity));
      await world.pass(HOUR);
    }
    expect(reasons(world)).toEqual(['opened', 'worse', 'worse']);
  });

  test('of a receiver that is away for four seconds with 403: the page, late', async () => {
    const world = await one(1);
    const receiver = world.receivers.get('on-call');
    if (!receiver) throw new Error('no receiver');
    receiver.mood = 'refuses';
    await world.say(onAll(world, 'high'));
    await world.pass(4 * SECOND);
    receiver.mood = 'well';
    await world.pass(10 * SECOND);
    expect(reasons(world)).toEqual(['opened']);
  });

  test('of thirty causes at once: a few pages and one about the rest, and the end of each', async () => {
    const world = await one(30);
    const all = world.nodes.map(({ id }, n) => ({
      node: id,
      control: `MOM-STORM-${n}`,
      severity: 'high' as const,
    }));
    await world.say(all);
    await world.pass(5 * MINUTE);
    const pages = () => reasons(world) ?? [];
    expect(pages().filter((reason) => reason === 'opened')).toHaveLength(11);
    expect(pages().length).toBeLessThanOrEqual(12);
    expect(await unsaid(world, 'on-call', 'low')).toEqual([]);
    await world.say(all.map((said) => ({ ...said, severity: null })));
    await world.pass(2 * HOUR);
    expect(pages().filter((reason) => reason === 'resolved')).toHaveLength(11);
  });
});

describe.each(Array.from({ length: SEEDS }, (_, n) => FIRST_SEED + n))('the world of seed %i', (seed) => {
  const targets = { 'on-call': 'low', 'only the worst': 'high', flaky: 'medium' } as const;

  test('tells nothing twice, everything true in time, and every end', { timeout: WORLD_MS_MAX }, async () => {
    const world = await worldOf({ seed, nodes: 8, groups: ['production', 'staging'], targets });
    for (let step = 0; step < STEPS; step += 1) await chaos(world);

    // Everybody is well again: what is true is known within the slowest pace of retries and of growth.
    for (const receiver of world.receivers.values()) receiver.mood = 'well';
    world.death.share = 0;
    await world.pass(3 * HOUR);
    for (const [name, severityMin] of Object.entries(targets))
      expect(await unsaid(world, name, severityMin)).toEqual([]);

    await world.say(
      world.nodes.flatMap(({ id }) => CONTROLS.map((control) => ({ node: id, control, severity: null }))),
    );
    await world.pass(3 * HOUR);
    for (const receiver of world.receivers.values()) {
      expect(unresolved(receiver)).toEqual([]);
      expect(saidTwice(receiver)).toEqual([]);
    }
  });
});

async function chaos(world: World): Promise<void> {
  const { random } = world;
  const control = random.pick(CONTROLS);
  const some = () => {
    const share = random.pick([0.03, 0.3, 1]);
    return world.nodes.filter(() => random.share() < share).map(({ id }) => id);
  };
  const say = (nodes: readonly string[], severity: Severity | null) =>
    world.say(nodes.map((node) => ({ node, control, severity })));
  switch (random.below(8)) {
    case 0:
    case 1:
      await say(some(), random.pick(SEVERITIES));
      break;
    case 2:
      await say(some(), null);
      break;
    case 3:
      await say(
        world.nodes.map(({ id }) => id),
        null,
      );
      break;
    case 4: {
      const [node] = some();
      if (node === undefined) break;
      for (let flip = 0; flip < 8; flip += 1) {
        await say([node], flip % 2 === 0 ? random.pick(SEVERITIES) : null);
        await world.pass(random.below(60) * SECOND);
      }
      break;
    }
    case 5:
      await world.acknowledge(control);
      break;
    case 6: {
      const receiver = random.pick([...world.receivers.values()]);
      receiver.mood = random.pick(Object.keys(MOODS) as Mood[]);
      break;
    }
    case 7:
      world.death.share = random.pick([0, 0, 0.2, 0.6]);
      break;
  }
  await world.pass(random.pick([0, SECOND, 20 * SECOND, 10 * MINUTE, 30 * MINUTE]));
}
