import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTlsProtocols, TLS_VERSIONS, type TlsVersion } from './tls-protocols.js';

/** One letter for each version from SSLv2 to TLSv1.2: y, n or ? (unclear). */
function allowed(text: string): string {
  const list = parseTlsProtocols(text);
  return TLS_VERSIONS.map((v) => ({ yes: 'y', no: 'n', unclear: '?' })[list.allows(v)]).join('');
}

test.each([
  ['+ALL', 'yyyyy'],
  ['+all', 'yyyyy'],
  ['+ALL:-SSLv3', 'ynyyy'],
  ['+ALL:-SSLv2:-SSLv3', 'nnyyy'],
  [' +ALL : -sslv2 : -SSLV3 ', 'nnyyy'],
  ['+ALL:-SSLv3:+SSLv3', 'yyyyy'],
  ['+TLSv1.2', 'nnnny'],
  ['+TLSv1.1:+TLSv1.2', 'nnnyy'],
  ['+TLSv1.2:-ALL', 'nnnnn'],
  ['+TLSv1.2:-ALL:+TLSv1.0', 'nnynn'],
  ['-ALL:+TLSv1.2', 'nnnny'],
  ['-SSLv3', '?n???'],
  ['-SSLv2:-SSLv3:-TLSv1.0:+TLSv1.1:-TLSv1.2', 'nnnyn'],
  ['-SSLv2:-SSLv3:+TLSv1.2', 'nn??y'],
  [':ALL:-SSLv3', 'ynyyy'],
  ['TLSv1.2', 'nnnny'],
  ['+TLSv1', 'nnynn'],
  ['+ALL:-TLSv1', 'yynyy'],
  ['', '?????'],
  [' : ', '?????'],
  ['+SSLv9', '?????'],
  ['+ALL:-TLSv1.3', 'yyyyy'],
])('%j allows %s', (text, expected) => {
  expect(allowed(text)).toBe(expected);
});

test.each<[string, string[]]>([
  ['+ALL:-SSLv3', []],
  ['-SSLv3', []],
  [':ALL:-SSLv3', ['"ALL" has no sign; it is read as +ALL']],
  ['+TLSv1', ['TLSv1 is read as TLSv1.0']],
  ['+TLSv1.3:+ALL', ['"TLSv1.3" is not a protocol that the manual names']],
  [
    'x',
    [
      '"x" has no sign; it is read as +x',
      '"x" is not a protocol that the manual names',
      'no protocol is named',
    ],
  ],
  ['', ['no protocol is named']],
])('what is odd about %j', (text, warnings) => {
  expect(parseTlsProtocols(text).warnings).toEqual(warnings);
});

test.each<[string, TlsVersion[], string]>([
  ['+ALL', ['SSLv2', 'SSLv3'], '+ALL:-SSLv2:-SSLv3'],
  ['+ALL:-SSLv3', ['SSLv2', 'SSLv3'], '+ALL:-SSLv3:-SSLv2'],
  ['+ALL:-SSLv2:-SSLv3', ['SSLv2', 'SSLv3'], '+ALL:-SSLv2:-SSLv3'],
  ['+ALL:-sslv2:-sslv3', ['SSLv2', 'SSLv3'], '+ALL:-sslv2:-sslv3'],
  ['+ALL:-SSLv3:+SSLv3', ['SSLv3'], '+ALL:-SSLv3:+SSLv3:-SSLv3'],
  ['+TLSv1.2', ['SSLv2', 'SSLv3'], '+TLSv1.2'],
  ['+TLSv1.1:+TLSv1.2', ['TLSv1.1'], '+TLSv1.1:+TLSv1.2:-TLSv1.1'],
  ['-SSLv3', ['SSLv2', 'SSLv3'], '-SSLv3:-SSLv2'],
  ['-TLSv1.1', ['SSLv3'], '-TLSv1.1:-SSLv3'],
  ['', ['SSLv2', 'SSLv3'], '+ALL:-SSLv2:-SSLv3'],
  ['+SSLv9', ['SSLv3'], '+ALL:-SSLv3'],
  ['+ALL', [], '+ALL'],
])('%j without %j is %j', (text, versions, expected) => {
  expect(parseTlsProtocols(text).without(versions)).toBe(expected);
});

describe('for every list', () => {
  const token = fc
    .tuple(
      fc.constantFrom('+', '-', ''),
      fc.constantFrom(...TLS_VERSIONS, 'ALL', 'TLSv1', 'tlsv1.1', 'TLSv1.3', ''),
    )
    .map((parts) => parts.join(''));
  const lists = fc.array(token, { maxLength: 8 }).map((tokens) => tokens.join(':'));
  const versions = fc.subarray([...TLS_VERSIONS]);

  test('what is taken away is not allowed', () => {
    fc.assert(
      fc.property(lists, versions, (text, away) => {
        const result = parseTlsProtocols(parseTlsProtocols(text).without(away));
        for (const version of away) expect(result.allows(version)).toBe('no');
      }),
      { numRuns: 2_000 },
    );
  });

  test('what was decided for the other versions stays', () => {
    fc.assert(
      fc.property(lists, versions, (text, away) => {
        const before = parseTlsProtocols(text);
        const after = parseTlsProtocols(before.without(away));
        for (const version of TLS_VERSIONS)
          if (!away.includes(version) && before.allows(version) !== 'unclear')
            expect(after.allows(version)).toBe(before.allows(version));
      }),
      { numRuns: 2_000 },
    );
  });

  test('taking away twice is taking away once', () => {
    fc.assert(
      fc.property(lists, versions, (text, away) => {
        const once = parseTlsProtocols(text).without(away);
        expect(parseTlsProtocols(once).without(away)).toBe(once);
      }),
    );
  });
});

test.each(['+ALL', '+TLSv1.2', '-SSLv3', '+ALL:-SSLv2:-SSLv3:-TLSv1.0:-TLSv1.1:-TLSv1.2'])(
  'no list can name TLS 1.3: %s leaves it unclear',
  (text) => {
    expect(parseTlsProtocols(text).allows('TLSv1.3')).toBe('unclear');
  },
);
