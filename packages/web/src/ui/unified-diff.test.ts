import { describe, expect, test } from 'vitest';
import { besides, readDiff } from './unified-diff.js';

const DIFF = `--- a/ecelerity.conf
+++ b/ecelerity.conf
@@ -3,4 +3,5 @@
 Binding "b" {
-  TLS_Protocols = "+ALL"
+  TLS_Protocols = "+ALL:-SSLv2:-SSLv3"
+  TLS = "required"
 }
-# -- end
+# ++ end
\\ No newline at end of file
`;

describe('a unified diff', () => {
  const [hunk, ...others] = readDiff(DIFF);

  test('is read as lines with their numbers on both sides', () => {
    expect(others).toEqual([]);
    expect(hunk?.lines.map((l) => [l.kind, l.before, l.after, l.text])).toEqual([
      ['same', 3, 3, 'Binding "b" {'],
      ['removed', 4, null, '  TLS_Protocols = "+ALL"'],
      ['added', null, 4, '  TLS_Protocols = "+ALL:-SSLv2:-SSLv3"'],
      ['added', null, 5, '  TLS = "required"'],
      ['same', 5, 6, '}'],
      ['removed', 6, null, '# -- end'],
      ['added', null, 7, '# ++ end'],
    ]);
  });

  test('stands side by side with what replaced what', () => {
    expect(
      besides(hunk?.lines ?? []).map(({ left, right }) => [left?.before ?? null, right?.after ?? null]),
    ).toEqual([
      [3, 3],
      [4, 4],
      [null, 5],
      [5, 6],
      [6, 7],
    ]);
  });

  test('that is empty has no hunks', () => {
    expect(readDiff('')).toEqual([]);
  });

  test('a removed line that looks like a file header is still a removed line', () => {
    expect(readDiff('@@ -1 +1 @@\n--- old\n+++ new\n')[0]?.lines.map((l) => l.text)).toEqual([
      '-- old',
      '++ new',
    ]);
  });
});
