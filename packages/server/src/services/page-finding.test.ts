import { expect, test } from 'vitest';
import { verdict } from '../../testing/agent.js';
import { enrolNew, startTestServer } from '../../testing/server.js';
import { NODE_SHARE } from '../domain/node-share.js';
import { ownVerdict } from '../domain/own-controls.js';
import { acknowledgeFinding } from './acknowledge.js';
import { moveFinding } from './move-finding.js';
import { NodeMeters } from './node-meters.js';
import { PAGE_WAIT_MS_MAX, pageWaiting } from './page-finding.js';
import { createTarget } from './targets.js';
import { commit } from './unit.js';

const NEVER = { perSecond: 0, burst: 0 };
/** Two at once, then one in eight seconds: exact in binary, as the clock of the tests is. */
const SLOWLY = { perSecond: 0.125, burst: 2 };

/** The server's own ticks page nobody; those of the test do, by a clock that the test turns. */
async function setUp() {
  const { ctx: running, ...server } = await startTestServer({
    options: { share: { ...NODE_SHARE, pages: NEVER, ownPages: NEVER } },
  });
  let nowMs = 0;
  const share = { ...NODE_SHARE, pages: SLOWLY, ownPages: SLOWLY };
  const ctx = { ...running, meters: new NodeMeters(share, () => nowMs) };
  const { nodeId } = await enrolNew({ ctx: running, ...server });
  const order = { name: 'on-call', url: 'http://127.0.0.1:9/', enabled: true, severityMin: 'low' } as const;
  const target = await createTarget(ctx, 'cli:test', order);
  if (!target.ok) throw target.error;
  return {
    ctx,
    nodeId,
    judge: (subject: string, changes: Parameters<typeof verdict>[0] = {}) =>
      commit(ctx, (unit) => moveFinding(unit, nodeId, verdict({ subject, ...changes }))),
    /** Of all that was ever queued, in order; that the running server's own share is none is no matter here. */
    told: async () => {
      const queued = (await ctx.store.read.deliveries.ofTarget(target.value.id, 500)).reverse();
      const findings = await Promise.all(queued.map((d) => ctx.store.read.findings.get(d.findingId)));
      return findings.flatMap((finding, index) =>
        finding?.subject === 'quota' ? [] : [`${queued[index]?.type.slice(6)} ${finding?.subject}`],
      );
    },
    wait: async (seconds: number) => {
      for (let n = 0; n < seconds; n += 1) {
        nowMs += 1_000;
        await pageWaiting(ctx);
      }
    },
    restart: () => Object.assign(ctx, { meters: new NodeMeters(share, () => nowMs) }),
  };
}

test('beyond the burst every finding pages as its turn comes, the worst first, each once', async () => {
  const s = await setUp();
  for (const subject of ['a', 'b', 'c', 'd']) await s.judge(subject, { severity: 'medium' });
  await s.judge('worst', { severity: 'critical' });
  await s.judge('bad', { severity: 'high' });
  await s.wait(7);
  expect(await s.told()).toEqual(['firing a', 'firing b']);
  await s.wait(1);
  expect((await s.told()).slice(2)).toEqual(['firing worst']);
  await s.wait(60);
  expect((await s.told()).slice(2)).toEqual(['firing worst', 'firing bad', 'firing c', 'firing d']);
});

test('who comes later waits behind those that wait', async () => {
  const s = await setUp();
  for (const subject of ['a', 'b', 'worst']) await s.judge(subject, { severity: 'critical' });
  await s.judge('later', { severity: 'low' });
  await s.wait(8);
  expect(await s.told()).toEqual(['firing a', 'firing b', 'firing worst']);
});

test('what is over, or somebody has, before its turn is dropped without a word', async () => {
  const s = await setUp();
  for (const subject of ['a', 'b', 'over', 'taken', 'last']) await s.judge(subject);
  await s.judge('over', { status: 'pass', violations: [] });
  const taken = await s.ctx.store.read.findings.active(s.nodeId, 'MOM-TLS-001', 'taken');
  expect((await acknowledgeFinding(s.ctx, 'user:test', taken?.id ?? '', { note: '', until: null })).ok).toBe(
    true,
  );
  await s.wait(100);
  expect(await s.told()).toEqual(['firing a', 'firing b', 'firing last']);
});

test('what waits when the server ends pages in its next life', async () => {
  const s = await setUp();
  for (const subject of ['a', 'b', 'c']) await s.judge(subject);
  s.restart();
  await s.wait(1);
  expect(await s.told()).toEqual(['firing a', 'firing b', 'firing c']);
});

test('a node that makes the server find something about it again and again pages no more than a share for that', async () => {
  const s = await setUp();
  for (let n = 0; n < 20; n += 1) {
    const status = n % 2 ? 'pass' : 'fail';
    await commit(s.ctx, (unit) =>
      moveFinding(unit, s.nodeId, ownVerdict('CAS-NODE-010', { status, summary: 'a clock that jumps' })),
    );
  }
  await s.judge('its own');
  const firing = (await s.told()).filter((line) => line.startsWith('firing'));
  expect(firing).toEqual(['firing clock', 'firing clock', 'firing its own']);
  // One that stays true is told.
  await commit(s.ctx, (unit) =>
    moveFinding(unit, s.nodeId, ownVerdict('CAS-NODE-010', { status: 'fail', summary: 'a wrong clock' })),
  );
  await s.wait(8);
  expect((await s.told()).at(-1)).toBe('firing clock');
});

test('a wait that is long is said of the node; a short one is not', async () => {
  const s = await setUp();
  const most = Math.floor(PAGE_WAIT_MS_MAX / 8_000);
  for (let n = 0; n < most + 2; n += 1) await s.judge(`listener ${n}`);
  await pageWaiting(s.ctx);
  expect(s.ctx.meters.use(s.nodeId)?.refused.has('pages')).toBe(false);
  await s.judge('one more');
  await pageWaiting(s.ctx);
  expect(s.ctx.meters.use(s.nodeId)?.refused.has('pages')).toBe(true);
});
