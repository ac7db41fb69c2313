import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../testing/server.js';
import { FINDING_WORDS } from '../finding-search.js';
import { openDatabase } from '../open.js';
import { PART_WORDS, Vocabulary } from './vocabulary.js';

const NODE = {
  ...{ id: 'nod_1', name: 'mta1.example.com', group_name: 'core', enrolled_at: 1, certificate_serial: 's' },
  ...{ certificate_not_after: 1, public_jwk_json: '{}' },
};
const finding = (n: number, summary: string, found: string) => ({
  ...{ id: `fnd_${n}`, node_id: 'nod_1', control: 'MOM-TLS-001', subject: `listener ${n}`, severity: 'high' },
  ...{ state: 'open', title: 'Protocols', summary, verdict_json: JSON.stringify({ found }), opened_at: 1 },
  updated_at: 1,
});

async function setUp() {
  const { readers, writer, close } = await openDatabase(join(temporaryFolder(), 'a.db'));
  onTestFinished(close);
  await writer('nodes').insert(NODE);
  /** What the index itself says. */
  const indexed = async () =>
    (await readers('finding_vocabulary').select('term')).map(({ term }) => String(term));
  return { readers, writer, indexed };
}

async function wordsIn(vocabulary: Vocabulary): Promise<string[]> {
  const words: string[] = [];
  for await (const part of vocabulary.parts()) words.push(...part);
  return words.sort();
}

test('the words at hand are those of the index, whatever comes to it', async () => {
  const { readers, writer, indexed } = await setUp();
  await writer('findings').insert(finding(1, 'SSLv3 is offered', 'a\n"quoted" path/to/file.key'));
  const vocabulary = new Vocabulary(readers, FINDING_WORDS);
  expect(await wordsIn(vocabulary)).toEqual((await indexed()).sort());
  await writer('findings').insert(finding(2, 'Größe Ünïcode naïve', 'über\nzwölf {"x":1}'));
  expect(await wordsIn(vocabulary)).toEqual((await indexed()).sort());
  await writer('findings').where({ id: 'fnd_1' }).update({ summary: 'reworded entirely' });
  await writer('nodes').update({ name: 'renamed.example.com' });
  // What has gone from the index may be left.
  expect(await wordsIn(vocabulary)).toEqual(expect.arrayContaining(await indexed()));
  expect(await wordsIn(vocabulary)).toEqual(expect.arrayContaining(['entirely', 'renamed']));
});

test('what a transaction took back is not known, and what another commits under its number is', async () => {
  const { readers, writer } = await setUp();
  const vocabulary = new Vocabulary(readers, FINDING_WORDS);
  await wordsIn(vocabulary);
  await writer
    .transaction(async (trx) => {
      await trx('findings').insert(finding(1, 'taken back', ''));
      await wordsIn(vocabulary);
      throw new Error('taken back');
    })
    .catch(() => undefined);
  await writer('findings').insert(finding(2, 'committed', ''));
  const words = await wordsIn(vocabulary);
  expect(words).toContain('committed');
  expect(words).not.toContain('taken');
});

test('changes that are no longer known are made good by reading all words anew; so many changes are kept', async () => {
  const { readers, writer, indexed } = await setUp();
  await writer('findings').insert(finding(1, 'first', ''));
  const vocabulary = new Vocabulary(readers, FINDING_WORDS);
  await wordsIn(vocabulary);
  await writer('findings').where({ id: 'fnd_1' }).update({ summary: 'missed' });
  await writer.raw(`with recursive n(n) as (select 1 union all select n + 1 from n where n < 12000)
    insert into finding_changes (finding) select -1 from n`);
  const [{ kept }] = (await readers.raw('select count(*) as kept from finding_changes')) as [
    { kept: number },
  ];
  expect(kept).toBeGreaterThanOrEqual(10_000);
  expect(kept).toBeLessThanOrEqual(11_000);
  expect(await wordsIn(vocabulary)).toEqual((await indexed()).sort());
});

test('a turn looks through so many words; of more than may be kept none is, and all are still looked through', async () => {
  const { readers, writer, indexed } = await setUp();
  const many = PART_WORDS + 10;
  await writer.raw(
    `with recursive n(n) as (select 1 union all select n + 1 from n where n < ${many})
     insert into finding_words (rowid, title) select n, 'w' || n from n`,
  );
  const sizes: number[] = [];
  for await (const part of new Vocabulary(readers, FINDING_WORDS).parts()) sizes.push(part.length);
  expect(Math.max(...sizes)).toBe(PART_WORDS);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(many);
  const [kept, beyond] = [
    new Vocabulary(readers, FINDING_WORDS, many),
    new Vocabulary(readers, FINDING_WORDS, many - 1),
  ];
  for (const vocabulary of [kept, beyond])
    expect(await wordsIn(vocabulary)).toEqual((await indexed()).sort());
});
