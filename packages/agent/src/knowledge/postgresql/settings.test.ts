import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { databaseFolder } from './data-directory.js';
import { INCLUDE_DEPTH_MAX, postgresqlBoolean, postgresqlSettings } from './settings.js';

const FOLDER = '/var/db/msyspg';
const MAIN = `${FOLDER}/postgresql.conf`;
let tree: TestTree;
beforeEach(() => {
  tree = new TestTree();
});
afterEach(() => tree.remove());

function read(main: string, others: Readonly<Record<string, string>> = {}) {
  tree.put(MAIN, main);
  for (const [name, text] of Object.entries(others)) tree.put(`${FOLDER}/${name}`, text);
  return postgresqlSettings(tree.files, FOLDER);
}

test.each<[string, string | null]>([
  ['ssl = on', 'on'],
  ['SSL=on', 'on'],
  ['  ssl on', 'on'],
  ["ssl = 'on'", 'on'],
  ['ssl = on # since 2014', 'on'],
  ['ssl = on\r', 'on'],
  ["ssl = 'a # b'", 'a # b'],
  ["ssl = 'it''s'", "it's"],
  ["ssl = 'it\\'s'", "it's"],
  ["ssl = ''", ''],
  ['#ssl = on', null],
  ['sslx = on', null],
  ['ssl', null],
])('%s', (line, value) => {
  expect(read(`${line}\n`).get('ssl')?.value ?? null).toBe(value);
});

describe('several places that set the same', () => {
  test('the last line counts, and is told', () => {
    expect(read('ssl = off\n\nssl = on\n').get('ssl')).toEqual({ value: 'on', file: MAIN, line: 3 });
  });

  test('an included file counts where it is included', () => {
    const others = { 'a.conf': 'ssl = on\nport = 1\n', 'd/1.conf': 'port = 2\n', 'd/2.txt': 'port = 3\n' };
    const settings = read(
      "ssl = off\ninclude 'a.conf'\ninclude_dir = 'd'\ninclude_if_exists 'none'\n",
      others,
    );
    expect(settings.get('ssl')).toEqual({ value: 'on', file: `${FOLDER}/a.conf`, line: 1 });
    expect(settings.get('port')?.value).toBe('2');
    expect(settings.unread).toEqual([]);
  });

  test('postgresql.auto.conf comes last', () => {
    const settings = read('ssl = on\n', { 'postgresql.auto.conf': "ssl = 'off'\n" });
    expect(settings.get('ssl')).toMatchObject({ value: 'off', file: `${FOLDER}/postgresql.auto.conf` });
  });
});

describe('what could not be read is told', () => {
  test('an include that is not there', () => {
    expect(read("include 'none.conf'\n").unread).toEqual([
      { path: `${FOLDER}/none.conf`, problem: 'missing' },
    ]);
  });

  test('no postgresql.conf', () => {
    expect(postgresqlSettings(tree.files, FOLDER).unread).toEqual([{ path: MAIN, problem: 'missing' }]);
  });

  test(`a file that includes itself, after ${INCLUDE_DEPTH_MAX} times`, () => {
    expect(read("include 'postgresql.conf'\n").unread).toEqual([{ path: MAIN, problem: 'too-many' }]);
  });
});

test.each([
  ...['on', 'ON', 't', 'tr', 'true', 'y', 'yes', '1'].map((text) => [text, true] as const),
  ...['of', 'off', 'f', 'false', 'n', 'no', '0'].map((text) => [text, false] as const),
  ...['', 'o', 'maybe', 'truee', '2'].map((text) => [text, null] as const),
])('the boolean "%s" is %s', (text, value) => {
  expect(postgresqlBoolean(text)).toBe(value);
});

describe('the data folder', () => {
  test('is the documented one where its settings stand there', () => {
    tree.put(MAIN);
    tree.put('/etc/init.d/msyspg', 'PGDATA=/elsewhere\n');
    expect(databaseFolder(tree.files)).toBe(FOLDER);
  });

  test.each([
    ['PGDATA="/srv/pg"\n', '/srv/pg'],
    ['#!/bin/sh\nexport PGDATA=/srv/pg/\n', '/srv/pg'],
    ['su - msyspg -c "pg_ctl start -D \'/srv/pg\' -l log"\n', '/srv/pg'],
    ['PGDATA="$HOME/pg"\n', FOLDER],
    ['echo no folder here\n', FOLDER],
  ])('otherwise the one that the start script names: %j', (script, folder) => {
    tree.put('/etc/init.d/msyspg', script);
    expect(databaseFolder(tree.files)).toBe(folder);
  });
});
