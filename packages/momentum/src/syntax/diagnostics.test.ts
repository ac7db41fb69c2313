import { describe, expect, test } from 'vitest';
import { parse } from './parse.js';
import { DIAGNOSTICS_MAX, type Dialect } from './report.js';

function told(text: string, dialect: Dialect): string[] {
  return parse(text, 'x.conf', dialect).diagnostics.map(
    ({ line, column, severity, code }) => `${line}:${column} ${severity} ${code}`,
  );
}

/** What the same text would be without the fault comes last: nothing is told of it. */
type Row = readonly [name: string, text: string, told: readonly string[], nearMiss: string];

const rows: Row[] = [
  [
    'a comment without an end',
    'a = b\n /* c\nd = e',
    ['2:2 error comment-unclosed'],
    'a = b\n /* c */\nd = e',
  ],
  ['a } too many', 'a = b\n}', ['2:1 error brace-unexpected'], 's { a = b\n}'],
  [
    'a statement that begins with =',
    '= a',
    ['1:1 error statement-expected', '1:3 error statement-incomplete'],
    'x = a',
  ],
  ['a statement that begins with a bracket', ')', ['1:1 error statement-expected'], 'a = ()'],
  ['a scope whose { was forgotten', 's "n"\n  a = b\n}', ['1:3 error brace-expected'], 's "n" {\n  a = b\n}'],
  ['a scope with two names', 's n o {}', ['1:5 error scope-names'], 's n {}'],
  ['a word alone', 'a\nb = c', ['1:1 error statement-incomplete'], 'a = d\nb = c'],
  ['two words', 'a b', ['1:1 error statement-incomplete'], 'a = b'],
  ['a value of two words', 'a = b c', ['1:7 error statement-incomplete'], 'a = "b c"'],
  ['= before a scope', 's = {}', ['1:3 error equals-before-scope'], 's {}'],
  ['= before the name of a scope', 's = "n" {}', ['1:3 error equals-before-scope'], 's "n" {}'],
  ['no value at the end', 'a =', ['1:3 error value-missing'], 'a = ""'],
  ['no value before the next option', 'a =\nb = c', ['1:3 error value-missing'], 'a =\nb\nc = d'],
  ['no value before a brace', 's { a = }', ['1:7 error value-missing'], 's { a = b }'],
  ['no value in a dictionary', 'a = [ b = ]', ['1:9 error value-missing'], 'a = [ b = c ]'],
  ['a scope without an end', 's {\n a = b\n', ['3:1 error brace-missing'], 's {\n a = b\n}'],
  [
    'a scope that the next one ends',
    's {\n  a = b\nt {\n}\n',
    ['3:1 error brace-missing'],
    's {\n  a = b\n}\nt {\n}\n',
  ],
  [
    'a list within a list',
    'a = ( ( b ) )',
    ['1:7 error array-element', '1:13 error statement-expected'],
    'a = ( b )',
  ],
  [
    'a dictionary within a list',
    'a = ( [ ] )',
    ['1:7 error array-element', '1:9 error array-element'],
    'a = ( b )',
  ],
  ['a list without an end', 'a = ( b\nc = d', ['2:1 error bracket-missing'], 'a = ( b )\nc = d'],
  ['a list that ends with the text', 'a = ( b', ['1:8 error bracket-missing'], 'a = ( b )'],
  ['a dictionary without an end', 's { a = [ b = c }', ['1:17 error bracket-missing'], 's { a = [ b = c ] }'],
  ['a dictionary within one', 'a = [ [ ]', ['1:7 error dictionary-entry'], 'a = [ ]'],
  ['a key without =', 'a = [ b ]', ['1:7 error dictionary-entry'], 'a = [ b = c ]'],
  ['a key that is odd already is told once', 'a = [ “b ]', ['1:7 error typographic-quote'], 'a = [ b = c ]'],
  ['an option in quotes', '"a" = b', ['1:1 error name-quoted'], 'a = "b"'],
  ['a scope in quotes', '"a" {}', ['1:1 error name-quoted'], 'a "a" {}'],
  ['a text alone', '"a"', ['1:1 error name-quoted'], 'b = "a"'],
  ['an option whose name is odd', 'a$ = b', ['1:1 error name-odd'], '_a-b.c:D2 = b'],
  ['an option that begins with a digit', '2a = b', ['1:1 error name-odd'], 'a2 = b'],
  ['the mark of a long line', 'a = "b » c"', ['1:5 warning continuation-mark'], 'a = "b > c"'],
  ['a text in typographic quotes', 'a = “b c”', ['1:5 error typographic-quote'], 'a = "b c"'],
  ['a text that begins with one', 'a = “b"', ['1:5 error typographic-quote'], 'a = "b"'],
  ['a text that ends with one', 'a = "b”', ['1:5 error typographic-quote'], 'a = "b"'],
  ['a word with a typographic quote', 'a = b’', ['1:5 error typographic-quote'], 'a = b'],
  ['an option with a typographic quote', 'a” = b', ['1:1 error typographic-quote'], 'a = b'],
  [
    'a text that holds a typographic quote',
    'a = "b “c”"',
    ['1:5 warning typographic-quote'],
    'a = "b \'c\'"',
  ],
  ['single quotes', "a = 'b'", ['1:5 error single-quotes'], 'a = "\'b\'"'],
  ['a semicolon', 'a = b;', ['1:5 warning semicolon'], 'a = "b;"'],
  ['a semicolon within a word is one', 'a = b;c\nd = e;', ['2:5 warning semicolon'], 'a = b;c'],
  ['a letter beyond ASCII', 'a = é', ['1:5 warning character-odd'], 'a = "é"'],
  ['a text without an end', 'a = "b\nc = d', ['1:5 error string-unclosed'], 'a = "b"\nc = d'],
  ['an option in a text without an end', '"b\nc = d', ['1:1 error string-unclosed'], 'b = "b"\nc = d'],
  ['dots for what was left out', 's {\n  ...\n}', ['2:3 error ellipsis'], 's {\n  # ...\n}'],
  ['dots as one character', 's { … }', ['1:5 error ellipsis'], 's { a = "…" }'],
  ['dots as a value', 'a = ( b ... )', ['1:9 error ellipsis'], 'a = ( b a... )'],
  ['bold print', '**a = b**', ['1:1 error markup', '1:7 error markup'], 'a = b*'],
  ['print as code', 'a = `b`', ['1:5 error markup'], 'a = b'],
  ['a placeholder', 'a = <b>', ['1:5 error placeholder'], 'a = "<b>"'],
  ['a choice', 'a = b|c', ['1:5 error placeholder'], 'a = "b|c"'],
  ['a choice as an option', 'a|b = c', ['1:1 error placeholder'], 'a_b = c'],
  ['the name of a scope', 's “n” {}', ['1:3 error typographic-quote'], 's "n" {}'],
  ['the path of an include', "include 'a'", ['1:9 error single-quotes'], 'include "a"'],
  ['an element of a list', 'a = ( "b" é )', ['1:11 warning character-odd'], 'a = ( "b" e )'],
  ['a key', 'a = [ é = b ]', ['1:7 warning character-odd'], 'a = [ e = b ]'],
  ['a value in a dictionary', 'a = [ b = é ]', ['1:11 warning character-odd'], 'a = [ b = e ]'],
];

