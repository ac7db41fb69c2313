import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainOf } from '../../testing/plain.js';
import { parse } from './parse.js';
import { reparse } from './reparse.js';

const SITE = `# A site.
TLS = "ifavailable"
Relay_Hosts = ( "10.0.0.0/8" 192.0.2.1 )
include "listeners.conf"
Binding "a" { # why
  A = 1 B = [ k = "v" l = ( a b ) ]
  Domain "/x(y|z)$/" {
    TLS_Protocols = "+ALL"
  }
}
/* over
   lines */ Peer { } readonly_include "x"
Binding_Group "b" {
  Text = "over
two lines" C = d,e
}
Path = "/var/log/*"
Binding "c" { D = "e" }
# The end. */
`;

/** Both ways to the same text. */
function both(before: string, after: string) {
  return [plainOf(reparse(parse(before), after)), plainOf(parse(after))] as const;
}

test('what is before the edit is taken over, and what is behind it is moved', () => {
  const before = parse(SITE);
  const after = reparse(before, SITE.replace('"v"', '"longer"'));
  expect(after.tree.items[0]).toBe(before.tree.items[0]);
  expect(after.tree.items[1]).toBe(before.tree.items[1]);
  expect(after.tree.items.at(-1)).not.toBe(before.tree.items.at(-1));
  expect(plainOf(after)).toEqual(plainOf(parse(after.tree.text)));
});

test('the site of these tests has no fault, so that only the statements around an edit are read', () => {
  expect(parse(SITE).diagnostics).toEqual([]);
});

test('the same text is the same tree', () => {
  const before = parse(SITE);
  expect(reparse(before, `${SITE}`)).toBe(before);
});

test.each([
  ['an edit that opens a text', '"e"', '"e'],
  ['one that opens a comment', 'Peer', '/* Peer'],
  ['one that ends a comment early', 'over\n', 'over */\n'],
  ['one that takes a brace away', '  }\n}\n', '  }\n'],
  ['one that adds a brace', 'TLS =', '} TLS ='],
  ['one at the begin', '# A site.', 'X = 1'],
  ['one at the end', '# The end. */\n', 'X = 1'],
  ['an equals sign behind a value', '192.0.2.1 )\n', '192.0.2.1 ) =\n'],
  ['a brace behind the path of an include', 'listeners.conf"', 'listeners.conf" { }'],
  ['a name before a scope', 'Binding "c"', 'X = Binding "c"'],
])('%s gives what reading all of it gives', (_name, old, now) => {
  expect(SITE).toContain(old);
  const [ours, whole] = both(SITE, SITE.replace(old, now));
  expect(ours).toEqual(whole);
});

describe('whatever is edited, the tree is that of the whole text', () => {
  const piece = fc.constantFrom(
    ...['"', '\\', '{', '}', '(', ')', '[', ']', '=', ',', '#', '/*', '*/', '/', '*', '\n', '\r\n', ' ', '“'],
    ...[
      'a',
      'B = c',
      'D = "e"\n',
      'Binding "x" {\n  A = 1\n}\n',
      'include "x"',
      '# note\n',
      '\ufeff',
      '/x(y/',
    ],
  );
  const inserted = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join(''));
  const statements = fc
    .array(
      fc.constantFrom(
        ...['A = 1\n', 'B = ( a "b" )\n', 'C = [ k = v ]\n', 'include "x"\n', '# note\n', '/* a\n b */', ' '],
        ...[
          'Domain "d" {\n  E = "f"\n}\n',
          'G = h ',
          'P {} ',
          'Q "r" { S = 1 T = "u\nv" }\n',
          '\n',
          'W = /x',
        ],
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join(''));
  test.each([
    ['a text of its parts', statements],
    ['a site', fc.constant(SITE)],
    ['one whose lines end otherwise', fc.constant(SITE.replaceAll('\n', '\r\n'))],
  ])('%s', (_name, texts) => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.nat({ max: 40 }), inserted, (before, place, length, content) => {
        const start = place % (before.length + 1);
        const after = before.slice(0, start) + content + before.slice(start + length);
        const [ours, whole] = both(before, after);
        expect(ours).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });
});
