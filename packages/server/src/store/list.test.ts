import { join } from 'node:path';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/server.js';
import { decodePlace, encodePlace, type ListRequest, type ListSpec, readList } from './list.js';
import { openDatabase } from './open.js';

interface Item {
  readonly id: string;
  readonly size: number;
  readonly colour: string;
}

const RUNS = 40;
const PAGES_MAX = 100;
const COLOURS = ['red', 'green', 'blue'];

async function table(): Promise<{ db: Knex; spec: ListSpec; close: () => Promise<void> }> {
  const { writer, close } = await openDatabase(join(temporaryFolder(), 'a.db'));
  await writer.raw('create table things (id text primary key, size integer not null, colour text not null)');
  const spec: ListSpec = {
    db: writer,
    from: () => writer('things as t'),
    id: 't.id',
    usualSort: 'size',
    sorts: {
      size: { terms: ['t.size'], natural: 'desc' },
      colour: { terms: ['t.colour', 't.size'], natural: 'asc' },
      turned: { terms: ['t.size'], natural: 'desc', isTurned: true },
    },
    facets: { colour: { column: 't.colour' }, size: { column: 't.size' } },
  };
  return { db: writer, spec, close };
}

const pageOf = (db: Knex, spec: ListSpec, request: ListRequest, wanted: Record<string, string> = {}) =>
  readList<Item, Item>(spec, { wanted, narrow: () => undefined }, request, {
    rows: (page) => db('things as t').join(page, 'page_id', 't.id').select('t.*'),
    read: ({ id, size, colour }) => ({ id, size, colour }),
  });

const items = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z]{1,4}$/),
    // Few sizes: ties are the rule.
    size: fc.integer({ min: 0, max: 4 }),
    colour: fc.constantFrom(...COLOURS),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 60 },
);

const asks = fc.record({
  sort: fc.constantFrom('size', 'colour', 'turned'),
  order: fc.constantFrom('asc' as const, 'desc' as const),
  limit: fc.integer({ min: 1, max: 12 }),
});

test('page after page shows every row once, with ties and with rows that come meanwhile; and back again', async () => {
  const { db, spec, close } = await table();
  await fc.assert(
    fc.asyncProperty(items, items, asks, async (first, later, { sort, order, limit }) => {
      await db('things').delete();
      await db('things').insert(first);
      const waiting = later.filter(({ id }) => !first.some((known) => known.id === id));
      const pages: (readonly Item[])[] = [];
      let back: string | null = null;
      for (let cursor: string | null = null; pages.length < PAGES_MAX; ) {
        const page = await pageOf(db, spec, { limit, cursor, sort, order });
        pages.push(page.items);
        back = page.previous;
        const late = waiting.pop();
        if (late) await db('things').insert(late);
        cursor = page.next;
        if (cursor === null) break;
      }
      const seen = pages.flat().map(({ id }) => id);
      expect(new Set(seen).size).toBe(seen.length);
      for (const { id } of first) expect(seen).toContain(id);
      const expected = [...(pages.at(-2) ?? [])].map(({ id }) => id);
      if (back !== null) {
        const before = await pageOf(db, spec, { limit, cursor: back, sort, order });
        // What came meanwhile may stand between: all that was shown and fits is shown again, in its order.
        const shown = before.items.map(({ id }) => id).filter((id) => expected.includes(id));
        expect(expected.slice(expected.length - shown.length)).toEqual(shown);
        expect(before.next).not.toBeNull();
      } else expect(pages).toHaveLength(1);
    }),
    { numRuns: RUNS },
  );
  await close();
});

test('the order is that of the values, then of the id', async () => {
  const { db, spec, close } = await table();
  await db('things').insert([
    { id: 'a', size: 2, colour: 'red' },
    { id: 'b', size: 1, colour: 'red' },
    { id: 'c', size: 2, colour: 'blue' },
  ]);
  const ids = async (request: Partial<ListRequest>) =>
    (await pageOf(db, spec, { limit: 10, cursor: null, ...request })).items.map(({ id }) => id).join('');
  expect([
    await ids({}),
    await ids({ order: 'asc' }),
    await ids({ sort: 'colour' }),
    await ids({ sort: 'turned' }),
    await ids({ sort: 'turned', order: 'asc' }),
  ]).toEqual(['cab', 'bac', 'cba', 'bac', 'cab']);
  await close();
});

test('total and facets are what a count in memory gives, each facet without its own filter', async () => {
  const { db, spec, close } = await table();
  const wantedOf = fc.record(
    { colour: fc.constantFrom(...COLOURS), size: fc.constantFrom('0', '1', '2') },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(items, wantedOf, async (rows, wanted) => {
      await db('things').delete();
      await db('things').insert(rows);
      const { total, facets, items: shown } = await pageOf(db, spec, { limit: 100, cursor: null }, wanted);
      const isColour = (row: Item) => wanted.colour === undefined || row.colour === wanted.colour;
      const isSize = (row: Item) => wanted.size === undefined || String(row.size) === wanted.size;
      const count = (of: (row: Item) => string, kept: readonly Item[]) => {
        const counts: Record<string, number> = {};
        for (const row of kept) counts[of(row)] = (counts[of(row)] ?? 0) + 1;
        return counts;
      };
      const given = (name: string) => Object.fromEntries((facets[name] ?? []).map((f) => [f.value, f.count]));
      expect(total).toBe(rows.filter((row) => isColour(row) && isSize(row)).length);
      expect(shown).toHaveLength(total ?? -1);
      expect(given('colour')).toEqual(count((row) => row.colour, rows.filter(isSize)));
      expect(given('size')).toEqual(count((row) => String(row.size), rows.filter(isColour)));
    }),
    { numRuns: RUNS },
  );
  await close();
});

describe('a cursor', () => {
  test('reads back', () => {
    const place = { sort: 'size', order: 'asc', isBack: true, key: [2, 'fnd_x'] } as const;
    expect(decodePlace(encodePlace(place))).toEqual(place);
  });
  test.each(['', 'x', '!!', '[]', '["size","up",0]', '["size","asc",2,1]', '["size","asc",0,{}]'])(
    '"%s" is none',
    (text) => expect(() => decodePlace(Buffer.from(text).toString('base64url'))).toThrow('not a cursor'),
  );
  test.each([
    ['of another sort', { sort: 'colour' }],
    ['of another direction', { order: 'asc' as const }],
  ])('%s is refused', async (_name, other) => {
    const { db, spec, close } = await table();
    await db('things').insert([
      { id: 'a', size: 1, colour: 'red' },
      { id: 'b', size: 1, colour: 'red' },
    ]);
    const { next } = await pageOf(db, spec, { limit: 1, cursor: null });
    await expect(pageOf(db, spec, { limit: 1, cursor: next, ...other })).rejects.toThrow('another order');
    await close();
  });
  test('an unknown sort is refused with those that there are', async () => {
    const { db, spec, close } = await table();
    await expect(pageOf(db, spec, { limit: 1, cursor: null, sort: 'toString' })).rejects.toThrow(
      'size, colour, turned',
    );
    await close();
  });
});
