import { Readable } from 'node:stream';
import { Text as BoundedText } from '@castellan/shared/model/bounds';
import { explainQuery } from '@castellan/shared/search/explain';
import { parseQuery } from '@castellan/shared/search/parse';
import { QUERY_LENGTH_MAX } from '@castellan/shared/search/tree';
import type { FastifyReply } from 'fastify';
import { type Static, type TProperties, type TSchema, Type } from 'typebox';
import { LIST_ROWS_MAX, type ListPage, type ListRequest } from '../services/lists.js';
import type { Permission } from '../services/people.js';
import { CSV_ROWS_MAX, type CsvColumn, csvOf } from './csv.js';
import type { Route } from './route.js';
import { oneOf, orNull } from './shapes.js';

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });

/** What every list takes, beside its own filters. */
const paging = {
  limit: Type.Integer({ minimum: 1, maximum: LIST_ROWS_MAX, default: 100 }),
  /** `next` or `previous` of an answer, with the same filter. */
  cursor: Type.Optional(BoundedText(2048)),
  order: Type.Optional(oneOf(['asc', 'desc'])),
  q: Type.Optional(
    Type.String({
      maxLength: QUERY_LENGTH_MAX,
      description: "A search in Lucene's classic syntax: words are joined by OR; docs/search.md",
    }),
  ),
};

interface Listing<F extends TProperties, I extends TSchema, T> {
  readonly path: `/${string}`;
  readonly may: Permission;
  readonly tag: string;
  readonly summary: string;
  /** The first is the usual one. */
  readonly sorts: readonly string[];
  readonly filters: F;
  readonly item: I;
  readonly read: (
    filter: Static<ReturnType<typeof Type.Object<F>>> & { readonly q?: string },
    request: ListRequest,
  ) => Promise<ListPage<T>>;
  readonly csv: readonly CsvColumn<T>[];
}

/** A list as JSON, page by page; under `<path>.csv`, and for whoever accepts `text/csv`, the same rows as one file. */
export function mountList<F extends TProperties, I extends TSchema, T>(
  app: Parameters<Route>[0],
  { path, may, tag, summary, sorts, filters, item, read, csv }: Listing<F, I, T>,
): void {
  const sort = Type.Optional(oneOf(sorts));
  const { limit: _limit, cursor: _cursor, ...unpaged } = paging;
  const asCsv = async (asked: Asked, reply: FastifyReply) => {
    const { sort, order, limit: _all, cursor: _from, counts: _counts, ...filter } = asked;
    const pageFrom = (cursor: string | null): Promise<ListPage<T>> =>
      read(filter as never, { limit: LIST_ROWS_MAX, cursor, sort, order, isCounted: false });
    // What cannot be read, such as the search, is said before the file begins.
    const first = await pageFrom(null);
    async function* pages() {
      for (let page = first; ; page = await pageFrom(page.next)) {
        yield page.items;
        if (page.next === null) return;
      }
    }
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="castellan-${path.slice(1)}.csv"`)
      .header('x-castellan-rows-max', String(CSV_ROWS_MAX))
      .send(Readable.from(csvOf(csv, pages())));
  };
  app.get(
    path,
    {
      config: { may },
      schema: {
        tags: [tag],
        summary,
        querystring: Type.Object({
          ...paging,
          sort,
          counts: Type.Boolean({ default: true, description: 'Whether total and facets are counted' }),
          ...filters,
        }),
        response: { 200: listOf(item) },
      },
    },
    async (request, reply) => {
      if (isCsvWanted(request.headers.accept)) return (await asCsv(request.query as Asked, reply)) as never;
      const { limit, cursor, sort, order, counts, ...filter } = request.query as Asked;
      const page = { limit, cursor: cursor ?? null, sort, order, isCounted: counts };
      return { ...(await read(filter as never, page)), interpretation: interpretationOf(filter) } as never;
    },
  );
  app.get(
    `${path}.csv`,
    {
      config: { may },
      schema: {
        tags: [tag],
        summary: `${summary}; as CSV, at most ${CSV_ROWS_MAX.toLocaleString('en')} rows`,
        querystring: Type.Object({ ...unpaged, sort, ...filters }),
      },
    },
    async (request, reply) => asCsv(request.query as Asked, reply),
  );
}

/** What the search asks for, in words; null: there is none. */
function interpretationOf({ q = '' }: { readonly q?: string }): string | null {
  return q.trim() === '' ? null : explainQuery(parseQuery(q));
}

/** Whoever asks for nothing but CSV gets it: a browser, which takes anything, gets JSON. */
function isCsvWanted(accept = ''): boolean {
  return /^\s*text\/csv\s*(;[^,]*)?$/i.test(accept);
}

interface Asked {
  readonly limit: number;
  readonly cursor?: string;
  readonly sort?: string;
  readonly order?: 'asc' | 'desc';
  readonly counts?: boolean;
  readonly q?: string;
}

function listOf<T extends Parameters<typeof Type.Array>[0]>(item: T) {
  return Type.Object({
    items: Type.Array(item),
    next: orNull(Type.String()),
    previous: orNull(Type.String()),
    /** Of all pages; null: not counted. */
    total: orNull(Count),
    /** What the search asks for, in words; null: nothing is searched for. */
    interpretation: orNull(Type.String()),
    /** For each facet its values, those with the most rows first, under every filter but its own. */
    facets: Type.Record(Text, Type.Array(Type.Object({ value: Text, count: Count }))),
  });
}
