import { keepPreviousData, type QueryClient, type QueryKey, queryOptions } from '@tanstack/react-query';
import { answerOf, api } from './client.js';
import type { Rereader } from './reread.js';

/** How a list is looked at. All of it stands in the page's address, so that back, refresh and sharing show the same. */
export type ListView = {
  readonly q?: string;
  readonly sort?: string;
  readonly order?: 'asc' | 'desc';
  /** Where the page begins: the server's cursor, and for people the number of its first row. */
  readonly cursor?: string;
  readonly from?: string;
};

/** A list's view, with what it is narrowed to. */
export type ListSearch<F extends string = string> = ListView & { readonly [K in F]?: string };

/** What a person changed: the empty word takes it out of the address. */
export type ListChange = Readonly<Record<string, string>>;

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  readonly previous: string | null;
  readonly total: number | null;
  readonly facets: Readonly<Record<string, readonly { readonly value: string; readonly count: number }[]>>;
  /** Ids of what has changed or come since the page was read, and is not on it. */
  readonly news?: readonly string[];
}

/** Rows of one page. */
export const PAGE_ROWS = 100;
/** Rows that are fetched alone after one burst of events; more wait to be shown. */
const ROWS_ALONE_MAX = 20;
/** News that are counted; beyond it there are "so many or more". */
export const NEWS_MAX = 999;

const asked = ({ from: _from, ...search }: ListSearch) => ({
  query: { limit: PAGE_ROWS, ...search } as never,
});
const keyOf = (list: string, search: ListSearch) => [list, 'list', search] as const;

/** A page that is being changed shows the one before meanwhile. */
const shared = { placeholderData: keepPreviousData } as const;

export const nodesQuery = (search: ListSearch = {}) =>
  queryOptions({
    queryKey: keyOf('nodes', search),
    queryFn: () => answerOf(api.GET('/api/v1/nodes', { params: asked(search) })),
    ...shared,
  });

export const findingsQuery = (search: ListSearch = {}) =>
  queryOptions({
    queryKey: keyOf('findings', search),
    queryFn: () => answerOf(api.GET('/api/v1/findings', { params: asked(search) })),
    ...shared,
  });

export const alertsQuery = (search: ListSearch = {}) =>
  queryOptions({
    queryKey: keyOf('alerts', search),
    queryFn: () => answerOf(api.GET('/api/v1/alerts', { params: asked(search) })),
    ...shared,
  });

export const deliveriesQuery = (search: ListSearch = {}) =>
  queryOptions({
    queryKey: keyOf('deliveries', search),
    queryFn: () => answerOf(api.GET('/api/v1/deliveries', { params: asked(search) })),
    ...shared,
  });

export const plansQuery = (search: ListSearch = {}) =>
  queryOptions({
    queryKey: keyOf('plans', search),
    queryFn: () => answerOf(api.GET('/api/v1/plans', { params: asked(search) })),
    ...shared,
  });

export const runsQuery = (search: ListSearch = {}) =>
  queryOptions({
    queryKey: keyOf('runs', search),
    queryFn: () => answerOf(api.GET('/api/v1/runs', { params: asked(search) })),
    ...shared,
  });

export const certificatesQuery = (search: ListSearch = {}) =>
  queryOptions({
    queryKey: keyOf('certificates', search),
    queryFn: () => answerOf(api.GET('/api/v1/certificates', { params: asked(search) })),
    ...shared,
  });

export const auditQuery = (search: ListSearch = {}) =>
  queryOptions({
    queryKey: keyOf('audit', search),
    queryFn: () => answerOf(api.GET('/api/v1/audit', { params: asked(search) })),
    ...shared,
  });

/** The same rows in the same order as one file. */
export function csvAddress(list: string, { from: _from, cursor: _cursor, ...search }: ListSearch): string {
  const words = new URLSearchParams(
    Object.entries(search).filter((word): word is [string, string] => Boolean(word[1])),
  );
  return `/api/v1/${list}.csv${words.size > 0 ? `?${words}` : ''}`;
}

type Row = { readonly id: string };
/** Lists whose rows events name. */
export const LISTED = ['alerts', 'findings', 'nodes', 'plans', 'runs', 'deliveries'] as const;
export type Listed = (typeof LISTED)[number];