describe.each<Dialect>(['documented', 'permissive'])('in the %s dialect', (dialect) => {
  test.each(rows)('%s', (_name, text, expected, nearMiss) => {
    expect(told(text, dialect)).toEqual(expected);
    expect(told(nearMiss, dialect)).toEqual([]);
  });

  test.each([
    ['a path without quotes', 'a = /b/c', '1:5', 'quotes-missing', 'a = "/b/c"'],
    ['an address without quotes', 'a = ( 10.0.0.0/8 )', '1:7', 'quotes-missing', 'a = ( 10.0.0.0 )'],
    ['an apostrophe', "a = b'c", '1:5', 'quotes-missing', 'a = "b\'c"'],
    ['a pattern with a choice', 's /a(b|c)/ {}', '1:3', 'quotes-missing', 's "/a(b|c)/" {}'],
    ['a dictionary without =', 'a [ b = c ]', '1:3', 'equals-missing', 'a = [ b = c ]'],
  ])('%s is told by how strict the dialect is', (_name, text, at, code, nearMiss) => {
    const severity = dialect === 'documented' ? 'error' : 'warning';
    expect(told(text, dialect)).toEqual([`${at} ${severity} ${code}`]);
    expect(told(nearMiss, dialect)).toEqual([]);
  });
});

test.each([
  ['semicolon', 'a = b/c;', ['semicolon']],
  ['single quotes before a slash', "a = '/b'", ['single-quotes']],
  ['markup before a placeholder', 'a = `<b>`', ['markup']],
  ['a typographic quote before markup', 'a = **“b**', ['typographic-quote']],
  ['the mark of a long line before a typographic quote', 'a = "» “"', ['continuation-mark']],
  ['a regular expression is no choice', 'a = /b|c/', ['quotes-missing']],
  ['a path with a choice is one', 'a = /b|c', ['placeholder']],
])('of two faults of one word the first is told: %s', (_name, text, codes) => {
  expect(parse(text).diagnostics.map(({ code }) => code)).toEqual(codes);
});

test.each(rows)('%s is told in words, with a hint or with none', (_name, text) => {
  for (const { message, hint, file } of parse(text, 'x.conf').diagnostics) {
    expect(message).toMatch(/\w{2}/);
    expect(hint).not.toBe('');
    expect(file).toBe('x.conf');
  }
});

