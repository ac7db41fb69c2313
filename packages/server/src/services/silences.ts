import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import {
  checkEnd,
  checkMatchers,
  type Matchers,
  OCCURRENCES_SHOWN,
  occurrences,
  type Schedule,
  type ScheduleOrder,
  SERIES_MS_MAX,
  SILENCES_MAX,
  scheduleOf,
} from '../domain/silence/silence.js';
import type { MatchCount } from '../store/held.repository.js';
import type { SilenceRecord } from '../store/silence.repository.js';
import type { ServerContext } from './context.js';
import { applySilences } from './holds/apply-silences.js';
import { instant, instantOrNull } from './instant.js';
import { type Actor, audited, type Unit } from './unit.js';

export { MATCHERS, WINDOW_MINUTES_MAX } from '../domain/silence/silence.js';
export { LOCAL_PATTERN } from '../domain/silence/zoned-time.js';

export interface SilenceOrder {
  readonly matchers: Matchers;
  readonly schedule: ScheduleOrder;
  readonly reason: string;
}

export const SILENCE_STATES = ['active', 'pending', 'over'] as const;
export type SilenceState = (typeof SILENCE_STATES)[number];

function stateOf({ endsAt, activeFrom, activeUntil }: SilenceRecord, now: number): SilenceState {
  if (endsAt <= now) return 'over';
  return activeFrom <= now && now < activeUntil ? 'active' : 'pending';
}

const NONE: MatchCount = { findings: 0, open: 0 };

function silenceView(silence: SilenceRecord, now: number, holds: MatchCount = NONE) {
  const { id, matchers, nodeName, reason, author, zone, weekly, endedBy } = silence;
  const state = stateOf(silence, now);
  return {
    id,
    matchers,
    nodeName,
    reason,
    author,
    createdAt: instant(silence.createdAt),
    zone,
    weekly,
    startsAt: instant(silence.startsAt),
    endsAt: instant(silence.endsAt),
    activeFrom: instant(silence.activeFrom),
    activeUntil: instant(silence.activeUntil),
    endedAt: instantOrNull(silence.endedAt),
    endedBy,
    state,
    /** Active findings that it holds, and those of them that would page now. */
    holds,
    next: state === 'over' ? [] : nextOf(silence, now),
  };
}
export type SilenceView = ReturnType<typeof silenceView>;

function nextOf(silence: Pick<SilenceRecord, 'zone' | 'weekly' | 'endsAt' | 'startsAt'>, now: number) {
  const { zone, weekly, endsAt, startsAt } = silence;
  const some = weekly
    ? occurrences({ zone, weekly, endsAt }, now, OCCURRENCES_SHOWN)
    : [{ from: startsAt, until: endsAt }];
  return some.map(({ from, until }) => ({ from: instant(from), until: instant(until) }));
}

export async function listSilences(ctx: ServerContext): Promise<SilenceView[]> {
  const now = ctx.clock.now();
  const { silences, held } = ctx.store.read;
  const counts = await held.countBySilence();
  return (await silences.list(now)).map((silence) => silenceView(silence, now, counts.get(silence.id)));
}

export async function getSilence(ctx: ServerContext, id: string): Promise<SilenceView | null> {
  const { silences, held } = ctx.store.read;
  const silence = await silences.get(id);
  return silence ? silenceView(silence, ctx.clock.now(), (await held.countBySilence()).get(id)) : null;
}

/** What a silence would hold and when, before it is made. Throws CAS_INPUT_INVALID. */
export async function previewSilence(
  ctx: ServerContext,
  { matchers, schedule }: Omit<SilenceOrder, 'reason'>,
) {
  checkMatchers(matchers);
  const now = ctx.clock.now();
  const planned = scheduleOf(schedule, now);
  const count = await ctx.store.read.held.countMatching(matchers);
  return { ...count, zone: planned.zone, next: nextOf({ ...planned, startsAt: planned.first.from }, now) };
}

