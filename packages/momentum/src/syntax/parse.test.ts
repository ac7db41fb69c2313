import { describe, expect, test } from 'vitest';
import { shapeOf } from '../../testing/shape.js';
import { DEPTH_MAX, parse } from './parse.js';

type Row = readonly [name: string, text: string, shape: string];

const options: Row[] = [
  ['nothing', '', ''],
  ['a word', 'a = b', 'a = <b>'],
  ['a text', 'a = "b c"', 'a = <b c>'],
  ['no blanks', 'a="b"c=d', 'a = <b>; c = <d>'],
  ['a value on the next line', 'a =\n  "b"\nc = d', 'a = <b>; c = <d>'],
  ['several on one line', 'a = 1 b = 2', 'a = <1>; b = <2>'],
  ['escapes: quotes and backslashes only', 'a = "b\\"c\\\\d\\w"', 'a = <b"c\\d\\w>'],
  ['a text without an end', 'a = "b\nc = d', 'a = <b>; c = <d>'],
  ['typographic quotes', 'a = “b c”', 'a = <b c>'],
  ['no value', 'a =', 'a = nothing'],
  ['no value before the next option', 'a =\nb = c', 'a = nothing; b = <c>'],
  ['a value with its own = on one line', 'a = b = c', 'a = <b>; junk <=>; junk <c>'],
  ['comments between', 'a /* x */ = # y\n b', 'a = <b>'],
  ['an option called include', 'include = a', 'include = <a>'],
];

const lists: Row[] = [
  ['none', 'a = ()', 'a = ()'],
  ['words and texts', 'a = ( b "c d" e )', 'a = (<b> <c d> <e>)'],
  ['commas', 'a = ("b", c,"d")', 'a = (<b> <c> <d>)'],
  ['over lines', 'a = (\n  b\n  c\n)\nd = e', 'a = (<b> <c>); d = <e>'],
  ['not closed before a brace', 's {\n a = ( b\n}', 's {a = (<b>)}'],
  ['not closed at the end', 'a = ( b', 'a = (<b>)'],
  ['not closed before the next option', 'a = ( b\nc = d', 'a = (<b>); c = <d>'],
  ['not closed before an = of the same line', 'a = ( b = c )', 'a = (<b>); junk <=>; junk <c>; junk <)>'],
  ['not closed and empty', 'a = (', 'a = ()'],
  ['a list within', 'a = ( b ( c ) )', 'a = (<b> <c>); junk <)>'],
  ['a scope within', 'a = ( b {', 'a = (<b>); junk <{>'],
];

const dictionaries: Row[] = [
  ['none', 'a = [ ]', 'a = []'],
  ['entries with and without commas', 'a = [ b = c, "d" = "e f" g=h ]', 'a = [b = <c>, d = <e f>, g = <h>]'],
  ['on one line', 'a = [b = "c://"]', 'a = [b = <c://>]'],
  ['odd keys', 'a = [ 0.0.0.1 = x "0" = y b-c = z ]', 'a = [0.0.0.1 = <x>, 0 = <y>, b-c = <z>]'],
  ['a list as a value', 'a = [ b = ( c d ) ]', 'a = [b = (<c> <d>)]'],
  ['without =', 'a [ b = c ]', 'a = [b = <c>]'],
  ['a bracket on the next line is not its value', 'a\n[ b = c ]', 'junk <a>; junk <[>; b = <c>; junk <]>'],
  ['a key without a value', 'a = [ b c = d ]', 'a = [b = nothing, c = <d>]'],
  ['a key that breaks off', 'a = [ b = ]', 'a = [b = nothing]'],
  ['a key before the next one', 'a = [\n b =\n c = d\n]', 'a = [b = nothing, c = <d>]'],
  ['a dictionary within', 'a = [ b = [ c = d ] ]', 'a = [b = nothing, c = <d>]; junk <]>'],
  ['not closed before a brace', 's { a = [ b = c }', 's {a = [b = <c>]}'],
  ['not closed at the end', 'a = [ b = c', 'a = [b = <c>]'],
  ['not closed before a scope', 'a = [ b = c\ns {\n}', 'a = [b = <c>, s = nothing]; junk <{>; junk <}>'],
];

