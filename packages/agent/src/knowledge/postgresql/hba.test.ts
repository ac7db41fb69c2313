import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestTree } from '../../../testing/tree.js';
import { HBA_LINES_MAX, plainAccess } from './hba.js';

const PATH = '/var/db/msyspg/pg_hba.conf';
let tree: TestTree;
beforeEach(() => {
  tree = new TestTree();
});
afterEach(() => tree.remove());

test.each<[string, boolean]>([
  ['host all all 192.0.2.0/24 md5', true],
  ['host all all 0.0.0.0/0 trust', true],
  ['hostnossl all all ::/0 md5', true],
  ['host all all 192.0.2.0 255.255.255.0 md5', true],
  ['host all all samenet md5', true],
  ['host all all db.example.com md5', true],
  ['hostssl all all 192.0.2.0/24 md5', false],
  ['local all msyspg trust', false],
  ['host all all 127.0.0.1/32 md5', false],
  ['host all all 127.0.0.1 255.255.255.255 md5', false],
  ['host all all ::1/128 md5', false],
  ['host all all samehost md5', false],
  ['host all all 192.0.2.0/24 reject', false],
  ['host all all 192.0.2.0 255.255.255.0 reject', false],
  ['# host all all 192.0.2.0/24 md5', false],
  ['', false],
])('%s', (line, isPlain) => {
  tree.put(PATH, `# first\n${line}\n`);
  const { lines, unread } = plainAccess(tree.files, PATH, 15);
  expect(unread).toBeNull();
  expect(lines.map(({ at }) => at)).toEqual(isPlain ? [{ file: PATH, line: 2 }] : []);
});

test('a file that is not there is told, not taken for empty', () => {
  expect(plainAccess(tree.files, PATH, 15)).toEqual({
    lines: [],
    unread: `${PATH} could not be read (missing)`,
  });
});

test(`${HBA_LINES_MAX} lines are read; of more it is told that they are not`, () => {
  tree.put(PATH, 'hostssl all all all md5\n'.repeat(HBA_LINES_MAX));
  expect(plainAccess(tree.files, PATH, 15)).toEqual({ lines: [], unread: null });
  tree.put(PATH, 'hostssl all all all md5\n'.repeat(HBA_LINES_MAX + 1));
  expect(plainAccess(tree.files, PATH, 15).unread).toBe(`${PATH} has more than ${HBA_LINES_MAX} lines`);
});

test('lines that are too many to compare are told of, and cost no time', () => {
  const names = (letter: string) => Array.from({ length: 100 }, (_, at) => `${letter}${at}`).join();
  tree.put(PATH, `host ${names('d')} ${names('u')} 10.0.0.0/8 md5\n`.repeat(60));
  expect(plainAccess(tree.files, PATH, 15).unread).toContain('more lines than can be compared');
});

test('a list that names itself ends', () => {
  tree.put('/var/db/msyspg/list', 'a @list\n');
  tree.put(PATH, 'host @list all all reject\n');
  expect(plainAccess(tree.files, PATH, 15).unread).toContain('too-many');
});
