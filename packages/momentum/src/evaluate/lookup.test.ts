import { describe, expect, test } from 'vitest';
import { configOf, MAIN, scope } from '../../testing/configuration.js';
import { allSettings, datasourceUris, hasModule, scopesNamed, settingsNamed } from './lookup.js';

describe('scopesNamed', () => {
  test('finds every instance wherever it stands, once, where it is opened first', () => {
    const config = configOf({
      [MAIN]: 'binding a { }\nbinding_group g {\n  binding b { }\n}\ninclude "more.conf"\n',
      '/etc/more.conf': 'BINDING a { }\nbinding c { }\n',
    });
    expect(scopesNamed(config, 'Binding')).toEqual([
      { path: scope('binding a'), at: { file: MAIN, line: 1 } },
      { path: scope('binding_group g > binding b'), at: { file: MAIN, line: 3 } },
      { path: scope('binding c'), at: { file: '/etc/more.conf', line: 2 } },
    ]);
    expect(scopesNamed(config, 'domain')).toEqual([]);
  });

  test('finds scopes of the type inside others of it', () => {
    const found = scopesNamed(configOf('part "a" { part "b" { } }'), 'part');
    expect(found.map(({ path }) => path.length)).toEqual([1, 2]);
  });
});

describe('hasModule', () => {
  test.each([
    ['an empty block', 'tls_macros { }', true],
    ['a block that says nothing of it', 'tls_macros { x = 1 }', true],
    ['enabled = true', 'tls_macros { enabled = true }', true],
    ['enabled = false', 'tls_macros { enabled = false }', false],
    ['Enabled = "OFF"', 'tls_macros { Enabled = "OFF" }', false],
    ['what is not a boolean does not switch it off', 'tls_macros { enabled = maybe }', true],
    ['a list does not switch it off', 'tls_macros { enabled = ( false ) }', true],
    ['the last assignment counts', 'tls_macros { enabled = false enabled = true }', true],
    ['two openings are one block', 'tls_macros { enabled = true }\ntls_macros { enabled = false }', false],
    ['of two instances one is on', 'tls_macros "a" { enabled = false } tls_macros "b" { }', true],
    [
      'of two instances both are off',
      'tls_macros "a" { enabled = 0 }\ntls_macros "b" { enabled = no }',
      false,
    ],
    ['a name in other letters', 'TLS_Macros { }', true],
  ])('%s', (_name, text, enabled) => {
    expect(hasModule(configOf(text), 'tls_MACROS')).toMatchObject({ enabled, at: { file: MAIN, line: 1 } });
  });

  test.each([
    ['nothing', ''],
    ['another module', 'tls_macros2 { }'],
    ['a block inside another scope', 'binding b { tls_macros { } }'],
    ['a block in a comment', '# tls_macros { }'],
    ['an option of that name', 'tls_macros = 1'],
  ])('is null for %s', (_name, text) => {
    expect(hasModule(configOf(text), 'tls_macros')).toBeNull();
  });

  test('of several instances that one is told that is on', () => {
    const config = configOf('logger "a" { enabled = false }\nlogger "b" { }\n');
    expect(hasModule(config, 'logger')).toEqual({
      path: scope('logger b'),
      at: { file: MAIN, line: 2 },
      enabled: true,
    });
  });
});

describe('settingsNamed', () => {
  test('finds every line, also one that does not count', () => {
    const config = configOf(
      'TLS_Key = /a\nbinding b {\n  tls_key = /b\n  TLS_KEY = ( /c /d )\n  TLS_Keys = /no\n}\n# TLS_Key = /no\n',
    );
    expect(settingsNamed(config, 'Tls_Key')).toEqual([
      { option: 'tls_key', scope: [], label: 'Global', at: { file: MAIN, line: 1 }, text: '/a' },
      {
        option: 'tls_key',
        scope: scope('binding b'),
        label: 'Binding:b:',
        at: { file: MAIN, line: 3 },
        text: '/b',
      },
      {
        option: 'tls_key',
        scope: scope('binding b'),
        label: 'Binding:b:',
        at: { file: MAIN, line: 4 },
        text: '/c /d',
      },
    ]);
    expect(settingsNamed(config, 'TLS')).toEqual([]);
    expect(allSettings(config).map(({ option, text }) => [option, text])).toEqual([
      ['tls_key', '/a'],
      ['tls_key', '/b'],
      ['tls_key', '/c /d'],
      ['tls_keys', '/no'],
    ]);
  });
});

// modules.ds_core.
describe('datasourceUris', () => {
  const uris = (value: string) => datasourceUris(configOf(`Datasource "d" {\n  uri = ${value}\n}\n`));

  test.each([
    ['a driver and a host', '"pgsql:host=db.test;dbname=x"', 'pgsql', 'db.test'],
    ['a host behind a blank', '"mysql: dbname=x; HOST=db.test port=1"', 'mysql', 'db.test'],
    ['a file', '"sqlite:/var/x.db"', 'sqlite', null],
    ['an address', '"ldap://dir.test:389/o=x"', 'ldap', 'dir.test'],
    ['an address with an account', '"LDAP://user@dir.test/o=x"', 'ldap', 'dir.test'],
    ['an address with a query', '"http://dir.test?x=1"', 'http', 'dir.test'],
    ['no driver', '"dbname=x"', '', null],
    ['host as the end of another word is none', '"odbc:localhost=x"', 'odbc', null],
  ])('%s', (_name, value, driver, host) => {
    expect(uris(value)).toEqual([
      expect.objectContaining({ driver, host, secretAt: null, uri: value.slice(1, -1) }),
    ]);
  });

  test('a secret is masked, and its place told', () => {
    const text = '# one\nDatasource "d" {\n  uri = ( "pgsql:host=a" "pgsql:host=b;password=s3cr3t" )\n}\n';
    const [first, second] = datasourceUris(configOf(text));
    expect(first).toMatchObject({ uri: 'pgsql:host=a', secretAt: null, at: { file: MAIN, line: 3 } });
    expect(second).toMatchObject({ uri: 'pgsql:host=b;password=********', scope: scope('datasource d') });
    const { line, start, end, file } = second?.secretAt ?? { line: 0, start: 0, end: 0, file: '' };
    expect([file, line, text.slice(start, end)]).toEqual([MAIN, 3, 's3cr3t']);
  });

  test('a password in an address is masked and the host is not that of the account', () => {
    expect(uris('"mysql://root:s3cr3t@db.test/x"')).toEqual([
      expect.objectContaining({ uri: 'mysql://root:********@db.test/x', host: 'db.test' }),
    ]);
  });

  test('quotes in the string become single ones and hide nothing', () => {
    expect(uris('"pgsql:x=\\"a\\" password=s3cr3t"')).toEqual([
      expect.objectContaining({ uri: "pgsql:x='a' password=********" }),
    ]);
  });

  test.each([
    ['a secret in a comment of the same list', '( "pgsql:host=a" # password=no\n )', 1],
    ['a dictionary holds none', '[ a = "pgsql:host=a" ]', 0],
  ])('%s', (_name, value, count) => {
    const found = uris(value);
    expect(found).toHaveLength(count);
    expect(found.every(({ secretAt }) => secretAt === null)).toBe(true);
  });

  test('every assignment of every Datasource is told, another scope is none', () => {
    const text =
      'Datasource "a" { uri = "pgsql:x" uri = "mysql:x" }\nGroup { Datasource "b" { uri = "odbc:x" } }\nStore { uri = "no:x" }';
    expect(datasourceUris(configOf(text)).map(({ driver }) => driver)).toEqual(['pgsql', 'mysql', 'odbc']);
  });
});