const includes: Row[] = [
  ['a text', 'include "a b"', 'include <a b>'],
  ['a word', 'include a', 'include <a>'],
  ['read-only', 'readonly_include "a"', 'read-only include <a>'],
  ['any case', 'INCLUDE "a" ReadOnly_Include "b"', 'include <a>; read-only include <b>'],
  ['within a scope', 's { include "a" }', 's {include <a>}'],
  ['a path on the next line', 'include\n"a"', 'include <a>'],
  ['no path', 'include', 'junk <include>'],
  ['a scope of that name', 'include { a = b }', 'include {a = <b>}'],
  ['a named scope of that name', 'include "a" { b = c }', 'include <a> {b = <c>}'],
];

const scopes: Row[] = [
  ['a text cannot open one with many names', '"s" n o {}', 'junk <"s" n>; o {}'],
  ['without a name', 's { a = b }', 's {a = <b>}'],
  ['empty', 's {}', 's {}'],
  ['with a text as its name', 's "n" { }', 's <n> {}'],
  ['with a word as its name', 's n{}', 's <n> {}'],
  ['the brace on the next line', 's "n"\n{\n}', 's <n> {}'],
  ['a regular expression as its name', 's /a(b|c)/{ d = e }', 's </a(b|c)/> {d = <e>}'],
  ['an address as its name', 's [::]:25 { }', 's = [:: = nothing]; :25 {}'],
  ['within each other', 's { t "n" { a = b } c = d }', 's {t <n> {a = <b>}; c = <d>}'],
  ['= before the brace', 's = { a = b }', 's {a = <b>}'],
  ['= before the name', 's = "n" { a = b }', 's <n> {a = <b>}'],
  ['= before a word and a brace is an option', 's = n {', 's = <n>; junk <{>'],
  ['no brace, and what follows is indented', 's "n"\n  a = b\n}', 's <n> {a = <b>}'],
  ['the same with a word is no scope', 's n\n  a = b\n}', 'junk <s n>; a = <b>; junk <}>'],
  ['the same without an indentation is no scope', 's "n"\na = b', 'junk <s "n">; a = <b>'],
  ['the same within a line is no scope', 'c = d s "n"\n   a = b', 'c = <d>; junk <s "n">; a = <b>'],
  ['the same at the end is no scope', 's "n"\n  ', 'junk <s "n">'],
  ['many names', 's n o p { a = b }', 's <n> {a = <b>}'],
  ['eight names and more', 's 1 2 3 4 5 6 7 8 {}', 's <1> {}'],
  ['nine are too many', 's 1 2 3 4 5 6 7 8 9 {}', 'junk <s 1>; 2 <3> {}'],
  ['many names and their brace on the next line', 's n o\n{ }', 'junk <s n>; o {}'],
  ['many names with an attribute', 's n o = p {}', 's <n> {}'],
  ['many names and a bracket', 's n ( o {}', 'junk <s n>; junk <(>; o {}'],
];

const missingBraces: Row[] = [
  ['at the end', 's { a = b', 's {a = <b>} unclosed'],
  ['empty at the end', 's {', 's {} unclosed'],
  ['two at the end', 's { t { a = b', 's {t {a = <b>} unclosed} unclosed'],
  [
    'the indentation shows which',
    's {\n  t {\n    a = b\n  u {\n    c = d\n  }\n}\ne = f',
    's {t {a = <b>} unclosed; u {c = <d>}}; e = <f>',
  ],
  [
    'a scope at the edge ends the one before',
    's {\n  a = b\nt {\n  c = d\n}\n',
    's {a = <b>} unclosed; t {c = <d>}',
  ],
  [
    'each of two scopes',
    's {\n  a = b\nt {\n  c = d\nu {\n  e = f\n}\n',
    's {a = <b>} unclosed; t {c = <d>} unclosed; u {e = <f>}',
  ],
  ['an indentation alone ends nothing', 's {\na = b\nt {\nc = d\n}\n}', 's {a = <b>; t {c = <d>}}'],
  [
    'no indentation: the inner scope stays within',
    's { a = b\n  t { c = d }\n',
    's {a = <b>; t {c = <d>}} unclosed',
  ],
  [
    'a scope that begins within a line is not measured',
    'x = 1 s {\n  a = b\nt {\n}\n',
    'x = <1>; s {a = <b>; t {}} unclosed',
  ],
  ['what stands within a line ends nothing', '      s { a = "x\ny" t { }\n', 's {a = <x\ny>; t {}} unclosed'],
  [
    'no more scopes end by their indentation than } are missing',
    's {\n  a = b\nt {\n  c = d\n  u {\ne = f\n}\n}\n',
    's {a = <b>} unclosed; t {c = <d>; u {e = <f>}}',
  ],
];

