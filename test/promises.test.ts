import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REPOSITORY } from './arch/imports.js';

/** The rows of the page's table of promises: the promise, and the files that it says hold it. */
function promises(): { promise: string; files: string[] }[] {
  const page = readFileSync(join(REPOSITORY, 'docs/architecture.md'), 'utf8');
  const section = page.split(/^## /m).find((part) => part.startsWith('Promises'));
  return (section ?? '')
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|( promise |---)/.test(line))
    .map((line) => {
      const [promise = '', holders = ''] = line
        .split('|')
        .slice(1)
        .map((cell) => cell.trim());
      return { promise, files: [...holders.matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? '') };
    });
}

test('there are promises', () => {
  expect(promises().length).toBeGreaterThan(5);
});

describe.each(promises())('the promise "$promise"', ({ files }) => {
  test('names the tests that hold it, and they are there', () => {
    expect(files.length).toBeGreaterThan(0);
    const gone = files.filter((path) => !/\.test\.tsx?$/.test(path) || !isFile(join(REPOSITORY, path)));
    expect(gone).toEqual([]);
    const empty = files.filter((path) => !/\b(test|it)\b/.test(readFileSync(join(REPOSITORY, path), 'utf8')));
    expect(empty).toEqual([]);
  });
});

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
