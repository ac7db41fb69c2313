import { expect, test } from 'vitest';
import { verdict } from '../../testing/agent.js';
import { startReceiver, webhookOf } from '../../testing/receiver.js';
import { enrolNew, eventually, startTestServer } from '../../testing/server.js';
import { TARGET_CONTROL, TARGET_FAILING_MS } from '../domain/target-health.js';
import { judgeTargets } from './judge-targets.js';
import { moveFinding } from './move-finding.js';
import { createTarget } from './targets.js';
import { commit } from './unit.js';

async function setUp() {
  let ahead = 0;
  const server = await startTestServer({ adapters: { clock: { now: () => Date.now() + ahead } } });
  const { ctx } = server;
  const { nodeId } = await enrolNew(server);
  const [broken, well] = [await startReceiver(), await startReceiver()];
  broken.answer(503);
  for (const [name, { url }] of Object.entries({ broken, well }))
    await createTarget(ctx, 'cli:test', webhookOf(url, { name }));
  await commit(ctx, (unit) => moveFinding(unit, nodeId, verdict()));
  await eventually(() => broken.pages.length === 1 && well.pages.length === 1, 'the first attempts');
  await eventually(
    async () => (await ctx.store.read.targets.byName('broken'))?.failingSince,
    'that it fails',
  );
  const about = (receiver: typeof well) =>
    receiver.pages.filter(({ body }) => body.data.alert.control === TARGET_CONTROL);
  return { ctx, broken, well, about, pass: (ms: number) => (ahead += ms) };
}

test('of a target that takes nothing the others are told, and of its end', async () => {
  const { ctx, broken, well, about, pass } = await setUp();
  await judgeTargets(ctx);
  expect(await ctx.store.read.findings.activeOfControls([TARGET_CONTROL])).toEqual([]);
  pass(TARGET_FAILING_MS);
  await judgeTargets(ctx);
  await eventually(() => about(well).length === 1, 'the page about it');
  expect(about(well)[0]?.body.data.findings[0]?.subject).toBe('broken');
  expect(about(broken)).toEqual([]);

  broken.answer(204);
  pass(600_000);
  ctx.wakeOutbox();
  await eventually(
    async () => (await ctx.store.read.targets.byName('broken'))?.failingSince === null,
    'that it takes its page',
  );
  await judgeTargets(ctx);
  await eventually(() => about(well).at(-1)?.body.type === 'alert.resolved', 'the end');
  expect(about(broken).map(({ body }) => body.type)).toEqual([]);
});
