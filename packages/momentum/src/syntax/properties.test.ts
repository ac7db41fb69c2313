import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shapeOf } from '../../testing/shape.js';
import type { Span } from '../text/span.js';
import { parse } from './parse.js';
import type { Item, ValueNode } from './tree.js';

const pieces = fc
  .array(
    fc.constantFrom(
      ...['a', 'b"', '"c d"', 'include', 'readonly_include', 'scope', '10', '/e/', '“f”', '...', 'g;', '<h>'],
      ...[
        '"',
        "'",
        '\\',
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        '=',
        ',',
        '#',
        '/*',
        '*/',
        '\n',
        '\r\n',
        ' ',
        '\0',
        '\ufeff',
      ],
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** Texts as they should be, as their tokens; the same text with other blanks is the same configuration. */
const { items } = fc.letrec<{ items: string[]; item: string[]; value: string[] }>((tie) => {
  const word = fc.constantFrom('a', 'B_c', 'd-e', 'f10');
  const text = fc.constantFrom('"x"', '"y z"', '"# no comment"', '"/* nor this */"', '"q\\"r"', '300,6');
  const either = fc.oneof(word, text);
  const pairs = fc.array(fc.tuple(word, fc.constant('='), either), { maxLength: 3 });
  return {
    value: fc.oneof(
      either.map((v) => [v]),
      fc.array(either, { maxLength: 3 }).map((v) => ['(', ...v, ')']),
      pairs.map((v) => ['[', ...v.flat(), ']']),
    ),
    item: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.tuple(word, tie('value')).map(([name, value]) => [name, '=', ...value]),
      text.map((path) => ['include', path]),
      fc
        .tuple(word, fc.option(either), tie('items'))
        .map(([type, name, inner]) => [type, ...(name === null ? [] : [name]), '{', ...inner, '}']),
    ),
    items: fc.array(tie('item'), { maxLength: 4 }).map((list) => list.flat()),
  };
});

const gap = fc.constantFrom(' ', '\t', '\r\n', '\n', '\0 ', '\u00a0');
const gapOrComment = fc.oneof(
  gap,
  fc.constantFrom(' /* { = " */ ', ' # } ) " x\n', ' /**/ ', ' #\n', '\n/*\n*/\n'),
);

function woven(tokens: readonly string[], gaps: readonly string[]): string {
  return tokens.map((token, at) => `${token}${gaps[at % gaps.length] ?? ' '}`).join('');
}

test('comments between tokens change nothing that the text says', () => {
  fc.assert(
    fc.property(items, fc.array(gapOrComment, { minLength: 1, maxLength: 9 }), (tokens, gaps) => {
      const plain = parse(tokens.join(' '));
      const commented = parse(woven(tokens, gaps));
      expect(plain.diagnostics).toEqual([]);
      expect(shapeOf(commented.tree)).toBe(shapeOf(plain.tree));
      expect(commented.diagnostics).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

function partsOf(item: Item): Span[] {
  switch (item.kind) {
    case 'option':
      return item.value ? [item.name, item.value] : [item.name];
    case 'include':
      return [item.keyword, item.path];
    case 'scope':
      return [item.type, ...present(item.name), item.open, ...item.items, ...present(item.close)];
    default:
      return [];
  }
}

function withinValue(value: ValueNode): Span[] {
  if (value.kind === 'scalar') return [value.token];
  if (value.kind === 'array') return [...value.elements];
  return value.entries.flatMap(({ key, value: inner }) => [key, ...(inner ? [inner] : [])]);
}

function present<T>(part: T | null): T[] {
  return part === null ? [] : [part];
}

/** Inside the outer span, in order, none over another. */
function expectNested(outer: Span, parts: readonly Span[]): void {
  let at = outer.start;
  for (const { start, end } of parts) {
    expect(start).toBeGreaterThanOrEqual(at);
    expect(end).toBeGreaterThanOrEqual(start);
    at = end;
  }
  expect(at).toBeLessThanOrEqual(outer.end);
}

function expectNestedItem(item: Item): void {
  expectNested(item, partsOf(item));
  if (item.kind === 'option' && item.value) expectNested(item.value, withinValue(item.value));
  if (item.kind === 'scope') for (const inner of item.items) expectNestedItem(inner);
}

test('spans nest and are in order, and diagnostics lie within the text', () => {
  fc.assert(
    fc.property(fc.oneof(pieces, fc.string({ unit: 'binary' })), (text) => {
      const { tree, diagnostics } = parse(text);
      expectNested({ start: 0, end: text.length }, tree.items);
      for (const item of tree.items) expectNestedItem(item);
      expectNested({ start: 0, end: text.length }, tree.comments);
      const lines = text.split('\n');
      for (const { line, column } of diagnostics) {
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a text without an error says the same with every gap as one blank', () => {
  fc.assert(
    fc.property(items, fc.array(gap, { minLength: 1, maxLength: 9 }), (tokens, gaps) => {
      expect(shapeOf(parse(woven(tokens, gaps)).tree)).toBe(shapeOf(parse(tokens.join(' ')).tree));
    }),
  );
});
