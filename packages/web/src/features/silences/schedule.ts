import type { SilencePreview } from '../../api/types.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A silence that ends within this time is warned of. */
const SOON_MS = HOUR_MS;

/** How long a silence is to last, as people say it. `free` is a day and a time, `window` a maintenance window. */
export const CHOICES = [
  ['2h', '2 hours'],
  ['8h', '8 hours'],
  ['1d', '1 day'],
  ['monday', 'Until Monday 9:00'],
  ['7d', '7 days'],
  ['free', 'Until another time'],
  ['window', 'A maintenance window'],
] as const;
export type Choice = (typeof CHOICES)[number][0];

const LASTS: Readonly<Partial<Record<Choice, number>>> = {
  '2h': 2 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '1d': DAY_MS,
  '7d': 7 * DAY_MS,
};

export interface When {
  readonly choice: Choice;
  /** As a field for a day and a time gives it, in the browser's zone: `2026-03-29T09:00`. */
  readonly until: string;
  readonly window: {
    readonly start: string;
    readonly minutes: number;
    readonly repeats: 'never' | 'weekly';
    /** The last day of the series, in the browser's zone. */
    readonly lastDay: string;
    readonly zone: string;
  };
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What is asked of the server; null: something is missing still. */
export function scheduleOf(
  { choice, until, window }: When,
  now: number,
): Omit<SilencePreview, 'matchers'> | null {
  const lasts = LASTS[choice];
  if (lasts !== undefined) return { zone: ownZone(), ends: instant(now + lasts) };
  if (choice === 'monday') return { zone: ownZone(), ends: instant(nextMonday(now)) };
  if (choice === 'free') {
    const at = Date.parse(until);
    return Number.isNaN(at) ? null : { zone: ownZone(), ends: instant(at) };
  }
  const { start, minutes, repeats, lastDay, zone } = window;
  const last = Date.parse(`${lastDay}T23:59`);
  if (start === '' || !(minutes >= 1) || (repeats === 'weekly' && Number.isNaN(last))) return null;
  return {
    zone,
    window: { start, minutes, repeats },
    ...(repeats === 'weekly' ? { ends: instant(last) } : {}),
  };
}

/** The next Monday at 9:00 by this browser's clock; on a Monday before 9:00 it is today. */
export function nextMonday(now: number): number {
  const at = new Date(now);
  at.setHours(9, 0, 0, 0);
  at.setDate(at.getDate() + ((8 - at.getDay()) % 7));
  if (at.getTime() <= now) at.setDate(at.getDate() + 7);
  return at.getTime();
}

/** `ends in less than an hour: 3 open findings will page`; null: nothing to warn of. */
export function warningOf(
  {
    state,
    activeUntil,
    holds,
  }: { readonly state: string; readonly activeUntil: string; readonly holds: { readonly open: number } },
  now: number,
): string | null {
  if (state !== 'active' || holds.open === 0 || Date.parse(activeUntil) - now > SOON_MS) return null;
  const findings = holds.open === 1 ? '1 open finding' : `${holds.open.toLocaleString('en')} open findings`;
  return `Ends in less than an hour: ${findings} will page`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
