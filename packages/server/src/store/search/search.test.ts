import { join } from 'node:path';
import { parseQuery } from '@castellan/shared/search/parse';
import { QueryError } from '@castellan/shared/search/query-error';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../testing/server.js';
import { AUDIT_WORDS } from '../audit.repository.js';
import { openDatabase } from '../open.js';
import { compileQuery } from './compile.js';
import { EXPANSIONS_MAX, FUZZY_WORDS_MAX } from './indexed-words.js';
import { FOUND_MAX, searchOf } from './search.js';
import type { SearchSource, Words } from './source.js';
import { Vocabulary } from './vocabulary.js';

const sourceOf = (words: Words): SearchSource => ({
  text: 'a.object',
  index: { table: 'audit_words', vocabulary: 'audit_vocabulary', number: 'a.seq', rows: 'audit', words },
  fields: {
    actor: { kind: 'words', sql: 'a.actor', column: 'actor' },
    object: { kind: 'words', sql: 'a.object', column: 'object' },
    outcome: { kind: 'value', sql: 'a.outcome' },
  },
});
const READ: SearchSource = { text: 't.text', fields: { name: { kind: 'words', sql: 't.name' } } };

test('a pattern stands for so many words and no more; what is found beyond so many rows is not counted', async () => {
  const { writer, close } = await openDatabase(join(temporaryFolder(), 'a.db'));
  const add = (from: number, to: number, text: string) =>
    writer.raw(
      `with recursive n(n) as (select ? union all select n + 1 from n where n < ?)
       insert into audit_words (rowid, actor) select n, ${text} from n`,
      [from, to],
    );
  await add(1, EXPANSIONS_MAX, "'w' || n || 'x'");
  const search = (text: string) => searchOf(writer, sourceOf(new Vocabulary(writer, AUDIT_WORDS)), text);
  expect(await search('w*x')).toMatchObject({ isNarrow: true });
  await add(EXPANSIONS_MAX + 1, EXPANSIONS_MAX + 1, "'w' || n || 'x'");
  const refused = await search('a w*x').catch((cause: unknown) => cause);
  expect(refused).toBeInstanceOf(QueryError);
  expect(refused).toMatchObject({ offset: 2, length: 3 });
  expect(await search('w*')).toMatchObject({ isNarrow: true });
  await add(EXPANSIONS_MAX + 2, FOUND_MAX, "'many w'");
  expect(await search('w*')).toMatchObject({ isNarrow: true, isBroad: false });
  await add(FOUND_MAX + 1, FOUND_MAX + 1, "'many w'");
  expect(await search('w*')).toMatchObject({ isNarrow: false, isBroad: true });
  // As deep and as wide as a search may be.
  for (const deep of ['(a AND ', '(a OR ', '(a NOT '])
    await writer('audit as a').modify((await search(`${deep.repeat(63)}b${')'.repeat(63)}`)).narrow);
  await writer('audit as a').modify((await search('outcome:a '.repeat(400))).narrow);
  await writer('audit as a').modify((await search(`${'a '.repeat(1000)}outcome:x`)).narrow);
  await close();
});

test('many words find what each of them finds', async () => {
  const { writer, close } = await openDatabase(join(temporaryFolder(), 'a.db'));
  await writer.raw(
    `with recursive n(n) as (select 1 union all select n + 1 from n where n < ?)
     insert into audit_words (rowid, actor, object) select n, 'w' || n || 'x', case n % 2 when 0 then 'even' else 'odd' end from n`,
    [EXPANSIONS_MAX],
  );
  const words = new Vocabulary(writer, AUDIT_WORDS);
  const found = async (text: string): Promise<number[]> => {
    const condition = await compileQuery(writer, sourceOf(words), text, parseQuery(text));
    if (condition.kind !== 'match') throw new Error(`${text}: the index does not answer it`);
    const rows = (await writer.raw(
      'select rowid as n from audit_words where audit_words match ? order by n',
      [condition.words],
    )) as { n: number }[];
    return rows.map(({ n }) => n);
  };
  const all = Array.from({ length: EXPANSIONS_MAX }, (_, n) => n + 1);
  const like = (pattern: RegExp) => all.filter((n) => pattern.test(`w${n}x`));
  for (const [text, pattern] of [
    ['w1*x', /^w1/],
    ['w?x', /^w.x/],
    ['w??x', /^w..x/],
    ['w1??x', /^w1..x/],
    ['w*x', /./],
  ] as const) {
    expect(await found(text), text).toEqual(like(pattern));
    expect(await found(`actor:${text}`), text).toEqual(like(pattern));
    expect(await found(`object:${text}`), text).toEqual([]);
    expect(await found(`+${text} +object:odd`), text).toEqual(like(pattern).filter((n) => n % 2 === 1));
    expect(await found(`odd -${text}`), text).toEqual(
      all.filter((n) => n % 2 === 1 && !like(pattern).includes(n)),
    );
  }
  // A fuzzy word stands for those most like it: itself first.
  const alike = await found('w100x~0.2');
  expect(alike).toHaveLength(FUZZY_WORDS_MAX);
  expect(alike).toContain(100);
  for (const deep of ['(odd AND ', '(odd OR ', '(odd NOT '])
    await writer('audit as a').modify(
      (await searchOf(writer, sourceOf(words), `${deep.repeat(63)}w*x${')'.repeat(63)}`)).narrow,
    );
  await close();
});

test.each([
  `x' or 1=1`,
  `"x' or 1=1 --"`,
  'name:"%_*[?"',
  'a\\*b* "NEAR(a b)" \\"a\\"',
  'name:[a\' TO "b c"]',
])('of %j nothing but its shape is in the statement', async (text) => {
  const { readers, close } = await openDatabase(join(temporaryFolder(), 'a.db'));
  const condition = await compileQuery(readers, READ, text, parseQuery(text));
  const sql = condition.kind === 'sql' ? condition.sql : '';
  expect(
    sql.replaceAll(
      /lower\(t\.(text|name)\)|' '|instr|glob|and|or|not|1 = 0|> 0|>= 2|[<>=]+|\?|\|\||[+,()\s]/g,
      '',
    ),
  ).toBe('');
  await close();
});
