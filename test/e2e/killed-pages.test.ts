import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const TOOL = join(import.meta.dirname, '../../tools/kills/server.mjs');

test('a server killed under load, also between a page and its record, loses nothing and owes no resolve', {
  timeout: 300_000,
}, () => {
  const counts = JSON.parse(
    execFileSync(process.execPath, [TOOL, '--short'], { encoding: 'utf8' }),
  ) as Record<string, number>;
  expect(counts).toMatchObject({ kills: 3, lost: 0, open: 0, pagesWithoutResolve: 0 });
  expect(counts.findings).toBe(counts.expected);
  expect(counts.pagesFired).toBeGreaterThan(20);
  expect(counts['a page is on its way']).toBe(1);
});
