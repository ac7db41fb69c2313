import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGnutlsPriority } from './gnutls-priority.js';
import { TLS_VERSIONS, type TlsVersion } from './tls-protocols.js';

/** One letter for each version from SSLv2 to TLSv1.2: y, n or ? (unclear). */
function allowed(text: string): string {
  const list = parseGnutlsPriority(text);
  return TLS_VERSIONS.map((v) => ({ yes: 'y', no: 'n', unclear: '?' })[list.allows(v)]).join('');
}

test.each([
  ['NORMAL', 'nyyyy'],
  ['normal', 'nyyyy'],
  ['LEGACY', 'nyyyy'],
  ['PERFORMANCE', 'nyyyy'],
  ['SECURE128', 'nyyyy'],
  ['SECURE192', 'nyyyy'],
  ['SECURE256', 'nyyyy'],
  ['PFS', 'nyyyy'],
  ['NONE', 'nnnnn'],
  ['SUITEB128', 'nnnnn'],
  ['SUITEB192', 'nnnnn'],
  ['none:+VERS-TLS1.2', 'nnnny'],
  ['NORMAL:-VERS-SSL3.0', 'nnyyy'],
  [' NORMAL : -VERS-SSL3.0 ', 'nnyyy'],
  ['NORMAL:!VERS-SSL3.0', 'nnyyy'],
  ['NORMAL:-vers-ssl3.0', 'nnyyy'],
  ['NORMAL:-VERS-SSL3.0:+VERS-SSL3.0', 'nyyyy'],
  ['NORMAL:-VERS-TLS1.0:-VERS-TLS1.1', 'nynny'],
  ['NORMAL:-VERS-ALL:+VERS-TLS1.2', 'nnnny'],
  ['NORMAL:-VERS-TLS-ALL:+VERS-TLS1.1', 'nnnyn'],
  ['NONE:+VERS-TLS-ALL', 'nyyyy'],
  ['NONE:+VERS-ALL:-VERS-SSL3.0', 'nnyyy'],
  ['NONE:+VERS-TLS1.2:+AES-256-CBC:+RSA:+SHA1:+COMP-NULL', 'nnnny'],
  ['NORMAL:%COMPAT:-ARCFOUR-128', 'nyyyy'],
  ['NORMAL:xVERS-SSL3.0:-VERS-SSL3', 'nyyyy'],
  ['NORMAL:-VERS-', 'nyyyy'],
  ['NORMAL:X-VERS-SSL3.0', 'nyyyy'],
  ['HIGH:!aNULL', 'n????'],
  ['DEFAULT', 'n????'],
  ['-VERS-SSL3.0', 'n????'],
  ['', 'n????'],
])('%j allows %s', (text, expected) => {
  expect(allowed(text)).toBe(expected);
});

test.each<[string, string[]]>([
  ['NORMAL:-VERS-SSL3.0', []],
  ['HIGH:!aNULL', ['"HIGH" is not a base that GnuTLS knows: is this a cipher list of OpenSSL?']],
  ['', ['"" is not a base that GnuTLS knows: is this a cipher list of OpenSSL?']],
])('what is odd about %j', (text, warnings) => {
  expect(parseGnutlsPriority(text).warnings).toEqual(warnings);
});

test.each<[string, TlsVersion[], string]>([
  ['NORMAL', ['SSLv3'], 'NORMAL:-VERS-SSL3.0'],
  ['NORMAL', ['SSLv2', 'SSLv3'], 'NORMAL:-VERS-SSL3.0'],
  ['NORMAL', ['SSLv2'], 'NORMAL'],
  ['NORMAL:-VERS-SSL3.0', ['SSLv3'], 'NORMAL:-VERS-SSL3.0'],
  ['NORMAL:-vers-ssl3.0', ['SSLv3'], 'NORMAL:-vers-ssl3.0'],
  ['NORMAL:-VERS-SSL3.0:+VERS-SSL3.0', ['SSLv3'], 'NORMAL:-VERS-SSL3.0:+VERS-SSL3.0:-VERS-SSL3.0'],
  ['SECURE256:%COMPAT', ['SSLv3', 'TLSv1.0'], 'SECURE256:%COMPAT:-VERS-SSL3.0:-VERS-TLS1.0'],
  ['', ['SSLv3'], 'NORMAL:-VERS-SSL3.0'],
  ['HIGH:!aNULL', ['SSLv3'], 'NORMAL:-VERS-SSL3.0'],
])('%j without %j is %j', (text, versions, expected) => {
  expect(parseGnutlsPriority(text).without(versions)).toBe(expected);
});

