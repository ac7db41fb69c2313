import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lex } from '../lex/lex.js';
import { parse } from '../syntax/parse.js';
import { wordOf } from '../syntax/tree.js';
import { applyEdits } from '../text/edit.js';
import { type LayoutOptions, layoutEdits } from './format.js';

const formatted = (text: string, options: LayoutOptions = {}) => applyEdits(text, layoutEdits(text, options));

describe('the common layout', () => {
  test.each<[string, string, string]>([
    ['indents by depth', 'a {\nb {\nc = 1\n}\n}\n', 'a {\n  b {\n    c = 1\n  }\n}\n'],
    ['takes what is too deep back', '    a = 1\n', 'a = 1\n'],
    ['replaces tabs', 'a {\n\tb = 1\n}\n', 'a {\n  b = 1\n}\n'],
    ['puts one blank around =', 'a=1\nb  =\t2\n', 'a = 1\nb = 2\n'],
    ['and one before {', 'a{\n}\nb "x"  { }\n', 'a {\n}\nb "x" { }\n'],
    ['takes blanks from the end of a line', 'a = 1  \n\t\nb = 2\n', 'a = 1\n\nb = 2\n'],
    ['ends with one line feed', 'a = 1\n\n\n', 'a = 1\n'],
    ['also where there was none', 'a = 1', 'a = 1\n'],
    ['keeps CRLF', 'a {\r\nb=1 \r\n}', 'a {\r\n  b = 1\r\n}\n'],
    [
      'indents lists and dictionaries',
      'a = (\n"b"\nc\n)\nd = [\ne=1\n]\n',
      'a = (\n  "b"\n  c\n)\nd = [\n  e = 1\n]\n',
    ],
    ['and a value on a line of its own', 'a =\n"b"\n', 'a =\n  "b"\n'],
    ['keeps blanks before a comment', 'a = 1     # why\n', 'a = 1     # why\n'],
    ['indents a comment as what follows', 'a {\n# why\nb = 1\n}\n', 'a {\n  # why\n  b = 1\n}\n'],
    ['keeps what stands in a text', 'a = "x  =\n   y"\n', 'a = "x  =\n   y"\n'],
    ['and in a comment', '/* a  =\n   b */\nc = 1\n', '/* a  =\n   b */\nc = 1\n'],
    ['keeps empty lines', 'a = 1\n\n\nb = 2\n', 'a = 1\n\n\nb = 2\n'],
    ['keeps a byte order mark', '\ufeffa = 1\n', '\ufeffa = 1\n'],
    ['makes nothing of nothing', '', ''],
    ['nor of blanks', '  \n\t', ''],
  ])('%s', (_name, before, after) => {
    expect(formatted(before)).toBe(after);
  });

  test('is indented with what is asked for', () => {
    expect(formatted('a {\nb = 1\n}\n', { indent: '\t' })).toBe('a {\n\tb = 1\n}\n');
  });

  test('each edit has its rule and its place', () => {
    const text = 'a{ \n b=1\n}\n\n';
    expect(layoutEdits(text).map(({ start, end, rule }) => [start, end, rule])).toEqual([
      [1, 1, 'brace'],
      [2, 3, 'trailing-blanks'],
      [4, 5, 'indentation'],
      [6, 6, 'equals'],
      [7, 7, 'equals'],
      [10, 12, 'end-of-file'],
    ]);
  });
});

const pieces = fc.constantFrom(
  ...['binding', '"x y"', 'TLS', '=', '{', '}', '(', ')', '[', ']', ',', '# c\n', '/* d\n */', '/re\\.x/'],
  ...['\n', '\r\n', ' ', '\t', '\0', '\ufeff', '"', '\\', '\u00a0', '/', '*'],
);
const source = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));

describe('whatever the text', () => {
  const meaning = (text: string) =>
    lex(text)
      .filter(({ kind }) => kind !== 'blank')
      .map((token) => [token.kind, text.slice(token.start, token.end)]);

  test('only blanks change, and twice is once', () => {
    fc.assert(
      fc.property(source, (text) => {
        const { diagnostics } = parse(text);
        fc.pre(diagnostics.every(({ severity }) => severity !== 'error'));
        const once = formatted(text);
        expect(meaning(once)).toEqual(meaning(text));
        expect(formatted(once)).toBe(once);
        expect(wordsOf(once)).toEqual(wordsOf(text));
      }),
      // It was wrong once.
      { numRuns: 3_000, examples: [['binding binding,{}']] },
    );
  });

  function wordsOf(text: string): string[] {
    return lex(text)
      .filter(({ kind }) => kind === 'word' || kind === 'string')
      .map((token) => wordOf(text, token));
  }
});
