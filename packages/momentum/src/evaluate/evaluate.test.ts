import { describe, expect, test } from 'vitest';
import { configOf, MAIN, scope } from '../../testing/configuration.js';
import { evaluate } from './evaluate.js';

function ask(text: string, path: string, option: string) {
  return evaluate(configOf(text), scope(path), option);
}

describe('several assignments', () => {
  test.each([
    ['in one scope: the last counts', 'binding b { TLS = no TLS = required }', 'binding b', 'required'],
    [
      'in two openings of one scope: the last counts',
      'binding b { TLS = no }\nbinding b { TLS = required }',
      'binding b',
      'required',
    ],
    [
      'in an opening that sets it and a later one that does not: the first counts',
      'binding b { TLS = required }\nbinding b { }',
      'binding b',
      'required',
    ],
    ['of one name in other letters: the last counts', 'TLS = no\ntls = required', '', 'required'],
    [
      'a list is replaced, not added to',
      'Relay_Hosts = ( a b )\nRelay_Hosts = ( c )',
      '',
      'c',
      'Relay_Hosts',
    ],
    ['an assignment that breaks off does not count', 'TLS = required\nTLS =', '', 'required'],
  ])('%s', (_name, text, path, expected, option = 'TLS') => {
    expect(ask(text, path, option)).toMatchObject({ text: expected, indeterminate: false });
  });
});

// conf.ecelerity.conf; conf.ref.binding and conf.ref.binding_group for the two that tell case apart.
describe('names', () => {
  test.each([
    ['of options are compared without regard to case', 'tls_CIPHERS = yes', '', 'TLS_Ciphers', 'yes'],
    ['of types too', 'BINDING b { TLS_Ciphers = yes }', 'binding b', 'TLS_Ciphers', 'yes'],
    [
      'of the types that are asked for too',
      'domain b { TLS_Ciphers = yes }',
      'DOMAIN b',
      'TLS_Ciphers',
      'yes',
    ],
    [
      'of bindings are not',
      'binding B { TLS_Ciphers = no }\nTLS_Ciphers = yes',
      'binding b',
      'TLS_Ciphers',
      'yes',
    ],
    [
      'of groups are not',
      'binding_group G { TLS_Ciphers = no }\nTLS_Ciphers = yes',
      'binding_group g',
      'TLS_Ciphers',
      'yes',
    ],
    [
      'of domains are',
      'domain Example.COM { TLS_Ciphers = yes }',
      'domain example.com',
      'TLS_Ciphers',
      'yes',
    ],
    ['of pathways are', 'Pathway P { TLS_Ciphers = yes }', 'pathway p', 'TLS_Ciphers', 'yes'],
    [
      ':25 is *:25',
      'ESMTP_Listener { Listen "*:25" { TLS_Ciphers = yes } }',
      'ESMTP_Listener > Listen :25',
      'TLS_Ciphers',
      'yes',
    ],
    [
      ':25 is 0.0.0.0:25',
      'ESMTP_Listener { Listen ":25" { TLS_Ciphers = yes } }',
      'ESMTP_Listener > Listen 0.0.0.0:25',
      'TLS_Ciphers',
      'yes',
    ],
    [
      ':25 is not :250',
      'ESMTP_Listener { Listen ":250" { TLS_Ciphers = no } }\nTLS_Ciphers = yes',
      'ESMTP_Listener > Listen :25',
      'TLS_Ciphers',
      'yes',
    ],
    [
      ':25 is not [::]:25',
      'ESMTP_Listener { Listen "[::]:25" { TLS_Ciphers = no } }\nTLS_Ciphers = yes',
      'ESMTP_Listener > Listen :25',
      'TLS_Ciphers',
      'yes',
    ],
    [
      ':25 is not 10.0.0.0:25',
      'ESMTP_Listener { Listen "10.0.0.0:25" { TLS_Ciphers = no } }\nTLS_Ciphers = yes',
      'ESMTP_Listener > Listen :25',
      'TLS_Ciphers',
      'yes',
    ],
    [
      'of listens are compared without regard to case',
      'ESMTP_Listener { Listen "/tmp/S" { TLS_Ciphers = yes } }',
      'ESMTP_Listener > Listen /tmp/s',
      'TLS_Ciphers',
      'yes',
    ],
    ['a nameless scope is not one with a name', 'logger "a" { Mode = no }', 'logger', 'Mode', null],
  ])('%s', (_name, text, path, option, expected) => {
    expect(ask(text, path, option)).toMatchObject({ text: expected, indeterminate: false });
  });
});

