import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPage, tableWith } from '../testing/page.js';

/** Every `const ..._MAX = number` of some folders of the source. */
function boundsIn(...folders: readonly string[]) {
  const texts = folders.flatMap((folder) =>
    readdirSync(new URL(folder, import.meta.url))
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(new URL(`${folder}/${name}`, import.meta.url), 'utf8')),
  );
  return texts
    .flatMap((text) => [...text.matchAll(/^(export )?const ([A-Z_]+_MAX) = ([\d_ *]+);/gm)])
    .map(([, exported, name = '', product = '']) => ({
      isExported: exported !== undefined,
      name,
      number: product.split('*').reduce((value, part) => value * Number(part.replaceAll('_', '')), 1),
    }));
}

describe.each([
  ['grammar.md', boundsIn('lex', 'syntax', 'files')],
  ['evaluation.md', boundsIn('evaluate')],
])('the table of bounds of %s', (name, declared) => {
  const bounds = tableWith(readPage(name), 'bound', 'constant', 'number', 'beyond it');

  test.each(bounds.map((row) => [row['constant'], row['number']]))('%s is %s', (constant, number) => {
    const numbers = declared.filter((one) => one.name === constant).map((one) => one.number);
    expect(numbers).toEqual([Number(number)]);
  });

  test('has each bound that is exported', () => {
    const exported = declared.filter(({ isExported }) => isExported).map((one) => one.name);
    expect(exported.length).toBeGreaterThan(2);
    expect(bounds.map((row) => row['constant'])).toEqual(expect.arrayContaining(exported));
  });
});
