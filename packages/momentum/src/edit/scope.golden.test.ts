import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configOf, type Files, MAIN, scope, textAfter } from '../../testing/configuration.js';
import { addScope, removeScope } from './scope.js';

const add = (before: string | Files, path: string) => addScope(configOf(before), scope(path));
const remove = (before: string | Files, path: string) => removeScope(configOf(before), scope(path));
const UNCHANGED = { ok: true, unchanged: true, files: [] };

describe('a scope that is added', () => {
  test.each([
    ['a module, in an empty file', '', 'securecreds', 'securecreds {\n}\n'],
    [
      'at the end, not beside the options',
      'A = 1\nB { }\n',
      'securecreds',
      'A = 1\nB { }\nsecurecreds {\n}\n',
    ],
    ['after a last line without a line feed', 'A = 1', 'securecreds', 'A = 1\nsecurecreds {\n}\n'],
    ['with CRLF', 'A = 1\r\n', 'securecreds', 'A = 1\r\nsecurecreds {\r\n}\r\n'],
    ['with a name', '', 'domain "d\\', 'domain "\\"d\\\\" {\n}\n'],
    [
      'with the scope around it',
      '',
      'ESMTP_Listener > Listen :25',
      'ESMTP_Listener {\n  Listen ":25" {\n  }\n}\n',
    ],
    [
      'in the scope around it',
      'ESMTP_Listener {\n\tA = 1\n}\n',
      'ESMTP_Listener > Listen :25',
      'ESMTP_Listener {\n\tA = 1\n\tListen ":25" {\n\t}\n}\n',
    ],
    [
      'in a scope of one line',
      'ESMTP_Listener { A = 1 }\n',
      'ESMTP_Listener > Listen :25',
      'ESMTP_Listener { A = 1\n  Listen ":25" {\n  }\n}\n',
    ],
    [
      'in a binding that stands in its group',
      'binding_group g {\n  binding b {\n  }\n}\n',
      'binding b > domain d.test',
      'binding_group g {\n  binding b {\n    domain "d.test" {\n    }\n  }\n}\n',
    ],
    [
      'a name beside one in other letters',
      'binding B { }\n',
      'binding b',
      'binding B { }\nbinding "b" {\n}\n',
    ],
    [
      'an instance of a module beside another',
      'logger "a" { enabled = false }\n',
      'logger b',
      'logger "a" { enabled = false }\nlogger "b" {\n}\n',
    ],
  ])('%s', (_name, before, path, after) => {
    const result = add(before, path);
    expect(result).toMatchObject({ ok: true, unchanged: false });
    expect(textAfter(before, result)).toBe(after);
    expect(add(after, path)).toEqual(UNCHANGED);
  });

  test.each([
    ['it is there', 'binding b { }\n', 'binding b'],
    ['it is there in other letters', 'ESMTP_Listener { Listen "*:25" { } }\n', 'esmtp_listener > listen :25'],
    ['it is there inside its group', 'binding_group g { binding b { } }\n', 'binding b'],
    ['an instance of the module is on', 'logger "a" { }\n', 'logger'],
  ])('nothing changes where %s', (_name, before, path) => {
    expect(add(before, path)).toEqual(UNCHANGED);
  });

  const PART = '/etc/part.conf';
  test.each([
    [
      'a module that is switched off',
      '\nlogger { enabled = off }\n',
      'logger',
      `${MAIN}:2 holds logger and switches it off with "enabled": set that instead`,
    ],
    ['the top level', '', '', 'the top level is always there: name a scope'],
    [
      'a scope around it that nothing closes',
      'binding b {\n',
      'binding b > domain d.test',
      `${MAIN} cannot be edited`,
    ],
    [
      'a scope around it in a file that is read-only',
      { [MAIN]: 'readonly_include "part.conf"\n', [PART]: 'binding b { }\n' },
      'binding b > domain d.test',
      `${PART} is read-only for Momentum: it is included by readonly_include, or more than once`,
    ],
    [
      'the same, two scopes deep',
      {
        [MAIN]: 'binding_group g { }\nreadonly_include "part.conf"\n',
        [PART]: 'binding_group g { binding b { } }\n',
      },
      'binding_group g > binding b > domain d.test',
      `${PART} is read-only for Momentum: it is included by readonly_include, or more than once`,
    ],
    ['a main file that is not there', {}, 'binding b', `${MAIN} cannot be edited`],
  ])('is refused: %s', (_name, before, path, why) => {
    expect(add(before as string | Files, path)).toEqual({ ok: false, why });
  });
});

