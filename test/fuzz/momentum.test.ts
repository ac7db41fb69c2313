import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { check } from '../../tools/fuzz/checks.mjs';
import { damaged, generated } from '../../tools/fuzz/inputs.mjs';

const CONF = fileURLToPath(new URL('../../packages/momentum/testing/conf', import.meta.url));
const COUNT = 2_000;

const texts = readdirSync(CONF, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.conf'))
  .map((path) => readFileSync(join(CONF, path), 'utf8'));

function faults(textOf: (n: number) => string): string[] {
  return Array.from({ length: COUNT }, (_, n) => n).flatMap((n) => {
    try {
      check(textOf(n));
      return [];
    } catch (error) {
      return [`${n}: ${String(error)}`];
    }
  });
}

test('whatever is put together from the pieces of the language', () => {
  expect(faults((n) => generated(20_261_127, n))).toEqual([]);
});

test('whatever becomes of a real configuration', () => {
  expect(texts.length).toBeGreaterThan(5);
  expect(faults((n) => damaged(20_261_127, n, texts))).toEqual([]);
});
