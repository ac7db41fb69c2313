import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configOf, type Files, MAIN, scope, textAfter } from '../../testing/configuration.js';
import { evaluate } from '../evaluate/evaluate.js';
import { loadConfig } from '../files/load.js';
import { setOption, unsetOption } from './set-option.js';

const unset = (before: string | Files, path: string) => unsetOption(configOf(before), scope(path), 'TLS');

describe('unsetOption', () => {
  test.each([
    ['the whole line, with its line feed', 'A = 1\nTLS = no\nB = 2\n', '', 'A = 1\nB = 2\n'],
    ['an indented line', 'A = 1\n  TLS = no  \nB = 2\n', '', 'A = 1\nB = 2\n'],
    ['the first line', 'TLS = no\nB = 2\n', '', 'B = 2\n'],
    ['the last line without a line feed', 'A = 1\nTLS = no', '', 'A = 1\n'],
    ['a line that ends with CRLF', 'A = 1\r\nTLS = no\r\nB = 2\r\n', '', 'A = 1\r\nB = 2\r\n'],
    ['a line between blank ones', 'A = 1\n\nTLS = no\n\nB = 2\n', '', 'A = 1\n\n\nB = 2\n'],
    ['a value of several lines', 'A = 1\nTLS = (\n  a\n)\nB = 2\n', '', 'A = 1\nB = 2\n'],
    ['but not the comment behind', 'A = 1\nTLS = no  # why\nB = 2\n', '', 'A = 1\n# why\nB = 2\n'],
    ['but not the comment before', '/* why */ TLS = no\nB = 2\n', '', '/* why */ \nB = 2\n'],
    ['but not what else stands on the line', 'A = 1 TLS = no\tB = 2\n', '', 'A = 1 B = 2\n'],
    ['in a scope of one line', 'binding b { TLS = no A = 1 }\n', 'binding b', 'binding b { A = 1 }\n'],
    ['alone in a scope of one line', 'binding b { TLS = no }\n', 'binding b', 'binding b { }\n'],
    ['alone in a scope', 'binding b {\n  TLS = no\n}\n', 'binding b', 'binding b {\n}\n'],
    ['every one in the scope', 'TLS = no\nA = 1\ntls = yes\nTls=no\n', '', 'A = 1\n'],
    [
      'in every opening of the scope',
      'binding b { TLS = no }\nTLS = no\nbinding b {\n  TLS = no\n}\n',
      'binding b',
      'binding b { }\nTLS = no\nbinding b {\n}\n',
    ],
    ['but not in a narrower scope', 'TLS = no\nbinding b { TLS = no }\n', '', 'binding b { TLS = no }\n'],
    ['but not another option', 'TLS_Key = /k\nTLS = no\nTLSX = 1\n', '', 'TLS_Key = /k\nTLSX = 1\n'],
    [
      'in the binding inside its group',
      'binding_group g { TLS = no binding b { TLS = no } }\n',
      'binding b',
      'binding_group g { TLS = no binding b { } }\n',
    ],
  ])('takes out: %s', (_name, before, path, after) => {
    const result = unset(before, path);
    expect(textAfter(before, result)).toBe(after);
    expect(unset(after, path)).toEqual({ ok: true, unchanged: true, files: [] });
  });

  test('takes it out of every file that sets it', () => {
    const files = { [MAIN]: 'TLS = no\nA = 1\ninclude "part.conf"\n', '/etc/part.conf': 'TLS = no\nB = 1\n' };
    const result = unset(files, '');
    expect(textAfter('', result)).toBe('A = 1\ninclude "part.conf"\n');
    expect(textAfter('', result, '/etc/part.conf')).toBe('B = 1\n');
    expect(result).toMatchObject({ ok: true, unchanged: false, files: { length: 2 } });
  });

  test.each([
    ['nothing sets it', '', ''],
    ['another scope sets it', 'binding b { TLS = no }\n', ''],
    ['the scope is not there', 'TLS = no\n', 'binding b'],
    ['a comment sets it', '# TLS = no\n', ''],
  ])('changes nothing where %s', (_name, before, path) => {
    expect(unset(before, path)).toEqual({ ok: true, unchanged: true, files: [] });
  });

  test('refuses where one of the files is read-only, whichever it is', () => {
    const files = {
      [MAIN]: 'TLS = no\nreadonly_include "part.conf"\n',
      '/etc/part.conf': 'A = 1\nTLS = no\n',
    };
    expect(unset(files, '')).toEqual({
      ok: false,
      why: '/etc/part.conf:2 sets it, and /etc/part.conf is read-only for Momentum: it is included by readonly_include, or more than once',
    });
  });
});

