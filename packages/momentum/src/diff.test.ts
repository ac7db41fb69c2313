import { applyPatch } from 'diff';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from './diff.js';

test('no difference is no text', () => {
  expect(unifiedDiff('/etc/a.conf', 'A = 1\n', 'A = 1\n')).toBe('');
});

test.each(['/etc/a.conf', 'etc/a.conf'])('a difference of %s stands with three lines around it', (path) => {
  const lines = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
  const before = `${lines.join('\n')}\n`;
  expect(unifiedDiff(path, before, before.replace('5', 'five'))).toBe(
    [
      '--- a/etc/a.conf',
      '+++ b/etc/a.conf',
      '@@ -2,7 +2,7 @@',
      ' 2',
      ' 3',
      ' 4',
      '-5',
      '+five',
      ' 6',
      ' 7',
      ' 8',
      '',
    ].join('\n'),
  );
});

/** A site of scopes, each of which has one line like those of the others. */
const site = (value: string) =>
  Array.from({ length: 2000 }, (_, n) => `Binding "b${n}" {\n  A = ${value}\n  B = 2\n}\n`).join('');

test('thousands of changes are told line by line, each with its context', () => {
  const [before, after] = [site('1'), site('one')];
  const patch = unifiedDiff('/m', before, after);
  expect(patch.match(/^-/gm)).toHaveLength(2001);
  expect(patch.match(/^\+/gm)).toHaveLength(2001);
  expect(applyPatch(before, patch)).toBe(after);
});

test('changes that are far apart are hunks of their own', () => {
  const lines = Array.from({ length: 6000 }, (_, n) => `${n}\n`);
  const before = lines.join('');
  const after = lines.map((line, n) => (n % 20 === 10 ? `new ${line}` : line)).join('');
  const patch = unifiedDiff('/m', before, after);
  expect(patch.match(/^@@/gm)).toHaveLength(300);
  expect(patch).toContain('@@ -8,7 +8,7 @@\n 7\n 8\n 9\n-10\n+new 10\n 11\n');
  expect(applyPatch(before, patch)).toBe(after);
});

test('a block longer than is looked ahead, beyond the changes for which the fewest lines are sought', () => {
  const [before, after] = [`${'x\n'.repeat(10)}${site('1')}`, `${'y\n'.repeat(100)}${site('one')}no end`];
  expect(applyPatch(before, unifiedDiff('/m', before, after))).toBe(after);
});

test('whatever the two texts are, the patch makes one of the other', () => {
  const line = fc.constantFrom('a\n', 'b\n', '}\n', '\n', 'c {\n', 'd\r\n');
  const text = fc
    .tuple(fc.array(line, { maxLength: 900 }), fc.constantFrom('', 'end'))
    .map(([lines, last]) => `${lines.join('')}${last}`);
  fc.assert(
    fc.property(text, text, (before, after) => {
      if (before !== after) expect(applyPatch(before, unifiedDiff('/m', before, after))).toBe(after);
    }),
  );
});
