import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBytes, encodeText } from './bytes.js';
import { applyEdits, type TextEdit } from './edit.js';
import { LineMap } from './span.js';

describe('bytes', () => {
  test.each<[string, number[], string, string]>([
    ['nothing', [], '', 'utf-8'],
    ['ASCII', [0x61, 0x0a], 'a\n', 'utf-8'],
    ['UTF-8', [0xc3, 0xa9], 'é', 'utf-8'],
    ['a byte order mark, which stays', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa', 'utf-8'],
    ['NUL', [0x61, 0, 0x62], 'a\0b', 'utf-8'],
    ['Latin-1', [0x61, 0xe9], 'aé', 'latin1'],
    ['UTF-8 that breaks off', [0x61, 0xc3], 'aÃ', 'latin1'],
    ['a surrogate in UTF-8, which is invalid', [0xed, 0xa0, 0x80], 'í\u00a0\u0080', 'latin1'],
  ])('%s', (_name, bytes, text, encoding) => {
    const decoded = decodeBytes(Uint8Array.from(bytes));
    expect(decoded).toEqual({ text, encoding });
    expect([...encodeText(decoded.text, decoded.encoding)]).toEqual(bytes);
  });

  test.each([8_191, 8_192, 8_193, 20_000])('%d bytes that are no UTF-8', (length) => {
    const bytes = Uint8Array.from({ length }, (_, at) => (at % 64) + 0x80);
    const { text, encoding } = decodeBytes(bytes);
    expect(encoding).toBe('latin1');
    expect(text).toHaveLength(length);
    expect(encodeText(text, encoding)).toEqual(bytes);
  });
});

describe('edits', () => {
  test.each<[string, [number, number, string][], string]>([
    ['none', [], 'abcdef'],
    ['a replacement', [[1, 3, 'X']], 'aXdef'],
    [
      'in any order',
      [
        [4, 5, 'Y'],
        [0, 1, 'X'],
      ],
      'XbcdYf',
    ],
    [
      'side by side',
      [
        [1, 3, 'X'],
        [3, 5, 'Y'],
      ],
      'aXYf',
    ],
    [
      'an insertion before a replacement',
      [
        [2, 4, 'X'],
        [2, 2, '+'],
      ],
      'ab+Xef',
    ],
    [
      'two insertions at one place, in their order',
      [
        [2, 2, '1'],
        [2, 2, '2'],
      ],
      'ab12cdef',
    ],
    [
      'at both ends',
      [
        [6, 6, '>'],
        [0, 0, '<'],
      ],
      '<abcdef>',
    ],
    ['everything', [[0, 6, '']], ''],
  ])('%s', (_name, edits, expected) => {
    expect(applyEdits('abcdef', edits.map(toEdit))).toBe(expected);
  });

  test.each<[string, [number, number, string][]]>([
    [
      'overlap',
      [
        [1, 3, 'X'],
        [2, 4, 'Y'],
      ],
    ],
    [
      'lie within another',
      [
        [1, 5, 'X'],
        [2, 3, 'Y'],
      ],
    ],
    ['go beyond the end', [[5, 7, 'X']]],
    ['begin before the text', [[-1, 2, 'X']]],
    ['end before they begin', [[3, 2, 'X']]],
  ])('that %s are refused', (_name, edits) => {
    expect(() => applyEdits('abcdef', edits.map(toEdit))).toThrow(/^edit -?\d+\.\.\d+ overlaps/);
  });

  test('the given list is not sorted', () => {
    const edits = [toEdit([4, 5, 'Y']), toEdit([0, 1, 'X'])];
    applyEdits('abcdef', edits);
    expect(edits.map(({ start }) => start)).toEqual([4, 0]);
  });

  function toEdit([start, end, content]: [number, number, string]): TextEdit {
    return { start, end, content };
  }
});

describe('lines', () => {
  test.each([
    ['the beginning', 0, 1, 1],
    ['before the first line feed', 2, 1, 3],
    ['after it', 3, 2, 1],
    ['an empty line', 5, 3, 1],
    ['the last line', 6, 4, 1],
    ['the end', 8, 4, 3],
  ])('%s', (_name, offset, line, column) => {
    expect(new LineMap('ab\nc\n\nde').position(offset)).toEqual({ line, column });
  });

  test('where a line starts', () => {
    const map = new LineMap('ab\nc\n\nde');
    expect([1, 2, 3, 4].map((line) => map.lineStart(line))).toEqual([0, 3, 5, 6]);
    expect(map.lineStart(9)).toBe(0);
  });

  test('a text without lines', () => {
    expect(new LineMap('').position(0)).toEqual({ line: 1, column: 1 });
  });

  test('every offset of every text is where counting says', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '𐍈') }), (text) => {
        const map = new LineMap(text);
        for (let offset = 0; offset <= text.length; offset += 1) {
          const lines = text.slice(0, offset).split('\n');
          expect(map.position(offset)).toEqual({
            line: lines.length,
            column: (lines.at(-1) ?? '').length + 1,
          });
        }
      }),
    );
  });
});
