import { casError } from '@castellan/shared/errors/cas-error';
import type { Knex } from 'knex';

/** How a list may be put in order. Its terms, then the id, make every place unique; none of them is ever null. */
export interface Sort {
  /** Columns, all read in one direction, so that one index serves the sort both ways. */
  readonly terms: readonly string[];
  /** The order that is meant when none is asked for. */
  readonly natural: Order;
  /** Read upwards, the terms give the column downwards: such as a rank, 0 for the worst. */
  readonly isTurned?: boolean;
}

export type Order = 'asc' | 'desc';

/** A column of few values. Its filter has the facet's own name. */
export interface Facet {
  readonly column: string;
  /** Whether a row of this value is shown under a filter; as if equal, when it is not said. */
  readonly accepts?: (value: string, wanted: string) => boolean;
}

/** What one list says of itself. */
export interface ListSpec {
  readonly db: Knex;
  /** Table and joins, with the conditions that every row of the list meets. */
  readonly from: () => Knex.QueryBuilder;
  readonly id: string;
  readonly sorts: Readonly<Record<string, Sort>>;
  readonly usualSort: string;
  readonly facets: Readonly<Record<string, Facet>>;
  /**
   * The same under the same alias, one row for each combination of the facets' values, with how many rows have it: `n`.
   * It is read in place of the rows when only facets narrow the list. Absent: the rows are counted.
   */
  readonly counters?: () => Knex.QueryBuilder;
}

export interface ListRequest {
  /** At most LIST_ROWS_MAX. */
  readonly limit: number;
  readonly cursor: string | null;
  readonly sort?: string | undefined;
  readonly order?: Order | undefined;
  /** False: neither total nor facets are counted. */
  readonly isCounted?: boolean;
}

/** How many rows have each value of a facet, under every filter but the facet's own. */
export type FacetCounts = Readonly<
  Record<string, readonly { readonly value: string; readonly count: number }[]>
>;

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly total: number | null;
  readonly facets: FacetCounts;
}

export interface Narrowing {
  /** Of facets: the value that is asked for. */
  readonly wanted: Readonly<Record<string, string | undefined>>;
  /** What facets do not say: text, a node. Absent: nothing. */
  readonly narrow?: ((query: Knex.QueryBuilder) => void) | undefined;
  /** The facets' own conditions where they are not `column = value`. */
  readonly where?: (query: Knex.QueryBuilder) => void;
}

/** `rows` selects what is shown of a page, and joins with its ids: `page_id`. `read` makes of a row what it says. */
export interface Shown<R, T> {
  readonly rows: (page: Knex.QueryBuilder) => Knex.QueryBuilder;
  readonly read: (row: R) => T;
}

/** The most rows of one page. */
export const LIST_ROWS_MAX = 500;
/** Groups that are read to count a list: a value that is its own on every row must not fill the memory. */
const CUBE_ROWS_MAX = 50_000;
/** Values of one facet that are named; those with the most rows. */
const FACET_VALUES_MAX = 200;

type Key = readonly (string | number)[];

/** Where a page ended, and which way it goes on from there. */
interface Place {
  readonly sort: string;
  readonly order: Order;
  readonly isBack: boolean;
  readonly key: Key;
}

/**
 * One page of a list.
 * Throws CAS_INPUT_INVALID for a sort that the list does not have and for a cursor of another list or order.
 */
export async function readList<R, T>(
  spec: ListSpec,
  narrowing: Narrowing,
  request: ListRequest,
  { rows, read }: Shown<R, T>,
): Promise<ListPage<T>> {
  const place = request.cursor === null ? null : decodePlace(request.cursor);
  const { name, sort, order } = sortOf(spec, request, place);
  const isUp = (order === 'asc') !== Boolean(sort.isTurned);
  const isBack = place?.isBack ?? false;
  const terms = [...sort.terms, spec.id];
  if (place && place.key.length !== terms.length) throw notOurs();
  const direction = isUp === isBack ? 'desc' : 'asc';
  const page = spec
    .from()
    .select({ page_id: spec.id }, ...keyColumns(terms))
    .limit(Math.min(request.limit, LIST_ROWS_MAX) + 1);
  page.orderByRaw(terms.map((term) => `${term} ${direction}`).join(', '));
  narrowAll(spec, narrowing, page);
  if (place)
    page.whereRaw(
      `(${terms.join(', ')}) ${direction === 'asc' ? '>' : '<'} (${terms.map(() => '?').join(', ')})`,
      [...place.key],
    );
  // What is shown is read for the page's own rows only: the order comes from an index that has all that it needs.
  const shown = rows(page.as('page'))
    .select('page.*')
    .orderByRaw(terms.map((_, index) => `page.k${index} ${direction}`).join(', '));
  const [found, counts] = await Promise.all([
    shown as unknown as Promise<(R & Record<string, string | number>)[]>,
    request.isCounted === false ? null : countList(spec, narrowing),
  ]);
  const isMore = found.length > request.limit;
  const kept = found.slice(0, request.limit);
  if (isBack) kept.reverse();
  const cursorAt = (row: (typeof kept)[number] | undefined, back: boolean): string | null =>
    row === undefined
      ? null
      : encodePlace({
          sort: name,
          order,
          isBack: back,
          key: terms.map((_, index) => row[`k${index}`] ?? ''),
        });
  return {
    items: kept.map(read),
    next: isBack || isMore ? cursorAt(kept[kept.length - 1], false) : null,
    previous: (isBack ? isMore : place !== null) ? cursorAt(kept[0], true) : null,
    total: counts?.total ?? null,
    facets: counts?.facets ?? {},
  };
}