describe('for every string', () => {
  const base = fc.constantFrom('NORMAL', 'NONE', 'SECURE256', 'normal', 'HIGH', '');
  const token = fc
    .tuple(
      fc.constantFrom('+', '-', '!'),
      fc.constantFrom(
        'VERS-SSL3.0',
        'VERS-TLS1.0',
        'VERS-TLS1.1',
        'VERS-TLS1.2',
        'VERS-ALL',
        'vers-tls-all',
        'RSA',
      ),
    )
    .map((parts) => parts.join(''));
  const strings = fc
    .tuple(base, fc.array(token, { maxLength: 6 }))
    .map(([first, rest]) => [first, ...rest].join(':'));
  const versions = fc.subarray([...TLS_VERSIONS]);

  test('what is taken away is not allowed', () => {
    fc.assert(
      fc.property(strings, versions, (text, away) => {
        const result = parseGnutlsPriority(parseGnutlsPriority(text).without(away));
        for (const version of away) expect(result.allows(version)).toBe('no');
      }),
      { numRuns: 1_000 },
    );
  });

  test('the other versions stay as they were', () => {
    fc.assert(
      fc.property(strings, versions, (text, away) => {
        const before = parseGnutlsPriority(text);
        fc.pre(before.warnings.length === 0);
        const after = parseGnutlsPriority(before.without(away));
        for (const version of TLS_VERSIONS)
          if (!away.includes(version)) expect(after.allows(version)).toBe(before.allows(version));
      }),
    );
  });
});

// NEWS of GnuTLS: 3.4.0 takes SSL 3.0 out of the bases, 3.6.5 puts TLS 1.3 into them.
test.each<[string, string | null, string, string]>([
  ['NORMAL', null, 'y', '?'],
  ['NORMAL', '3.1.5', 'y', 'n'],
  ['NORMAL', '3.3.30', 'y', 'n'],
  ['NORMAL', '3.4.0', 'n', 'n'],
  ['NORMAL', '3.6.4', 'n', 'n'],
  ['NORMAL', '3.6.5', 'n', 'y'],
  ['NORMAL', '3.7.9', 'n', 'y'],
  ['NORMAL:+VERS-SSL3.0', '3.4.0', 'y', 'n'],
  ['NORMAL:-VERS-TLS1.3', '3.6.5', 'n', 'n'],
  ['NORMAL:+VERS-TLS1.3', '3.6.3', 'n', 'y'],
  ['NORMAL:-VERS-TLS1.3', null, 'y', 'n'],
  ['NORMAL:-VERS-ALL:+VERS-TLS1.2', null, 'n', 'n'],
  ['NORMAL:-VERS-TLS-ALL:+VERS-TLS1.2', null, 'n', 'n'],
  ['NORMAL:+VERS-TLS1.3', null, 'y', 'y'],
  ['NORMAL:-VERS-TLS1.30', null, 'y', '?'],
  ['NONE', null, 'n', 'n'],
  ['NONE:+VERS-TLS1.2', null, 'n', 'n'],
  ['NONE:+VERS-ALL', '3.1.5', 'y', 'y'],
])('%s under GnuTLS %s: SSLv3 %s, TLSv1.3 %s', (text, version, ssl3, tls13) => {
  const list = parseGnutlsPriority(text, version);
  const letters = { yes: 'y', no: 'n', unclear: '?' };
  expect([letters[list.allows('SSLv3')], letters[list.allows('TLSv1.3')]]).toEqual([ssl3, tls13]);
});

test('what is left out of a text of several blanks and colons is nothing', () => {
  expect(parseGnutlsPriority('NORMAL::-VERS-SSL3.0:').without(['SSLv3'])).toBe('NORMAL:-VERS-SSL3.0');
});
