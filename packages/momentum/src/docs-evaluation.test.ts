import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ANSWERS, ask, configOfExample, written } from '../testing/example.js';
import { examplesWith, readPage, spansOf, tableWith } from '../testing/page.js';
import { tlsScopes } from './evaluate/tls.js';
import { DECIDING_OPTION } from './evaluate/tls-effective.js';
import { parseGnutlsPriority } from './values/gnutls-priority.js';
import { libraryOffers, type TlsLibrary } from './values/library-protocols.js';
import { PROTOCOL_VERSIONS, parseTlsProtocols, TLS_VERSIONS } from './values/tls-protocols.js';

const page = readPage('evaluation.md');
const examples = examplesWith(page, ...ANSWERS);
const source = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

describe.each(examples)('the example below $heading', ({ conf, rows }) => {
  test('is valid', () => expect(configOfExample(conf).diagnostics).toEqual([]));

  test.each(rows.map((row) => [row['scope'], row['option'], row]))('%s: %s', (_scope, _option, row) => {
    expect(written(ask(conf, row))).toEqual({ value: row['value'], line: row['line'] });
  });
});

describe('where the manual is silent', () => {
  let heading = '';
  const reasons = page.flatMap((piece) => {
    if (piece.kind === 'heading') heading = piece.text;
    return piece.kind === 'prose' && piece.text.startsWith('> ')
      ? [[heading, piece.text.slice(2)] as const]
      : [];
  });

  test('has each reason of the evaluator', () => {
    const texts = readdirSync(new URL('evaluate', import.meta.url))
      .filter((name) => !name.endsWith('.test.ts'))
      .map((name) => source(`evaluate/${name}`));
    const constants = texts.flatMap((text) => [...text.matchAll(/^const [A-Z_]+ =\s+'([^']+ [^']+)';/gm)]);
    const told = reasons.map(([, reason]) => reason);
    expect(told.sort()).toEqual([...constants.map(([, reason]) => reason), 'could not be read'].sort());
  });

  test.each(reasons)('%s', (title, reason) => {
    const own = examples.filter((example) => example.heading === title);
    const answers = own.flatMap(({ conf, rows }) => rows.map((row) => ask(conf, row)));
    const doubted = answers.filter(({ indeterminate }) => indeterminate);
    expect(doubted.length).toBeGreaterThan(0);
    for (const { why } of doubted) expect(why).toContain(reason);
  });
});

describe('TLS', () => {
  const [ways] = examplesWith(page, 'way', 'posture', 'library');

  test('each way of the example has its posture and library', () => {
    const scopes = tlsScopes(configOfExample(ways?.conf ?? ''));
    const rows = scopes.map(({ label, posture, library }) => [`\`${label}\``, `\`${posture}\``, library]);
    expect(rows.sort()).toEqual(ways?.rows.map((row) => [row['way'], row['posture'], row['library']]).sort());
  });

  test('the table of postures has each of them', () => {
    const [, list = ''] = /readonly posture: (.*);/.exec(source('evaluate/tls.ts')) ?? [];
    const postures = [...list.matchAll(/'(\w+)'/g)].map(([, posture]) => `\`${posture}\``);
    expect(tableWith(page, 'posture', 'where', 'means').map((row) => row['posture'])).toEqual(
      postures.filter((posture) => !posture.includes('unknown')).concat('`unknown`'),
    );
  });

  test('the option that decides is that of the code', () => {
    const rows = tableWith(page, 'library', 'option', 'if it is unset', 'the other option');
    const told = rows.map((row) => [
      row['library'],
      { option: spansOf(row['option'] ?? '')[0], unset: spansOf(row['if it is unset'] ?? '')[0] },
    ]);
    expect(Object.fromEntries(told)).toEqual(DECIDING_OPTION);
  });

  const protocols = tableWith(page, 'TLS_Protocols', ...TLS_VERSIONS, 'note');
  const ciphers = tableWith(page, 'TLS_Ciphers', ...TLS_VERSIONS, 'note');
  test.each([
    ...protocols.map((row) => [row['TLS_Protocols'] ?? '', row, parseTlsProtocols] as const),
    ...ciphers.map(
      (row) => [row['TLS_Ciphers'] ?? '', row, (text: string) => parseGnutlsPriority(text, '3.1.5')] as const,
    ),
  ])('%s', (text, row, parse) => {
    const list = parse(spansOf(text)[0] ?? '');
    expect(TLS_VERSIONS.map((version) => list.allows(version))).toEqual(
      TLS_VERSIONS.map((version) => row[version]),
    );
  });

  const libraries = tableWith(page, 'library', 'from', ...PROTOCOL_VERSIONS);
  test.each(
    libraries.map((row) => [row['library'] as TlsLibrary, spansOf(row['from'] ?? '')[0] ?? '', row] as const),
  )('%s from %s', (library, from, row) => {
    const offered = PROTOCOL_VERSIONS.map((version) => libraryOffers(library, from, version).answer);
    expect(offered).toEqual(PROTOCOL_VERSIONS.map((version) => row[version]));
  });

  test('the table of libraries has each version at which something changes', () => {
    const [, openssl = '', gnutls = ''] = source('values/library-protocols.ts').split(
      /^const (?:OPENSSL|GNUTLS)/m,
    );
    const changes = (text: string) =>
      new Set([...text.matchAll(/from: '([\d.]+)'/g)].map(([, from]) => from));
    for (const [library, text] of Object.entries({ openssl, gnutls })) {
      const rows = libraries.filter((row) => row['library'] === library);
      expect(rows.map((row) => spansOf(row['from'] ?? '')[0])).toEqual([...changes(text)].sort());
    }
  });
});

test('there are examples of every kind of place', () => {
  const asked = examples.flatMap(({ rows }) => rows).map((row) => row['scope'] ?? '');
  for (const type of ['binding_group', 'binding', 'domain', 'host', 'listen', 'peer', 'pathway', 'global'])
    expect(asked.some((scope) => scope.includes(type))).toBe(true);
  expect(asked.length).toBeGreaterThan(40);
});
