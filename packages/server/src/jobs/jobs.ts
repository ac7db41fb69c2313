import { inTime } from '@castellan/shared/base/in-time';
import type { Outbox } from '../outbox/drain.js';
import { endAcknowledgements } from '../services/acknowledge.js';
import type { ServerContext } from '../services/context.js';
import { endOverdue } from '../services/end-overdue.js';
import { findSilentNodes } from '../services/find-silent-nodes.js';
import { applySilences } from '../services/holds/apply-silences.js';
import { judgeFleet } from '../services/judge-fleet.js';
import { judgeTargets } from '../services/judge-targets.js';
import { partBanned } from '../services/nodes.js';
import { endTwins } from '../services/own-judgements.js';
import { takePostureDaily } from '../services/posture-days.js';
import { purgeBeyondShare, purgeExpired } from '../services/retention.js';
import { checkStore } from '../services/store-health.js';
import { endWaivers } from '../services/waive.js';
import { watchShares } from '../services/watch-shares.js';

/** A job that reads a large table, or waits for a lock, is not waited for any longer. */
const STOP_MS_MAX = 1_500;

export interface Job {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<unknown>;
}

/** Starts the ticks; the result stops them and waits for those under way. */
export function startJobs(
  ctx: ServerContext,
  outbox: Pick<Outbox, 'wake'>,
  more: readonly Job[] = [],
): () => Promise<void> {
  const stops = [...jobsOf(ctx, outbox), ...more].map((job) => startJob(ctx, job));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Each looks at all that it concerns, and in one turn of the event loop at little of it: jobs.test.ts has the bounds. */
export function jobsOf(ctx: ServerContext, outbox: Pick<Outbox, 'wake'>): readonly Job[] {
  const { heartbeatMs } = ctx.facts;
  return [
    {
      name: 'silentNodes',
      everyMs: Math.max(200, Math.min(5_000, heartbeatMs / 2)),
      run: () => findSilentNodes(ctx),
    },
    { name: 'overdue', everyMs: 1_000, run: () => endOverdue(ctx) },
    { name: 'banned', everyMs: 1_000, run: () => partBanned(ctx) },
    { name: 'twins', everyMs: 60_000, run: () => endTwins(ctx) },
    { name: 'outbox', everyMs: 30_000, run: async () => outbox.wake() },
    { name: 'retention', everyMs: 3_600_000, run: () => purgeExpired(ctx) },
    { name: 'acknowledgements', everyMs: 1_000, run: () => endAcknowledgements(ctx) },
    { name: 'waivers', everyMs: 1_000, run: () => endWaivers(ctx) },
    { name: 'silences', everyMs: 1_000, run: () => applySilences(ctx) },
    { name: 'targets', everyMs: 10_000, run: () => judgeTargets(ctx) },
    { name: 'fleet', everyMs: 5_000, run: () => judgeFleet(ctx) },
    { name: 'shares', everyMs: 1_000, run: () => watchShares(ctx) },
    { name: 'history', everyMs: 5_000, run: () => purgeBeyondShare(ctx) },
    { name: 'words', everyMs: 5_000, run: () => ctx.store.followWords() },
    { name: 'posture', everyMs: 60_000, run: () => takePostureDaily(ctx) },
    { name: 'storeCheck', everyMs: 6 * 3_600_000, run: () => checkStore(ctx) },
  ];
}

function startJob(ctx: ServerContext, job: Job): () => Promise<void> {
  let underWay: Promise<void> | null = null;
  const timer = setInterval(() => {
    underWay ??= job
      .run()
      .then(() => undefined)
      .catch((cause: unknown) =>
        ctx.log.error({ event: 'job.failed', job: job.name, err: cause }, 'a job failed'),
      )
      .finally(() => {
        underWay = null;
      });
  }, job.everyMs);
  return async () => {
    clearInterval(timer);
    if (underWay) await inTime(underWay, STOP_MS_MAX, () => undefined);
  };
}