describe.each([
  ['an option', options],
  ['a list', lists],
  ['a dictionary', dictionaries],
  ['an include', includes],
  ['a scope', scopes],
  ['a missing }', missingBraces],
])('%s', (_title, rows) => {
  test.each(rows)('%s', (_name, text, shape) => {
    expect(shapeOf(parse(text).tree)).toBe(shape);
  });
});

const nested = (depth: number) => `${'s { '.repeat(depth)}a = b ${'} '.repeat(depth)}`;

describe('scopes that nest', () => {
  test(`${DEPTH_MAX} deep are read`, () => {
    const { tree, diagnostics } = parse(nested(DEPTH_MAX));
    expect(diagnostics).toEqual([]);
    expect(shapeOf(tree)).toContain('a = <b>');
  });

  test('one deeper are passed over, and what follows is read', () => {
    const { tree, diagnostics } = parse(`${nested(DEPTH_MAX + 1)}c = d`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['nesting-too-deep']);
    expect(shapeOf(tree)).not.toContain('a = <b>');
    expect(shapeOf(tree)).toMatch(/s \{s \{\}\}[}]+; c = <d>$/);
  });

  test('much deeper are passed over as one', () => {
    const { tree, diagnostics } = parse(`${nested(DEPTH_MAX + 3)}c = d`);
    expect(diagnostics.map(({ code }) => code)).toEqual(['nesting-too-deep']);
    expect(shapeOf(tree)).toMatch(/[^}]\}+; c = <d>$/);
  });

  test('too deep and without an end reach to the end of the text', () => {
    const text = `${'s { '.repeat(DEPTH_MAX + 2)}a = b`;
    const { tree } = parse(text);
    let scope = tree.items[0];
    for (let depth = 0; depth < DEPTH_MAX; depth += 1)
      scope = scope?.kind === 'scope' ? scope.items[0] : undefined;
    expect(scope).toMatchObject({ kind: 'scope', items: [], close: null, end: text.length });
  });
});

test.each([
  ['of 256 blanks is an indentation', 256, 'a = nothing; b = <c>'],
  ['of one more is not', 257, 'a = <b>; junk <=>; junk <c>'],
])('a beginning of a line %s', (_name, units, shape) => {
  expect(shapeOf(parse(`a =\n${' '.repeat(units)}b = c`).tree)).toBe(shape);
});

test.each([
  ['an option', 'x = 1 a = "b"', 'a = "b"'],
  ['a list', 'x = 1 a = ( b )', 'a = ( b )'],
  ['a list without an end', 'x = 1 a = ( b c  ', 'a = ( b c'],
  ['an empty list without an end', 'x = 1 a = (  ', 'a = ('],
  ['a dictionary', 'x = 1 a = [ b = c ]', 'a = [ b = c ]'],
  ['a dictionary without an end', 'x = 1 a = [ b = c  ', 'a = [ b = c'],
  ['an empty dictionary without an end', 'x = 1 a = [  ', 'a = ['],
  ['an option that breaks off', 'x = 1 a =  ', 'a ='],
  ['a dictionary without =', 'x = 1 a [ b = c ]', 'a [ b = c ]'],
  ['an include', 'x = 1 include  "b"  ', 'include  "b"'],
  ['a scope', 'x = 1 s n { a = b }  ', 's n { a = b }'],
  ['a scope without an end', 'x = 1 s n { a = b  ', 's n { a = b'],
  ['an empty scope without an end', 'x = 1 s n {  ', 's n {'],
  ['a pair that is no statement', 'x = 1\ns n  ', 's n'],
])('the span of %s', (_name, text, slice) => {
  const item = parse(text).tree.items[1];
  expect(item && text.slice(item.start, item.end)).toBe(slice);
});

test('the comments are kept, and where they stand', () => {
  const text = '# a\nb = c /* d */\n';
  const { comments } = parse(text).tree;
  expect(comments.map(({ start, end }) => text.slice(start, end))).toEqual(['# a', '/* d */']);
});
