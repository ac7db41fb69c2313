import { dayRows } from '../domain/posture/day-rows.js';
import { steady } from '../ports/clock.js';
import type { ServerContext } from './context.js';
import { commit } from './unit.js';

/** From this hour of the day on (UTC) a day's rows are its last word; what was counted before is counted anew. */
const HOUR_OF_DAY = 23;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Whoever looks sees nothing older, unless counting takes long. */
const FRESH_MS = 60_000;
/** Counting has at most one part in so many of one reader's time, however large the fleet and whoever looks. */
const REST_FACTOR = 50;

/** The UTC day of an instant: 2026-11-28. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** One count at a time for each server: who comes meanwhile waits for the same. */
const underWay = new WeakMap<ServerContext, Promise<void>>();
/** How long the last count of each server took. */
const tookMs = new WeakMap<ServerContext, number>();

/** Counts the day once its hour has come, and as soon as the day has no rows at all: no day is lost while the server runs. */
export async function takePostureDaily(ctx: ServerContext): Promise<void> {
  const now = ctx.clock.now();
  const takenAt = await ctx.store.read.posture.takenAt(dayOf(now));
  const hourAt = now - (now % DAY_MS) + HOUR_OF_DAY * HOUR_MS;
  if (takenAt === null || (now >= hourAt && takenAt < hourAt)) await takeOnce(ctx);
}

/** Today's rows, no older than FRESH_MS or the rest after a count. When they cannot be counted, what was counted before stands; it says of when it is. */
export async function freshenPosture(ctx: ServerContext): Promise<void> {
  const now = ctx.clock.now();
  const takenAt = await ctx.store.read.posture.takenAt(dayOf(now));
  const freshMs = Math.max(FRESH_MS, REST_FACTOR * (tookMs.get(ctx) ?? 0));
  if (takenAt !== null && takenAt <= now && now - takenAt < freshMs) return;
  await takeOnce(ctx).catch((cause: unknown) =>
    ctx.log.warn({ event: 'posture.notTaken', err: cause }, "the day's posture was not counted"),
  );
}

function takeOnce(ctx: ServerContext): Promise<void> {
  const running = underWay.get(ctx);
  if (running) return running;
  const taking = takeToday(ctx).finally(() => underWay.delete(ctx));
  underWay.set(ctx, taking);
  return taking;
}

/** Counted by a reader, so that no write waits for it; only the rows are written. */
async function takeToday(ctx: ServerContext): Promise<void> {
  const { posture } = ctx.store.read;
  const now = ctx.clock.now();
  const startedAt = steady(ctx.clock);
  const findings = await posture.countFindings();
  const verdicts = await posture.countVerdicts();
  const nodes = await posture.countNodes();
  tookMs.set(ctx, steady(ctx.clock) - startedAt);
  const rows = dayRows({ findings, verdicts, nodes });
  await commit(ctx, ({ tx }) => tx.posture.putDay(dayOf(now), rows, now));
}
