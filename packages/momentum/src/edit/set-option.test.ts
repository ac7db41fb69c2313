import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configOf } from '../../testing/configuration.js';
import { evaluate } from '../evaluate/evaluate.js';
import type { EditResult } from './result.js';
import { setOption, unsetOption } from './set-option.js';

const OPTION = 'TLS_Ciphers';

const line = fc.constantFrom(
  '# a comment',
  '',
  'Server_Name = "mta1"',
  'TLS_Ciphers = "HIGH"',
  '  tls_ciphers="LOW"  # why',
  'TLS_Key = /etc/key.pem',
  'binding "bulk" {\n  TLS_Ciphers = "MEDIUM"\n}',
  'domain "example.com" { TLS = required }',
  '/* TLS_Ciphers = "in a comment" */',
);
const source = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, eol, ends]) => lines.join('\n').replaceAll('\n', eol) + (ends ? eol : ''));
const value = fc.oneof(
  fc.constantFrom('HIGH:!aNULL', 'a "quoted" word', 'a # b', "it's", '{', '\\', '', 'é', '10', 'true'),
  // A value that begins with a bracket is a list as it is written, whose text has other blanks.
  fc.string({ maxLength: 12 }).filter((text) => !/^\s*[([]/.test(text)),
);
const scope = fc.constantFrom(
  [],
  [{ type: 'binding', name: 'bulk' }],
  [{ type: 'domain', name: 'new.test' }],
);

/** What is outside the edits is as it was. */
function outsideIsKept(result: EditResult): void {
  if (!result.ok) return;
  for (const { before, after, edits } of result.files) {
    const [edit] = edits;
    if (!edit || edits.length !== 1) continue;
    expect(after.startsWith(before.slice(0, edit.start))).toBe(true);
    expect(after.endsWith(before.slice(edit.end))).toBe(true);
    expect(after.length).toBe(before.length - (edit.end - edit.start) + edit.content.length);
  }
}

describe('setting an option', () => {
  test('touches its own bytes only, evaluates to what was asked or refuses, and twice is once', () => {
    let done = 0;
    fc.assert(
      fc.property(source, scope, value, (before, path, wanted) => {
        const result = setOption(configOf(before), path, OPTION, wanted);
        outsideIsKept(result);
        if (!result.ok) return;
        done += 1;
        const after = result.unchanged ? before : (result.files[0]?.after ?? '');
        const config = configOf(after);
        expect(evaluate(config, path, OPTION)).toMatchObject({ text: wanted, indeterminate: false });
        expect(setOption(config, path, OPTION, wanted)).toMatchObject({ unchanged: true });
      }),
      { numRuns: 1_500 },
    );
    expect(done).toBeGreaterThan(500);
  });
});

describe('unsetting an option', () => {
  test('leaves none of it in that scope, and everything else', () => {
    fc.assert(
      fc.property(source, (before) => {
        const result = unsetOption(configOf(before), [], OPTION);
        expect(result.ok).toBe(true);
        if (!result.ok || result.unchanged) return;
        const after = result.files[0]?.after ?? '';
        expect(evaluate(configOf(after), [], OPTION).set).toBe(false);
        expect(evaluate(configOf(after), [{ type: 'binding', name: 'bulk' }], OPTION).text).toBe(
          evaluate(configOf(before), [{ type: 'binding', name: 'bulk' }], OPTION).set &&
            before.includes('MEDIUM')
            ? 'MEDIUM'
            : evaluate(configOf(after), [], OPTION).text,
        );
      }),
      { numRuns: 500 },
    );
  });
});
