import { expect, test } from 'vitest';
import { type Files, memory } from '../../testing/memory.js';
import type { Config } from './config.js';
import {
  FILES_MAX,
  INCLUDE_DEPTH_MAX,
  INCLUSIONS_MAX,
  loadConfig,
  STATEMENTS_MAX,
  TEXT_UNITS_MAX,
} from './load.js';

const MAIN = '/c/main';
const countOf = ({ parts }: Config) => parts.reduce((sum, { size }) => sum + size, 0);
const load = (files: Files) => loadConfig(memory(files), MAIN);

/** Files that include each other in a row, the main file counted. */
function row(length: number): Files {
  const name = (at: number) => (at === 0 ? MAIN : `/c/${at}`);
  const text = (at: number) => (at + 1 < length ? `a = ${at}\ns { include "${at + 1}" }` : 'a = last');
  return Object.fromEntries(Array.from({ length }, (_, at) => [name(at), text(at)]));
}

function folder(count: number, text: string): Files {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`/c/d/${at}`, text]));
}

function expectAtBound(files: Files, count: number): void {
  const config = load(files);
  expect(config.unread).toEqual([]);
  expect(config.diagnostics).toEqual([]);
  expect(config.files).toHaveLength(count);
}

test(`includes may nest ${INCLUDE_DEPTH_MAX} deep`, () => {
  expectAtBound(row(INCLUDE_DEPTH_MAX), INCLUDE_DEPTH_MAX);
});

test('one deeper is left out, told and recorded as unread for all scopes', () => {
  const config = load(row(INCLUDE_DEPTH_MAX + 1));
  const detail = `includes nest deeper than ${INCLUDE_DEPTH_MAX}`;
  const from = { file: `/c/${INCLUDE_DEPTH_MAX - 1}`, line: 2 };
  const path = `/c/${INCLUDE_DEPTH_MAX}`;
  expect(config.files).toHaveLength(INCLUDE_DEPTH_MAX);
  expect(config.unread).toEqual([
    { path, problem: 'too-many', detail, from, scope: [], order: 2 * INCLUDE_DEPTH_MAX },
  ]);
  expect(config.diagnostics).toEqual([
    {
      severity: 'error',
      code: 'bound',
      ...from,
      column: 1,
      message: `${detail}: ${path} is left out`,
      hint: null,
    },
  ]);
});

test(`there may be ${FILES_MAX} files`, () => {
  expectAtBound({ [MAIN]: 'include "d"', ...folder(FILES_MAX - 1, 'a = 1') }, FILES_MAX);
});

test('those beyond are left out and told once, but a known one is read again', () => {
  const config = load({ [MAIN]: 'include "d"\ninclude "d/0"\nb = 1', ...folder(FILES_MAX + 1, 'a = 1') });
  expect(config.files).toHaveLength(FILES_MAX);
  expect(config.unread).toMatchObject([
    { problem: 'too-many', detail: `more than ${FILES_MAX} files are included` },
  ]);
  expect(config.diagnostics).toMatchObject([{ code: 'bound', file: MAIN, line: 1 }]);
  expect(countOf(config)).toBe(FILES_MAX + 1);
});

const includes = (count: number) => `include "x"\n`.repeat(count);

test(`${INCLUSIONS_MAX} includes are carried out`, () => {
  const config = load({ [MAIN]: includes(INCLUSIONS_MAX - 1), '/c/x': 'a = 1' });
  expect(config).toMatchObject({ unread: [], diagnostics: [] });
  expect(countOf(config)).toBe(INCLUSIONS_MAX - 1);
});

test('and no more: what follows is read, and told once', () => {
  const config = load({ [MAIN]: `${includes(INCLUSIONS_MAX + 1)}b = 1`, '/c/x': 'a = 1' });
  const detail = `more than ${INCLUSIONS_MAX} includes are carried out`;
  expect(countOf(config)).toBe(INCLUSIONS_MAX);
  expect(config.unread).toMatchObject([{ path: '/c/x', detail, order: INCLUSIONS_MAX - 1 }]);
  expect(config.diagnostics).toMatchObject([{ code: 'bound', line: INCLUSIONS_MAX }]);
});

const PART = 1_000;
const many = (further: string) => ({
  [MAIN]: `${includes(STATEMENTS_MAX / PART)}${further}`,
  '/c/x': 'a = 1\n'.repeat(PART),
});

test(`${STATEMENTS_MAX} statements are read`, () => {
  const config = load(many(''));
  expect(config).toMatchObject({ unread: [], diagnostics: [] });
  expect(countOf(config)).toBe(STATEMENTS_MAX);
});

test('and no more', () => {
  const config = load(many('b = 1\nc = 1'));
  const detail = `more than ${STATEMENTS_MAX} statements`;
  expect(countOf(config)).toBe(STATEMENTS_MAX);
  expect(config.unread).toMatchObject([
    {
      path: MAIN,
      problem: 'too-many',
      detail,
      from: { file: MAIN, line: STATEMENTS_MAX / PART + 1 },
      order: STATEMENTS_MAX,
    },
  ]);
  expect(config.diagnostics).toMatchObject([{ code: 'bound', message: `${detail}: ${MAIN} is left out` }]);
});

test('files together may be as large as the bound, but no larger', () => {
  const text = 'include "x"\n#';
  const files = (units: number): Files => ({
    [MAIN]: `${text}${'x'.repeat(TEXT_UNITS_MAX - text.length - units)}`,
    '/c/x': 'a = 1',
  });
  const detail = `the files together are larger than ${TEXT_UNITS_MAX} characters`;
  expect(load(files(5))).toMatchObject({ unread: [], diagnostics: [], files: [{}, { path: '/c/x' }] });
  const beyond = load(files(4));
  expect(beyond.files).toHaveLength(1);
  expect(beyond.unread).toEqual([
    { path: '/c/x', problem: 'too-large', detail, from: { file: MAIN, line: 1 }, scope: [], order: 0 },
  ]);
});