describe('modules', () => {
  test.each([
    ['the block sets it', 'securecreds { Key = /a }', 'securecreds', 'Key', '/a'],
    [
      'a module has its own default',
      'securecreds { }',
      'securecreds',
      'Key',
      '/opt/msys/etc/credentials.key',
    ],
    [
      "a module's own option does not come from the top level",
      'securecreds { }\nKey = /a',
      'securecreds',
      'Key',
      '/opt/msys/etc/credentials.key',
    ],
    ['an option of the top level does', 'securecreds { }\nHostname = h', 'securecreds', 'Hostname', 'h'],
    [
      'an option that no table knows does',
      'securecreds { }\nUnheard_Of = h',
      'securecreds',
      'Unheard_Of',
      'h',
    ],
    [
      'a scope in a module falls back to the module',
      'auth { Mode = 1 part "x" { } }',
      'auth > part x',
      'Mode',
      '1',
    ],
    [
      'a scope in a module is asked first',
      'auth { Mode = 1 part "x" { Mode = 2 } }',
      'auth > part x',
      'Mode',
      '2',
    ],
    ["a module's option at the top level, asked there", 'Key = /a', '', 'Key', '/a'],
  ])('%s', (_name, text, path, option, expected) => {
    expect(ask(text, path, option)).toMatchObject({ text: expected, indeterminate: false });
  });
});

describe('values', () => {
  test.each([
    ['a word', 'x = word', 'word', 'word'],
    ['a text', 'x = "a text"', 'a text', 'a text'],
    ['a text with escapes', 'x = "a \\"b\\" \\\\ \\w"', 'a "b" \\ \\w', 'a "b" \\ \\w'],
    ['a list', 'x = ( a "b c" )', ['a', 'b c'], 'a b c'],
    ['an empty list', 'x = ( )', [], ''],
    ['a dictionary', 'x = [ a = 1 "b" = "2 3" ]', { a: '1', b: '2 3' }, 'a=1 b=2 3'],
    ['a dictionary that holds a list', 'x = [ a = ( 1 2 ) ]', { a: '1 2' }, 'a=1 2'],
    ['a dictionary with a key that breaks off', 'x = [ a = ]', { a: '' }, 'a='],
  ])('%s', (_name, text, value, inOneLine) => {
    expect(ask(text, '', 'x')).toMatchObject({ value, text: inOneLine });
  });
});

describe('what is told of an answer', () => {
  const text = 'TLS = no\nbinding b {\n  # here\n  TLS = ifavailable\n   TLS = required\n}\n';

  test('where a value stands', () => {
    const answer = ask(text, 'binding b', 'TLS');
    expect(answer).toMatchObject({
      option: 'tls',
      scope: scope('binding b'),
      set: true,
      indeterminate: false,
    });
    expect(answer.origin).toEqual({ kind: 'file', file: MAIN, line: 5, column: 4 });
    expect(answer.why).toBe('set in Binding:b:');
    expect(answer.candidates).toEqual([]);
  });

  test('the chain: every scope that is there, with what it sets', () => {
    expect(ask(text, 'binding b > domain d.test', 'TLS').chain).toEqual([
      { where: 'Binding:b:', text: 'required', origin: { kind: 'file', file: MAIN, line: 5, column: 4 } },
      { where: 'Global', text: 'no', origin: { kind: 'file', file: MAIN, line: 1, column: 1 } },
    ]);
  });

  test.each([
    ['a default', 'TLS', 'no', 'not set: the default that the manual names'],
    ['an option of the table without a default', 'TLS_Key', null, 'not set, and the manual names no default'],
    ['an option that no table knows', 'Unheard_Of', null, 'not set, and the manual names no default'],
  ])('%s', (_name, option, value, why) => {
    const answer = ask('', '', option);
    expect(answer).toMatchObject({ text: value, value, set: false, why, indeterminate: false });
    expect(answer.origin).toEqual({ kind: 'default' });
  });

  test('the default is that of the type of scope, where types have their own', () => {
    expect(ask('', 'snmp', 'State').text).toBe('1');
    expect(ask('', 'snmp > snmp_traps', 'State').text).toBe('0');
  });

  test('candidates tell where each comes from; a default is one of them', () => {
    const config = configOf(
      'binding_group g { binding b { } }\ndomain d.test { TLS = required }\ndomain "/test/" { }\ndomain "/d/" { TLS_Verify = host }',
    );
    const { candidates, indeterminate } = evaluate(config, scope('binding b > domain d.test'), 'TLS_Verify');
    expect(indeterminate).toBe(true);
    expect(candidates).toEqual([
      {
        value: 'host',
        text: 'host',
        origin: { kind: 'file', file: MAIN, line: 4, column: 16 },
        where: 'Domain:/d/:',
      },
      { value: 'no', text: 'no', origin: { kind: 'default' }, where: 'default' },
    ]);
  });
});
