import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, api } from './client.js';

/** What a page of posture shows. All of it stands in its address. */
export type PostureSearch = {
  readonly days?: string;
  readonly group?: string;
  readonly control?: string;
  /** Of the matrix of one group: the page of its nodes. */
  readonly cursor?: string;
};

/** Spans that can be chosen, days with today. */
export const SPANS = ['7', '30', '90', '365'] as const;
export type Span = (typeof SPANS)[number];
export const SPAN_USUAL: Span = '30';

const DAY_MS = 86_400_000;
/** The server counts no more often. */
const FRESH_MS = 60_000;
const shared = { staleTime: FRESH_MS, refetchInterval: FRESH_MS, placeholderData: keepPreviousData } as const;

export function spanOf({ days }: PostureSearch): Span {
  return SPANS.find((span) => span === days) ?? SPAN_USUAL;
}

/** The first day of a span that ends today, UTC. */
export function firstDayOf(span: Span, now: number): string {
  return new Date(now - (Number(span) - 1) * DAY_MS).toISOString().slice(0, 10);
}

const asked = (search: PostureSearch) => ({
  from: firstDayOf(spanOf(search), Date.now()),
  ...(search.group === undefined ? {} : { group: search.group }),
  ...(search.control === undefined ? {} : { control: search.control }),
});

export const postureQuery = (search: PostureSearch) =>
  queryOptions({
    queryKey: ['posture', 'series', spanOf(search), search.group ?? '', search.control ?? ''],
    queryFn: () => answerOf(api.GET('/api/v1/posture', { params: { query: asked(search) } })),
    ...shared,
  });

export const postureChangesQuery = queryOptions({
  queryKey: ['posture', 'changes'],
  queryFn: () => answerOf(api.GET('/api/v1/posture/changes')),
  ...shared,
});

const columns = ({ group, cursor }: PostureSearch) =>
  group === undefined ? {} : { group, ...(cursor === undefined ? {} : { cursor }) };

export const postureMatrixQuery = (search: PostureSearch = {}) =>
  queryOptions({
    queryKey: ['posture', 'matrix', columns(search)],
    queryFn: () => answerOf(api.GET('/api/v1/posture/matrix', { params: { query: columns(search) } })),
    ...shared,
  });

/** The same as files. */
export const postureCsv = {
  series: (search: PostureSearch) => `/api/v1/posture.csv?${new URLSearchParams(asked(search))}`,
  changes: '/api/v1/posture/changes.csv',
  matrix: (search: PostureSearch) => `/api/v1/posture/matrix.csv?${new URLSearchParams(columns(search))}`,
};
