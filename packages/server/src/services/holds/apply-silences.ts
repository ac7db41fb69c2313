import { HELD_AT_ONCE_MAX, occurrences } from '../../domain/silence/silence.js';
import type { SilenceRecord } from '../../store/silence.repository.js';
import type { ServerContext } from '../context.js';
import { commit, type Unit } from '../unit.js';
import { changeHolds, type HoldChange } from './change-holds.js';
import { changeTo } from './review-hold.js';

/**
 * Holds what silences that have begun match, releases what those that are over held, and moves windows on to their next
 * occurrence. In short transactions; what a killed server left undone is still to be seen, and is gone on with.
 */
export async function applySilences(ctx: ServerContext): Promise<void> {
  for (const id of await ctx.store.read.silences.unsettled(ctx.clock.now()))
    for (let isMore = true; isMore; ) isMore = await commit(ctx, (unit) => settle(unit, id));
}

/** One step for one silence. True: there is more to do. */
async function settle(unit: Unit, id: string): Promise<boolean> {
  const silence = await unit.tx.silences.get(id);
  if (!silence) return false;
  if (silence.activeUntil <= unit.now) return (await release(unit, silence)) || moveOn(unit, silence);
  if (silence.isApplied || silence.activeFrom > unit.now) return false;
  const isMore = await hold(unit, silence);
  if (!isMore) await unit.tx.silences.put({ ...silence, isApplied: true });
  return isMore;
}

async function hold(unit: Unit, silence: SilenceRecord): Promise<boolean> {
  const found = await unit.tx.held.toSilence(silence, HELD_AT_ONCE_MAX);
  const changes: HoldChange[] = [];
  for (const finding of found)
    changes.push(
      ...(await changeTo(unit, finding, { silenceId: silence.id, inhibitedBy: finding.inhibitedBy })),
    );
  await changeHolds(unit, changes);
  return found.length === HELD_AT_ONCE_MAX;
}

/** What another silence matches goes over to it; the rest may page. */
async function release(unit: Unit, silence: SilenceRecord): Promise<boolean> {
  const found = await unit.tx.held.bySilence(silence.id, HELD_AT_ONCE_MAX);
  const changes: HoldChange[] = [];
  for (const finding of found) {
    const silenceId = await unit.tx.silences.holding(finding.id, unit.now);
    changes.push(...(await changeTo(unit, finding, { silenceId, inhibitedBy: finding.inhibitedBy })));
  }
  await changeHolds(unit, changes, { pagesAgain: true });
  return found.length === HELD_AT_ONCE_MAX;
}

async function moveOn(unit: Unit, silence: SilenceRecord): Promise<false> {
  const { weekly, zone, endsAt, endedAt } = silence;
  if (weekly === null || endedAt !== null || endsAt <= unit.now) return false;
  const [next] = occurrences({ zone, weekly, endsAt }, unit.now, 1);
  await unit.tx.silences.put(
    next
      ? { ...silence, activeFrom: next.from, activeUntil: next.until, isApplied: false }
      : { ...silence, endsAt: silence.activeUntil },
  );
  return false;
}
