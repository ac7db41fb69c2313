/** What a part of a search comes to: every row, none, words for the index, or SQL with its values. */
export type Condition = { readonly kind: 'all' } | { readonly kind: 'none' } | Match | Sql;

interface Match {
  readonly kind: 'match';
  readonly words: string;
  /** Brackets within brackets; absent: at most one. */
  readonly depth?: number;
}

/** FTS5 reads no more than about thirty brackets within each other: what is deeper is joined by SQL. */
const MATCH_DEPTH_MAX = 20;
const depthOf = ({ depth = 1 }: Match): number => depth;
const isFlat = (part: Condition): part is Match => part.kind === 'match' && depthOf(part) < MATCH_DEPTH_MAX;

export interface Sql {
  readonly kind: 'sql';
  readonly sql: string;
  readonly values: readonly (string | number)[];
  /** The same as words for the index, and what else must be: known where both are required. */
  readonly split?: { readonly words: string; readonly rest: Sql };
}

export const ALL: Condition = { kind: 'all' };
export const NONE: Condition = { kind: 'none' };

export const sqlOf = (sql: string, ...values: readonly (string | number)[]): Sql => ({
  kind: 'sql',
  sql,
  values,
});

/** Turns words for the index into SQL. */
export type Indexed = (words: string) => Sql;

export function both(parts: readonly Condition[], indexed: Indexed): Condition {
  if (parts.some(({ kind }) => kind === 'none')) return NONE;
  return joined('and', parts, indexed) ?? ALL;
}

export function either(parts: readonly Condition[], indexed: Indexed): Condition {
  if (parts.some(({ kind }) => kind === 'all')) return ALL;
  return joined('or', parts, indexed) ?? NONE;
}

export function butNot(part: Condition, without: Condition, indexed: Indexed): Condition {
  if (without.kind === 'none' || part.kind === 'none') return part;
  if (without.kind === 'all') return NONE;
  if (isFlat(part) && isFlat(without)) {
    const depth = 1 + Math.max(depthOf(part), depthOf(without));
    return { kind: 'match', words: `(${part.words} NOT ${without.words})`, depth };
  }
  const { sql, values } = without.kind === 'match' ? indexed(without.words) : without;
  return both([part, sqlOf(`not (${sql})`, ...values)], indexed);
}

/** What the index can answer, it answers as one. Null: nothing is left to join. */
function joined(by: 'and' | 'or', parts: readonly Condition[], indexed: Indexed): Condition | null {
  const [only] = parts;
  if (only?.kind === 'match' && parts.length === 1) return only;
  const flat = parts.filter(isFlat);
  const words = flat.map((part) => part.words);
  const rest = parts.flatMap((part) =>
    part.kind === 'sql'
      ? [part]
      : part.kind === 'match' && depthOf(part) >= MATCH_DEPTH_MAX
        ? [indexed(part.words)]
        : [],
  );
  const match = words.length < 2 ? words[0] : `(${words.join(by === 'and' ? ' AND ' : ' OR ')})`;
  const depth = (flat.length > 1 ? 1 : 0) + Math.max(1, ...flat.map(depthOf));
  if (rest.length === 0) return match === undefined ? null : { kind: 'match', words: match, depth };
  if (match === undefined) return paired(by, rest);
  const all = paired(by, [indexed(match), ...rest]);
  return by === 'or' ? all : { ...all, split: { words: match, rest: paired('and', rest) } };
}

/** In pairs of pairs: SQLite refuses a statement that is a thousand levels deep, which a chain of so many would be. */
function paired(by: 'and' | 'or', parts: readonly Sql[]): Sql {
  const [first, second] = parts;
  if (first && !second) return first;
  const half = Math.ceil(parts.length / 2);
  const [left, right] = [paired(by, parts.slice(0, half)), paired(by, parts.slice(half))];
  return sqlOf(`(${left.sql} ${by} ${right.sql})`, ...left.values, ...right.values);
}