test('an option whose loss makes the configuration invalid is left', () => {
  // Without it the default is Local_Changes_File, which is included here (conf.ref.local_changes_file).
  const main = '/etc/conf/default/ecelerity.conf';
  const files: Files = {
    [main]: 'Local_Changes_File = /etc/mine.conf\ninclude "/etc/local_changes.conf"\n',
    '/etc/local_changes.conf': 'A = 1\n',
  };
  const config = loadConfig(
    {
      read: (path) => {
        const text = files[path];
        return text === undefined ? { ok: false, problem: 'missing', detail: '' } : { ok: true, text };
      },
      list: () => null,
    },
    main,
  );
  expect(unsetOption(config, [], 'Local_Changes_File')).toEqual({
    ok: false,
    why: `the text around ${main}:1 does not allow it: change it by hand`,
  });
});

const LINES = [
  'A = 1',
  '# TLS = no',
  'TLS = no',
  '  tls = required',
  'TLS = "ifavailable"  # why',
  'TLS_Key = /k',
  'binding b {',
  '}',
  'domain d.test {',
];

/** Lines that are balanced: a brace closes only what is open, and what is open is closed at the end. */
const source = fc.array(fc.constantFrom(...LINES), { maxLength: 14 }).map((lines) => {
  let depth = 0;
  const balanced = lines.filter((line) => {
    if (line === '}') depth -= 1;
    else if (line.endsWith('{')) depth += 1;
    if (depth >= 0) return true;
    depth = 0;
    return false;
  });
  return [...balanced, ...Array.from({ length: depth }, () => '}')];
});
const PATHS = ['', 'binding b', 'domain d.test', 'binding b > domain d.test'];

/** The same lines without those that set TLS right in the scope. */
function without(lines: readonly string[], path: string): string[] {
  const open: string[] = [];
  return lines.filter((line) => {
    if (line === '}') open.pop();
    else if (line.endsWith('{')) open.push(line.slice(0, -2));
    return !(open.join(' > ') === path && /^\s*tls =/i.test(line));
  });
}

describe('unset, then asked', () => {
  test('every scope has what it would have without those lines', () => {
    fc.assert(
      fc.property(source, fc.constantFrom(...PATHS), (lines, path) => {
        const before = lines.map((line) => `${line}\n`).join('');
        const after = configOf(textAfter(before, unset(before, path)));
        const expected = configOf(`${without(lines, path).join('\n')}\n`);
        for (const asked of PATHS.map(scope))
          expect(evaluate(after, asked, 'TLS').text).toBe(evaluate(expected, asked, 'TLS').text);
      }),
      { numRuns: 400 },
    );
  });

  test('an option that was new gives the old text back, in a scope of several lines that is there', () => {
    // Elsewhere something stays: a scope that came with it, a brace on its own line, a final line feed.
    fc.assert(
      fc.property(source, fc.constantFrom('\n', '\r\n'), (lines, eol) => {
        const before = ['A = 1', ...lines, 'binding b {', '}'].map((line) => line + eol).join('');
        for (const path of ['', 'binding b']) {
          const set = setOption(configOf(before), scope(path), 'TLS_CA', '/ca.pem');
          const between = textAfter(before, set);
          expect(between).not.toBe(before);
          const back = unsetOption(configOf(between), scope(path), 'TLS_CA');
          expect(textAfter(between, back)).toBe(before);
        }
      }),
      { numRuns: 200 },
    );
  });
});