/** No page for what matches, from its start to its end. What is there already is held at once. */
export async function createSilence(
  ctx: ServerContext,
  actor: Actor,
  order: SilenceOrder,
): Promise<Result<SilenceView>> {
  const id = ctx.random.id('sil');
  const { matchers, schedule, reason } = order;
  const detail = { ...matchers, reason, schedule: { ...schedule } };
  const made = await audited(ctx, { actor, action: 'silence.create', object: id, detail }, async (unit) => {
    checkMatchers(matchers);
    checkReason(reason);
    if ((await unit.tx.silences.countCurrent(unit.now)) >= SILENCES_MAX)
      throw casError('CAS_CONFLICT', `there are ${SILENCES_MAX} silences already: end some first`);
    const planned = scheduleOf(schedule, unit.now);
    await unit.tx.silences.put({ id, matchers, reason, author: actor, ...fresh(planned, unit.now) });
    return id;
  });
  return settled(ctx, made);
}

function fresh({ zone, weekly, first, endsAt }: Schedule, now: number) {
  return {
    createdAt: now,
    zone,
    weekly,
    startsAt: first.from,
    endsAt,
    activeFrom: first.from,
    activeUntil: first.until,
    isApplied: false,
    endedAt: null,
    endedBy: null,
  };
}

/** It ends later, and nothing is released in between. */
export async function extendSilence(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  endsAt: number,
): Promise<Result<SilenceView>> {
  const act = { actor, action: 'silence.extend', object: id, detail: { ends: instant(endsAt) } };
  const extended = await audited(ctx, act, async (unit) => {
    const silence = await currentIn(unit, id);
    if (endsAt <= silence.endsAt)
      throw casError(
        'CAS_INPUT_INVALID',
        `ends: it ends at ${instant(silence.endsAt)} already; give a later end`,
      );
    const { activeFrom, activeUntil, weekly } = silence;
    if (weekly === null) checkEnd({ from: activeFrom, until: endsAt }, unit.now);
    else if (endsAt - unit.now > SERIES_MS_MAX)
      throw casError('CAS_INPUT_INVALID', 'ends: a maintenance window recurs for 400 days at most');
    // Of a window the last occurrence may have been cut off by the end.
    const now = weekly && occurrences({ zone: silence.zone, weekly, endsAt }, unit.now, 1)[0];
    const until = weekly === null ? endsAt : (now?.until ?? activeUntil);
    await unit.tx.silences.put({
      ...silence,
      endsAt,
      activeFrom: now?.from ?? activeFrom,
      activeUntil: until,
      isApplied: false,
    });
    return id;
  });
  return settled(ctx, extended);
}

/** It is over: what it held and no other silence holds may page. */
export async function endSilence(ctx: ServerContext, actor: Actor, id: string): Promise<Result<SilenceView>> {
  const ended = await audited(ctx, { actor, action: 'silence.end', object: id }, async (unit) => {
    const silence = await currentIn(unit, id);
    const { now } = unit;
    await unit.tx.silences.put({
      ...silence,
      endsAt: now,
      activeUntil: Math.min(silence.activeUntil, now),
      endedAt: now,
      endedBy: actor,
    });
    return id;
  });
  return settled(ctx, ended);
}

function checkReason(reason: string): void {
  if (reason.trim() === '') throw casError('CAS_INPUT_INVALID', 'reason: say why nobody is to be paged');
}

async function currentIn(unit: Unit, id: string): Promise<SilenceRecord> {
  const silence = await unit.tx.silences.get(id);
  if (!silence) throw casError('CAS_NOT_FOUND', 'there is no such silence');
  if (silence.endsAt <= unit.now) throw casError('CAS_CONFLICT', 'the silence is over: make another');
  return silence;
}

/** Does at once what the job would do within a second, and shows the silence with what it holds then. */
async function settled(ctx: ServerContext, made: Result<string>): Promise<Result<SilenceView>> {
  if (!made.ok) return made;
  await applySilences(ctx);
  const view = await getSilence(ctx, made.value);
  if (!view) throw casError('CAS_NOT_FOUND', 'there is no such silence');
  return { ok: true, value: view };
}
