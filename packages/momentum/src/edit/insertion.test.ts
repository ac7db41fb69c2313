import { describe, expect, test } from 'vitest';
import { configOf, scope, textAfter } from '../../testing/configuration.js';
import { statementsOf } from '../../testing/statements.js';
import { evaluate } from '../evaluate/evaluate.js';
import { setOption } from './set-option.js';

const set = (before: string, path: string, option: string, value: string) =>
  textAfter(before, setOption(configOf(before), scope(path), option, value));

describe('a new option at the top level goes behind the last one, but never into what begins on its line', () => {
  test.each([
    ['alone on its line', 'A = 1\nbinding b { }\n', 'A = 1\nB = 2\nbinding b { }\n'],
    ['with a comment behind it', 'A = 1 # why\nbinding b { }\n', 'A = 1 # why\nB = 2\nbinding b { }\n'],
    [
      'before a scope that goes on',
      'A = 1 binding b {\n  C = 3\n}\n',
      'A = 1 binding b {\n  C = 3\n}\nB = 2\n',
    ],
    ['before a comment that goes on', 'A = 1 /* why\nnot */\n', 'A = 1 /* why\nnot */\nB = 2\n'],
    [
      'before a text that goes on',
      'binding b { }\nA = "x\ny" C = 3\n',
      'binding b { }\nA = "x\ny" C = 3\nB = 2\n',
    ],
    ['indented', '  A = 1\nbinding b { }\n', '  A = 1\n  B = 2\nbinding b { }\n'],
    ['with carriage returns', 'A = 1\r\nbinding b { }\r\n', 'A = 1\r\nB = 2\r\nbinding b { }\r\n'],
    ['without a line feed at the end', 'A = 1', 'A = 1\nB = 2'],
    ['in an empty file', '', 'B = 2\n'],
    ['in a file with scopes only', 'binding b { }\n', 'binding b { }\nB = 2\n'],
  ])('%s', (_name, before, after) => {
    expect(set(before, '', 'B', '2')).toBe(after);
  });
});

describe('a new option in a scope', () => {
  test.each([
    [
      'is indented as what stands there',
      'binding b {\n    A = 1\n}\n',
      'binding b {\n    A = 1\n    B = 2\n}\n',
    ],
    ['also with tabs', 'binding b {\n\tA = 1\n}\n', 'binding b {\n\tA = 1\n\tB = 2\n}\n'],
    ['or less than the scope itself', '  binding b {\nA = 1\n  }\n', '  binding b {\nA = 1\nB = 2\n  }\n'],
    ['stays on a line of its own scope', 'binding b { A = 1 }\n', 'binding b { A = 1 B = 2 }\n'],
    ['opens an empty one', 'binding b { }\n', 'binding b {\n  B = 2\n}\n'],
  ])('%s', (_name, before, after) => {
    expect(set(before, 'binding b', 'B', '2')).toBe(after);
  });
});

test('an empty scope inside of another is opened with its indentation', () => {
  expect(set('binding_group g {\n  binding b { }\n}\n', 'binding_group g > binding b', 'B', '2')).toBe(
    'binding_group g {\n  binding b {\n    B = 2\n  }\n}\n',
  );
});

describe('a text with errors', () => {
  test('takes no line that would end up in another scope', () => {
    const before = 'TLS = "no"\nDatasource "x" {\n  uri = ( "a"\n';
    const result = setOption(configOf(before), scope('binding b'), 'TLS', 'no');
    expect(result).toMatchObject({ ok: false, why: expect.stringContaining('Binding:b:') });
  });
});

describe('a scope that is named without the one around it', () => {
  test.each([
    [
      'a binding of one group',
      'binding_group g { binding b { } }\nbinding_group h { binding c { } }\n',
      'binding b',
    ],
    [
      'a listen of one listener',
      'ESMTP_Listener { Listen ":25" { } }\nHTTP_Listener { Listen ":80" { } }\n',
      'listen :25',
    ],
    [
      'a pathway of one group',
      'pathway_group g { pathway b { } }\npathway_group h { pathway c { } }\n',
      'pathway b',
    ],
  ])('is edited where it stands: %s', (_name, before, path) => {
    const after = set(before, path, 'X', '1');
    const top = scope(path)[0];
    expect(statementsOf(configOf(after)).filter(({ node }) => node.kind === 'scope')).toHaveLength(4);
    expect(top && evaluate(configOf(after), scope(path), 'X').text).toBe('1');
  });

  test.each([
    [
      'a binding of several groups',
      'binding_group g { binding b { } }\nbinding_group h { binding b { } }\n',
      'binding b',
    ],
    ['one that is declared alone, too', 'binding_group g { binding b { } }\nbinding b { }\n', 'binding b'],
    ['a binding in a scope that is no group', 'other g { binding b { } }\n', 'binding b'],
  ])('or stands alone: %s', (_name, before, path) => {
    const after = configOf(set(before, path, 'X', '1'));
    const own = statementsOf(after).filter(
      ({ node, scope: around }) => node.kind === 'option' && around.length === 1,
    );
    expect(own).toHaveLength(1);
  });
});
