import { QueryError } from '@castellan/shared/search/query-error';
import { FUZZY_SIMILARITY, type LeafQuery, type RangeQuery } from '@castellan/shared/search/tree';
import { globOf } from '@castellan/shared/search/words';
import { type Condition, type Sql, sqlOf } from './condition.js';

const TIME = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[t ](\d{2})(?::(\d{2}))?z?)?)?)?$/i;
const TIME_HINT = 'a time is written 2026, 2026-11, 2026-11-28 or 2026-11-28T09:30, in UTC';

/** A column of one value. */
export function findValue(sql: string, leaf: LeafQuery): Condition {
  const value = `lower(${sql})`;
  switch (leaf.kind) {
    case 'term':
      return sqlOf(`${value} = ?`, leaf.text.toLowerCase());
    case 'phrase':
      return sqlOf(`${value} = ?`, leaf.words.join(' ').toLowerCase());
    case 'wild':
      return sqlOf(`${value} glob ?`, globOf(leaf.pattern));
    case 'range':
      return between(value, leaf, (end) => end);
    case 'fuzzy':
      throw new QueryError({
        text: `this field has few values: ~ (here ${leaf.similarity || FUZZY_SIMILARITY}) does not apply, a pattern such as ab* does`,
        at: leaf.at,
      });
  }
}

function between(value: string, range: RangeQuery, endOf: (end: string) => string | number): Sql {
  const { from, to, isInclusive } = range;
  const [least, most] = isInclusive ? ['>=', '<='] : ['>', '<'];
  const parts = [
    ...(from === null ? [] : [[`${value} ${least} ?`, endOf(from)] as const]),
    ...(to === null ? [] : [[`${value} ${most} ?`, endOf(to)] as const]),
  ];
  if (parts.length === 0) return sqlOf(`${value} is not null`);
  return sqlOf(`(${parts.map(([sql]) => sql).join(' and ')})`, ...parts.map(([, end]) => end));
}

/** Instants: a day is all of it, also as the end of a range. Throws QueryError for what is no time. */
export function findTime(sql: string, leaf: LeafQuery): Condition {
  const spanAt = (text: string) => {
    const span = spanOf(text);
    if (span === null) throw new QueryError({ text: TIME_HINT, at: leaf.at });
    return span;
  };
  if (leaf.kind === 'term') {
    const { from, until } = spanAt(leaf.text);
    return sqlOf(`(${sql} >= ? and ${sql} < ?)`, from, until);
  }
  if (leaf.kind !== 'range') throw new QueryError({ text: TIME_HINT, at: leaf.at });
  const { from, to, isInclusive } = leaf;
  const parts = [
    ...(from === null ? [] : [isInclusive ? spanAt(from).from : spanAt(from).until]),
    ...(to === null ? [] : [isInclusive ? spanAt(to).until : spanAt(to).from]),
  ];
  const conditions = [...(from === null ? [] : [`${sql} >= ?`]), ...(to === null ? [] : [`${sql} < ?`])];
  return conditions.length === 0
    ? sqlOf(`${sql} is not null`)
    : sqlOf(`(${conditions.join(' and ')})`, ...parts);
}

/** From here, and until before there, in milliseconds. Null: no time. */
function spanOf(text: string): { readonly from: number; readonly until: number } | null {
  const [, year, month, day, hour, minute] = TIME.exec(text) ?? [];
  if (year === undefined) return null;
  const at = [Number(year), Number(month ?? 1) - 1, Number(day ?? 1), Number(hour ?? 0), Number(minute ?? 0)];
  const [y = 0, mo = 0, d = 1, h = 0, mi = 0] = at;
  const from = Date.UTC(y, mo, d, h, mi);
  // February has no 30th: a date that is none would be another one.
  if (mo > 11 || new Date(from).getUTCDate() !== d || h > 23 || mi > 59) return null;
  const until = Date.UTC(
    y + (month === undefined ? 1 : 0),
    mo + (month !== undefined && day === undefined ? 1 : 0),
    d + (day !== undefined && hour === undefined ? 1 : 0),
    h + (hour !== undefined && minute === undefined ? 1 : 0),
    mi + (minute === undefined ? 0 : 1),
  );
  return { from, until };
}