describe('a scope that is removed', () => {
  test.each([
    ['its lines', 'A = 1\nbinding b {\n  TLS = no\n}\nB = 2\n', 'binding b', 'A = 1\nB = 2\n'],
    ['with CRLF', 'A = 1\r\nbinding b {\r\n}\r\nB = 2\r\n', 'binding b', 'A = 1\r\nB = 2\r\n'],
    ['at the end, without a line feed', 'A = 1\nbinding b { }', 'binding b', 'A = 1\n'],
    ['but not the comment behind', 'binding b { } # why\n', 'binding b', '# why\n'],
    ['but not the comment before', '# why\nbinding b { }\n', 'binding b', '# why\n'],
    ['every opening', 'binding b { }\nA = 1\nBINDING "b" { B = 1 }\n', 'binding b', 'A = 1\n'],
    [
      'but no other instance',
      'binding B { }\nbinding b { }\nbinding { }\n',
      'binding b',
      'binding B { }\nbinding { }\n',
    ],
    [
      'but not the scope around it',
      'binding_group g { binding b { } A = 1 }\n',
      'binding_group g > binding b',
      'binding_group g { A = 1 }\n',
    ],
    ['inside its group', 'binding_group g {\n  binding b { }\n}\n', 'binding b', 'binding_group g {\n}\n'],
  ])('%s', (_name, before, path, after) => {
    expect(textAfter(before, remove(before, path))).toBe(after);
    expect(remove(after, path)).toEqual(UNCHANGED);
  });

  test('every file that opens it is edited', () => {
    const files = {
      [MAIN]: 'binding b { }\ninclude "part.conf"\n',
      '/etc/part.conf': 'A = 1\nbinding b { }\n',
    };
    const result = remove(files, 'binding b');
    expect(result).toMatchObject({ ok: true, unchanged: false, files: { length: 2 } });
    expect(textAfter('', result)).toBe('include "part.conf"\n');
    expect(textAfter('', result, '/etc/part.conf')).toBe('A = 1\n');
  });

  test.each([
    ['the top level', 'A = 1\n', '', 'the top level cannot be removed: name a scope'],
    [
      'one that nothing closes',
      'binding b { }\nbinding b {\n',
      'binding b',
      `${MAIN}:2 opens it and nothing closes it: mend that first`,
    ],
    [
      'one in a file that is read-only',
      { [MAIN]: 'binding b { }\nreadonly_include "part.conf"\n', '/etc/part.conf': '\nbinding b { }\n' },
      'binding b',
      '/etc/part.conf:2 opens it, and /etc/part.conf is read-only for Momentum: it is included by readonly_include, or more than once',
    ],
  ])('is refused: %s', (_name, before, path, why) => {
    expect(remove(before as string | Files, path)).toEqual({ ok: false, why });
  });
});

test('a scope that is added and removed gives the old text back, with a line feed at its end', () => {
  const line = fc.constantFrom('A = 1', '# x', '', 'domain d.test {\n  TLS = no\n}', 'logger "a" { B = 1 }');
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean(), (lines, eol, ends) => {
      const before = (lines.join('\n') + (ends && lines.length > 0 ? '\n' : '')).replaceAll('\n', eol);
      const added = textAfter(before, add(before, 'binding b'));
      const gap = before === '' || before.endsWith('\n') ? '' : added.includes('\r\n') ? '\r\n' : '\n';
      expect(textAfter(added, remove(added, 'binding b'))).toBe(before + gap);
    }),
    { numRuns: 200 },
  );
});