test.each([
  ['a = b c', '"=" or "{" is expected after c', 'write c = value, or c { … }'],
  ['a\tb', '"=" or "{" is expected after a', 'write a = b; a value with blanks needs double quotes'],
  [
    ')',
    'a statement is expected here, not ")"',
    'a statement is Option = value, Scope { … } or include "file"',
  ],
  ['s "n"\n  a = b\n}', '"{" is expected after s "n"', 'write s "n" {'],
  ['s = {}', '"{" is expected after s, not "="', 'write s {'],
  ['s = "n" {}', 'the name of the scope is expected after s, not "="', 'write s "n" {'],
  ['s n o {}', 'a scope has one name at most; "{" is expected after n', expect.stringContaining('since 3.0')],
  [
    'x = 1\n s {',
    '"}" is expected before the end of the file: it closes s',
    'the { was opened in line 2, column 4',
  ],
  [
    's {\n  a = b\nt {\n}\n',
    '"}" is expected before this: it closes s',
    'the { was opened in line 1, column 3',
  ],
  ['a = (', '")" is expected before the end of the file', 'the ( was opened in line 1, column 5'],
  ['s { a = [ }', '"]" is expected before this', 'the [ was opened in line 1, column 9'],
  ['a =', 'a value is expected after a =', expect.stringContaining('write a = value')],
  ['a = [ b = ]', 'a value is expected after b =', null],
  ['a = /b/c', 'the manual asks for double quotes around /b/c', 'write "/b/c"'],
  ['a [ ]', '"=" is expected between a and its dictionary', 'write a = [ … ]'],
  ['a$ = 1', '"a$" is not the name of an option or of a scope', null],
])('%j: what is expected, and what to write', (text, message, hint) => {
  expect(parse(text).diagnostics).toMatchObject([{ message, hint }]);
});

test.each([
  ['57 characters', 57, 'x'.repeat(57)],
  ['60 characters', 60, 'x'.repeat(60)],
  ['61 characters', 61, `${'x'.repeat(57)}...`],
])('a word of %s in a message', (_name, units, word) => {
  expect(parse('x'.repeat(units)).diagnostics[0]?.message).toBe(`"=" or "{" is expected after ${word}`);
});

test('blanks in a message are one blank each', () => {
  expect(parse('s = "a\n \tb" {}').diagnostics[0]?.hint).toBe('write s "a b" {');
});

describe('many diagnostics', () => {
  const errors = (count: number) => 'a b\n'.repeat(count);
  const warnings = (count: number) => 'a = b;\n'.repeat(count);

  test(`${DIAGNOSTICS_MAX} are all listed`, () => {
    const { diagnostics } = parse(errors(DIAGNOSTICS_MAX));
    expect(diagnostics).toHaveLength(DIAGNOSTICS_MAX);
    expect(diagnostics.map(({ code }) => code)).not.toContain('too-many');
  });

  test('of one more the number is told at the end', () => {
    const { diagnostics } = parse(errors(DIAGNOSTICS_MAX + 1));
    expect(diagnostics).toHaveLength(DIAGNOSTICS_MAX + 1);
    expect(diagnostics.at(-1)).toMatchObject({
      severity: 'error',
      code: 'too-many',
      line: DIAGNOSTICS_MAX,
      message: '1 more problems of this file are not listed',
      hint: null,
    });
  });

  test('warnings alone stay warnings', () => {
    const { diagnostics } = parse(warnings(DIAGNOSTICS_MAX + 5));
    expect(diagnostics.at(-1)).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/^5 more/),
    });
    expect(diagnostics).toHaveLength(DIAGNOSTICS_MAX + 1);
  });

  test('an error takes the place of the last warning', () => {
    const { diagnostics } = parse(`${warnings(DIAGNOSTICS_MAX)}${errors(2)}`);
    expect(diagnostics.filter(({ severity }) => severity === 'warning')).toHaveLength(DIAGNOSTICS_MAX - 2);
    expect(diagnostics.filter(({ code }) => code === 'statement-incomplete')).toHaveLength(2);
    expect(diagnostics.filter(({ line }) => line === DIAGNOSTICS_MAX - 2)).toHaveLength(1);
    expect(diagnostics.filter(({ line }) => line === DIAGNOSTICS_MAX)).toEqual([]);
    expect(diagnostics.at(-1)).toMatchObject({
      severity: 'error',
      message: expect.stringMatching(/^2 more/),
    });
  });

  test('a warning takes the place of nothing', () => {
    const { diagnostics } = parse(`${errors(DIAGNOSTICS_MAX)}${warnings(2)}`);
    expect(diagnostics.every(({ severity }) => severity === 'error')).toBe(true);
    expect(diagnostics.at(-1)).toMatchObject({ code: 'too-many', message: expect.stringMatching(/^2 more/) });
  });

  test('they are in the order of the text, comments too', () => {
    const lines = parse('/* a\nb c\n  d e f = g\n').diagnostics.map(({ line, column }) => [line, column]);
    expect(lines).toEqual([...lines].sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d));
    expect(lines[0]).toEqual([1, 1]);
  });
});
