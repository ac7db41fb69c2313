import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBytes, encodeText } from '../text/bytes.js';
import { parse } from './parse.js';
import { print } from './tree.js';

/** Pieces of the language, in any order: most of what comes out is wrong, some of it in ways that people write. */
const pieces = fc.constantFrom(
  ...[
    'binding',
    'domain',
    'include',
    'readonly_include',
    'if',
    'else',
    'TLS_Ciphers',
    'enabled',
    'true',
    '10',
  ],
  ...['"', "'", '\\', '{', '}', '(', ')', '[', ']', '=', ',', ';', '#', '//', '/*', '*/', '\n', '\r\n', '\r'],
  ...[' ', '\t', '\0', '\uFEFF', '\u2028', 'é', '𐍈', '\u202E', '"quoted"', '{NODENAME}'],
);
const text = fc.oneof(
  fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.string(),
);

test('print gives back every text, valid or not', () => {
  fc.assert(
    fc.property(text, (source) => {
      expect(print(parse(source).tree)).toBe(source);
    }),
    { numRuns: 2_000 },
  );
});

test('and every byte of a file, whatever its encoding', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    text.map((source) => new TextEncoder().encode(source)),
    text.map((source) => Uint8Array.from([0xef, 0xbb, 0xbf, ...new TextEncoder().encode(source)])),
  );
  fc.assert(
    fc.property(bytes, (file) => {
      const { text: source, encoding } = decodeBytes(file);
      expect([...encodeText(print(parse(source).tree), encoding)]).toEqual([...file]);
    }),
    { numRuns: 1_000 },
  );
});