const ROW: Readonly<Record<Listed, (id: string) => Promise<Row>>> = {
  alerts: (id) => answerOf(api.GET('/api/v1/alerts/{id}', { params: { path: { id } } })),
  deliveries: (id) => answerOf(api.GET('/api/v1/deliveries/{id}', { params: { path: { id } } })),
  findings: (id) => answerOf(api.GET('/api/v1/findings/{id}', { params: { path: { id } } })),
  nodes: (id) => answerOf(api.GET('/api/v1/nodes/{id}', { params: { path: { id } } })),
  plans: (id) => answerOf(api.GET('/api/v1/plans/{id}', { params: { path: { id } } })),
  runs: (id) => answerOf(api.GET('/api/v1/runs/{id}', { params: { path: { id } } })),
};

/** What an event says of a row: its id, and by the names of filters what it would be found under. */
export interface Changed {
  readonly id: string;
  readonly said: Readonly<Record<string, string>>;
  /** The row is no new one: only what it is found under by this filter may have changed. */
  readonly by?: string;
}

/** The state that a list is narrowed to when its address names none. */
const USUAL_STATE: Readonly<Partial<Record<Listed, string>>> = { findings: 'open' };
/** A list of this state is narrowed to none. */
const ANY_STATE = 'all';

/** Whether a changed row may stand in a list, as far as an event says. What it does not say may be. */
export function mayBelong(list: Listed, search: ListSearch, { said }: Changed): boolean {
  const asked: Readonly<Record<string, string | undefined>> = { state: USUAL_STATE[list], ...search };
  return Object.entries(said).every(([name, value]) => {
    const wanted = asked[name] ?? '';
    return wanted === '' || wanted === value || (name === 'state' && wanted === ANY_STATE);
  });
}

/**
 * Brings lists up to date with what events told of: those that it touches, by a row that they show or that may come to
 * them. Of a list of many pages only the rows that changed are fetched, each alone, and what is not on the page is
 * counted as news; a list that is one page whole is read again.
 */
export async function refreshRows(
  client: QueryClient,
  { reread }: Pick<Rereader, 'reread'>,
  list: Listed,
  changes: readonly Changed[],
): Promise<void> {
  const pages = client.getQueriesData<ListPage<Row>>({ queryKey: [list, 'list'], type: 'active' });
  const touched = pages
    .map(([queryKey, page]) => ({ queryKey, page, touching: touchingOf(list, queryKey, page, changes) }))
    .filter(({ touching }) => touching.length > 0);
  const long = touched.filter(({ page }) => page && !isWhole(page));
  for (const { queryKey, page } of touched) if (!page || isWhole(page)) reread(queryKey);
  // What nobody looks at now is read when somebody does.
  void client.invalidateQueries({ queryKey: [list, 'list'], type: 'inactive', refetchType: 'none' });
  const shown = new Set(long.flatMap(({ page }) => page?.items.map(({ id }) => id) ?? []));
  const alone = changes.map(({ id }) => id).filter((id) => shown.has(id));
  const rows = await Promise.all(alone.slice(0, ROWS_ALONE_MAX).map((id) => ROW[list](id).catch(() => null)));
  const fresh = new Map(rows.filter((row) => row !== null).map((row) => [row.id, row]));
  for (const { queryKey, touching } of long)
    client.setQueryData<ListPage<Row>>(queryKey, (page) => page && withRows(page, touching, fresh));
}

/** Ids of those changes that touch a page. */
function touchingOf(
  list: Listed,
  queryKey: QueryKey,
  page: ListPage<Row> | undefined,
  changes: readonly Changed[],
): readonly string[] {
  const search = (queryKey[2] ?? {}) as ListSearch;
  const shown = new Set(page?.items.map(({ id }) => id));
  // A whole list shows each of its rows: one that was there before comes to it by a filter, or not at all.
  const mayCome = ({ by }: Changed) => by === undefined || !page || !isWhole(page) || by in search;
  return changes
    .filter((change) => shown.has(change.id) || (mayCome(change) && mayBelong(list, search, change)))
    .map(({ id }) => id);
}

function isWhole({ next, previous }: ListPage<Row>): boolean {
  return next === null && previous === null;
}

/** The page with these rows in their places; ids that it does not show, or whose row was not fetched, are news. */
export function withRows<T extends Row>(
  page: ListPage<T>,
  ids: readonly string[],
  fresh: ReadonlyMap<string, T>,
): ListPage<T> {
  const items = page.items.map((item) => fresh.get(item.id) ?? item);
  const news = new Set(page.news);
  for (const id of ids) if (!fresh.has(id) && news.size < NEWS_MAX) news.add(id);
  return { ...page, items, news: [...news] };
}
