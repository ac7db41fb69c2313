import { casError } from '@castellan/shared/errors/cas-error';

/** A wall clock's reading without a zone, to the minute: `2026-03-29T02:30`. */
export const LOCAL_PATTERN = '^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]$';
const DAY_MS = 86_400_000;
/** Zones whose formatters are kept. */
const KEPT_MAX = 64;

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Throws CAS_INPUT_INVALID for what is not the name of a zone in the IANA database. */
export function checkZone(zone: string): void {
  try {
    // An offset has no daylight saving time: it is not what people mean by their zone.
    if (!/^[A-Za-z]/.test(zone)) throw new RangeError(zone);
    formatterOf(zone);
  } catch {
    throw casError(
      'CAS_INPUT_INVALID',
      `zone: there is no zone "${zone}"; give a name such as Europe/Vienna`,
    );
  }
}

/**
 * The instant, in ms, at which a wall clock of the zone shows `local`. A time that the clock passes over in spring is as
 * long after the change as it would have been (02:30 is 03:30); of one that it shows twice in autumn it is the first.
 * Throws CAS_INPUT_INVALID for what is not a day or a time of day.
 */
export function instantIn(zone: string, local: string): number {
  const asUtc = utcOf(local);
  // No zone changes twice within two days: these are the offsets before and after a change, or the same one.
  const [before, after] = [asUtc - offsetMs(zone, asUtc - DAY_MS), asUtc - offsetMs(zone, asUtc + DAY_MS)];
  const shown = [before, after].filter((at) => at + offsetMs(zone, at) === asUtc);
  return shown.length > 0 ? Math.min(...shown) : before;
}

/** The same wall clock's reading so many days later. Throws CAS_INPUT_INVALID. */
export function daysLater(local: string, days: number): string {
  return new Date(utcOf(local) + days * DAY_MS).toISOString().slice(0, 16);
}

function utcOf(local: string): number {
  const at = Date.parse(`${local}:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 16) !== local)
    throw casError('CAS_INPUT_INVALID', `start: "${local}" is not a day and a time such as 2026-03-29T02:30`);
  return at;
}

/** How far the zone's clocks are ahead of UTC at an instant, in ms. */
function offsetMs(zone: string, at: number): number {
  const parts = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formatters.size >= KEPT_MAX) formatters.clear();
  formatters.set(zone, made);
  return made;
}
