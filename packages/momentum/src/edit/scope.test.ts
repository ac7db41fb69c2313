import { describe, expect, test } from 'vitest';
import { configOf, MAIN } from '../../testing/configuration.js';
import type { ScopeStep } from '../ast/scopes.js';
import { addScope, removeScope } from './scope.js';

const BULK: ScopeStep = { type: 'binding', name: 'bulk' };

function textAfter(before: string, result: ReturnType<typeof addScope>): string {
  if (!result.ok) throw new Error(result.why);
  return result.unchanged ? before : (result.files[0]?.after ?? '');
}

describe('addScope', () => {
  test('adds the scope with those around it that are missing, and the second time nothing', () => {
    const scope: ScopeStep[] = [BULK, { type: 'domain', name: 'example.com' }];
    const once = textAfter('', addScope(configOf(''), scope));
    expect(once.replace(/\s+/g, ' ').trim()).toMatch(
      /^binding "?bulk"? \{ domain "?example\.com"? \{ \} \}$/,
    );
    expect(addScope(configOf(once), scope)).toMatchObject({ ok: true, unchanged: true });
  });

  test('does not add a module that is there and switched off', () => {
    const result = addScope(configOf('securecreds { enabled = false }\n'), [
      { type: 'securecreds', name: null },
    ]);
    expect(result).toMatchObject({ ok: false, why: expect.stringContaining(`${MAIN}:1`) });
  });

  test('refuses the top level', () => {
    expect(addScope(configOf(''), [])).toMatchObject({ ok: false });
  });
});

describe('removeScope', () => {
  test('removes every opening with what stands in it, and nothing else', () => {
    const before = 'a = 1\nbinding "bulk" {\n  b = 2\n}\nc = 3\nbinding "bulk" { d = 4 }\n';
    const after = textAfter(before, removeScope(configOf(before), [BULK]));
    expect(after).toBe('a = 1\nc = 3\n');
    expect(removeScope(configOf(after), [BULK])).toMatchObject({ ok: true, unchanged: true });
  });

  test('refuses a scope that nothing closes', () => {
    expect(removeScope(configOf('binding "bulk" {\n  b = 2\n'), [BULK])).toMatchObject({
      ok: false,
      why: expect.stringContaining('nothing closes it'),
    });
  });
});