function keyColumns(terms: readonly string[]): Record<string, string>[] {
  return terms.map((term, index) => ({ [`k${index}`]: term }));
}

function narrowAll(spec: ListSpec, narrowing: Narrowing, query: Knex.QueryBuilder): void {
  narrowing.narrow?.(query);
  narrowing.where?.(query);
  for (const [name, { column, accepts }] of Object.entries(spec.facets)) {
    const wanted = narrowing.wanted[name];
    if (wanted !== undefined && !accepts) query.whereRaw(`${column} = ?`, [wanted]);
  }
}

/** One pass for the total and every facet: rows are grouped by all facets, and the groups are added up here. */
async function countList(
  spec: ListSpec,
  { narrow, wanted }: Narrowing,
): Promise<{ readonly total: number; readonly facets: FacetCounts }> {
  const facets = Object.entries(spec.facets);
  const columns = facets.map(([name, { column }]) => spec.db.raw(`${column} as ??`, [name]));
  const query =
    narrow === undefined && spec.counters
      ? spec.counters().select(columns).select('n as count')
      : spec
          .from()
          .select(columns)
          .count('* as count')
          .groupByRaw(facets.map(([, { column }]) => column).join(', '));
  narrow?.(query);
  const cube = (await query.limit(CUBE_ROWS_MAX)) as Record<string, string | number>[];
  const counts = new Map(facets.map(([name]) => [name, new Map<string, number>()]));
  let total = 0;
  for (const group of cube) {
    const count = Number(group.count);
    const refusing = facets.filter(([name, { accepts = Object.is }]) => {
      const value = wanted[name];
      return value !== undefined && !accepts(String(group[name]), value);
    });
    if (refusing.length === 0) total += count;
    for (const [name] of facets) {
      if (refusing.some(([other]) => other !== name)) continue;
      const values = counts.get(name);
      const value = String(group[name]);
      values?.set(value, (values.get(value) ?? 0) + count);
    }
  }
  return {
    total,
    facets: Object.fromEntries([...counts].map(([name, values]) => [name, mostFirst(values)])),
  };
}

function mostFirst(values: ReadonlyMap<string, number>) {
  return [...values]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, FACET_VALUES_MAX);
}

function sortOf(spec: ListSpec, request: ListRequest, place: Place | null) {
  const name = request.sort ?? place?.sort ?? spec.usualSort;
  const sort = Object.hasOwn(spec.sorts, name) ? spec.sorts[name] : undefined;
  if (!sort)
    throw casError(
      'CAS_INPUT_INVALID',
      `sort: there is ${Object.keys(spec.sorts).join(', ')}; not "${name}"`,
    );
  const order = request.order ?? place?.order ?? sort.natural;
  if (place && (place.sort !== name || place.order !== order))
    throw casError('CAS_INPUT_INVALID', 'cursor: it is of another order; begin without one');
  return { name, sort, order };
}

export function encodePlace({ sort, order, isBack, key }: Place): string {
  return Buffer.from(JSON.stringify([sort, order, isBack ? 1 : 0, ...key]), 'utf8').toString('base64url');
}

/** Throws CAS_INPUT_INVALID. */
export function decodePlace(text: string): Place {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw notOurs();
  }
  if (!Array.isArray(value)) throw notOurs();
  const [sort, order, back, ...key] = value as unknown[];
  const isKey = (part: unknown): part is string | number =>
    typeof part === 'string' || (typeof part === 'number' && Number.isFinite(part));
  if (typeof sort !== 'string' || (order !== 'asc' && order !== 'desc') || (back !== 0 && back !== 1))
    throw notOurs();
  if (!key.every(isKey)) throw notOurs();
  return { sort, order, isBack: back === 1, key };
}

function notOurs() {
  return casError('CAS_INPUT_INVALID', 'cursor: this is not a cursor of ours; begin without one');
}
