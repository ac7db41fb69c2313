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
