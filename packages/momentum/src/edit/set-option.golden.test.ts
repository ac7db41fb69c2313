import { describe, expect, test } from 'vitest';
import { configOf, type Files, scope, textAfter } from '../../testing/configuration.js';
import { setOption } from './set-option.js';

function set(before: string | Files, [path, option, value]: readonly [string, string, string]) {
  return setOption(configOf(before), scope(path), option, value);
}

const REQUIRED = ['', 'TLS', 'required'] as const;
const IN_BINDING = ['binding b', 'TLS', 'required'] as const;

describe('a value that is replaced', () => {
  test.each([
    ['a word stays a word', 'TLS = no\n', REQUIRED, 'TLS = required\n'],
    ['a text stays a text', 'TLS = "no"\n', REQUIRED, 'TLS = "required"\n'],
    [
      'a word becomes a text where it must',
      'TLS_Ciphers = A\n',
      ['', 'TLS_Ciphers', 'A B'],
      'TLS_Ciphers = "A B"\n',
    ],
    [
      'a word with a sign that is not one of a word',
      'TLS_Ciphers = A\n',
      ['', 'TLS_Ciphers', 'A!B'],
      'TLS_Ciphers = "A!B"\n',
    ],
    [
      'a word may hold . : + - _ and digits',
      'TLS_Ciphers = A\n',
      ['', 'TLS_Ciphers', '+A.b:-C_9'],
      'TLS_Ciphers = +A.b:-C_9\n',
    ],
    [
      'the name, the blanks and the comment behind stay',
      '\ttls="no"   # why\n',
      REQUIRED,
      '\ttls="required"   # why\n',
    ],
    [
      'a comment between stays',
      'TLS /* a */ = /* b */ no /* c */\n',
      REQUIRED,
      'TLS /* a */ = /* b */ required /* c */\n',
    ],
    ['a value on the next line', 'TLS =\n  "no"\n', REQUIRED, 'TLS =\n  "required"\n'],
    ['a text of several lines', 'Query = "select\n 1"\n', ['', 'Query', 'select 2'], 'Query = "select 2"\n'],
    ['without a final line feed', 'TLS = no', REQUIRED, 'TLS = required'],
    ['with CRLF', 'TLS = no\r\nA = 1\r\n', REQUIRED, 'TLS = required\r\nA = 1\r\n'],
    ['the last of several counts', 'TLS = no\nTLS = ifavailable\n', REQUIRED, 'TLS = no\nTLS = required\n'],
    [
      'the last of several openings',
      'binding b { TLS = no }\nbinding b { TLS = no }\n',
      IN_BINDING,
      'binding b { TLS = no }\nbinding b { TLS = required }\n',
    ],
    [
      'a binding inside its group',
      'binding_group g {\n  binding b { TLS = no }\n}\n',
      IN_BINDING,
      'binding_group g {\n  binding b { TLS = required }\n}\n',
    ],
    [
      'a pathway inside its group',
      'Pathway_Group g { Pathway p { Idle_Time = 1 } }\n',
      ['pathway p', 'Idle_Time', '2'],
      'Pathway_Group g { Pathway p { Idle_Time = 2 } }\n',
    ],
    [
      'a listen inside its listener',
      'ESMTP_Listener { Listen ":25" { Idle_Time = 1 } }\n',
      ['listen *:25', 'Idle_Time', '2'],
      'ESMTP_Listener { Listen ":25" { Idle_Time = 2 } }\n',
    ],
    ['a list', 'Relay_Hosts = ( a "b" )\n', ['', 'Relay_Hosts', ' c  d '], 'Relay_Hosts = ( "c" "d" )\n'],
    [
      'a list of several lines',
      'Relay_Hosts = (\n  a\n  b\n)\n',
      ['', 'Relay_Hosts', 'c'],
      'Relay_Hosts = ( "c" )\n',
    ],
    ['an empty list', 'Relay_Hosts = ( )\n', ['', 'Relay_Hosts', 'c'], 'Relay_Hosts = ( "c" )\n'],
    ['a list that becomes empty', 'Relay_Hosts = ( a )\n', ['', 'Relay_Hosts', ''], 'Relay_Hosts = (  )\n'],
    [
      'a single word of an option that is a list',
      'Relay_Hosts = a\n',
      ['', 'Relay_Hosts', 'b'],
      'Relay_Hosts = b\n',
    ],
    [
      'several words of an option that is a list',
      'Relay_Hosts = "a"\n',
      ['', 'Relay_Hosts', 'b c'],
      'Relay_Hosts = ( "b" "c" )\n',
    ],
    [
      'a list of one keeps the blanks of its element',
      'uri = ( "pgsql:host=a" )\n',
      ['', 'uri', 'pgsql:host=b; dbname=c'],
      'uri = ( "pgsql:host=b; dbname=c" )\n',
    ],
    [
      'a list of one of an option that is a list',
      'Relay_Hosts = ( a )\n',
      ['', 'Relay_Hosts', 'b c'],
      'Relay_Hosts = ( "b" "c" )\n',
    ],
    [
      'a list as it is written',
      'Relay_Hosts = ( a )\n',
      ['', 'Relay_Hosts', ' ( "b c" d ) '],
      'Relay_Hosts = ( "b c" d )\n',
    ],
    [
      'a dictionary as it is written',
      'Map = [ a = 1 ]\n',
      ['', 'Map', '[ a = 2  b = ( 3 4 ) ]'],
      'Map = [ a = 2  b = ( 3 4 ) ]\n',
    ],
    ['a bracket that nothing closes is a text', 'Note = x\n', ['', 'Note', '( a'], 'Note = "( a"\n'],
    [
      'a bracket with more behind it is a text',
      'Note = x\n',
      ['', 'Note', '( a ) b = c'],
      'Note = "( a ) b = c"\n',
    ],
    ['a text in place of a dictionary', 'Map = [ a = 1 ]\n', ['', 'Map', 'none'], 'Map = "none"\n'],
  ] as const)('%s', (_name, before, call, after) => {
    expect(textAfter(before, set(before, call))).toBe(after);
  });

  // Only \" and \\ are escapes: everything else stands as it is.
  test.each([
    ['a quote', 'a "b"', '"a \\"b\\""'],
    ['a backslash before a letter', 'a\\b', '"a\\b"'],
    ['a backslash at the end', 'a\\', '"a\\\\"'],
    ['two backslashes', 'a\\\\b', '"a\\\\\\b"'],
    ['a backslash before a quote', 'a\\"b', '"a\\\\\\"b"'],
    ['a comment sign', 'a # b', '"a # b"'],
    ['braces', '}{', '"}{"'],
    ['an apostrophe', "it's", '"it\'s"'],
    ['a tab', 'a\tb', '"a\tb"'],
    ['nothing', '', '""'],
  ])('%s is written so that it is read again', (_name, value, literal) => {
    const before = 'Note = "old" # "kept"\n';
    expect(textAfter(before, set(before, ['', 'Note', value]))).toBe(`Note = ${literal} # "kept"\n`);
  });
});

describe('a value that is new', () => {
  test.each([
    ['a number is bare', ['', 'Idle_Timeout', '10'], 'Idle_Timeout = 10\n'],
    ['a number below zero', ['', 'Idle_Timeout', '-1'], 'Idle_Timeout = -1\n'],
    ['a boolean is bare', ['', 'Open_Relay', 'False'], 'Open_Relay = False\n'],
    ['a switch is bare', ['', 'Open_Relay', 'enabled'], 'Open_Relay = enabled\n'],
    [
      'what only begins with a number is a text',
      ['', 'Idle_Timeout', '10 hours'],
      'Idle_Timeout = "10 hours"\n',
    ],
    ['what only ends with a boolean is a text', ['', 'Gateway', 'not-true'], 'Gateway = "not-true"\n'],
    ['a word is a text', REQUIRED, 'TLS = "required"\n'],
    [
      'an option that is a list',
      ['', 'Relay_Hosts', '10.0.0.0/8 ::1'],
      'Relay_Hosts = ( "10.0.0.0/8" "::1" )\n',
    ],
  ] as const)('%s', (_name, call, after) => {
    expect(textAfter('', set('', call))).toBe(after);
  });

  test.each([
    ['after the last option', 'A = 1\nbinding b { }\n', 'A = 1\nTLS = "required"\nbinding b { }\n'],
    ['indented as that option', '  A = 1\n', '  A = 1\n  TLS = "required"\n'],
    ['behind its comment', 'A = 1 # why\nB { }\n', 'A = 1 # why\nTLS = "required"\nB { }\n'],
    ['with CRLF', 'A = 1\r\nB { }\r\n', 'A = 1\r\nTLS = "required"\r\nB { }\r\n'],
    ['without a final line feed', 'A = 1', 'A = 1\nTLS = "required"'],
    ['where no option is there, at the end', 'B { }\n', 'B { }\nTLS = "required"\n'],
    ['at the end, without a final line feed', 'B { }', 'B { }\nTLS = "required"\n'],
    ['at the end, with CRLF and without a final line feed', 'B {\r\n}', 'B {\r\n}\r\nTLS = "required"\r\n'],
    [
      'where the line of the last option holds a scope',
      'A = 1 B { }\nC { }\n',
      'A = 1 B { }\nTLS = "required"\nC { }\n',
    ],
    ['where that scope goes on, at the end', 'A = 1 B {\n}\n', 'A = 1 B {\n}\nTLS = "required"\n'],
    ['where a comment goes on, at the end', 'A = 1 /* a\nb */\n', 'A = 1 /* a\nb */\nTLS = "required"\n'],
    [
      'a value of several lines is not cut',
      'A = (\n  1\n)\nB { }\n',
      'A = (\n  1\n)\nTLS = "required"\nB { }\n',
    ],
  ])('at the top level: %s', (_name, before, after) => {
    expect(textAfter(before, set(before, REQUIRED))).toBe(after);
  });

  test.each([
    [
      'indented as what stands there',
      'binding b {\n    A = 1\n}\n',
      'binding b {\n    A = 1\n    TLS = "required"\n}\n',
    ],
    ['with tabs', 'binding b {\n\tA = 1\n}\n', 'binding b {\n\tA = 1\n\tTLS = "required"\n}\n'],
    ['with CRLF', 'binding b {\r\n  A = 1\r\n}\r\n', 'binding b {\r\n  A = 1\r\n  TLS = "required"\r\n}\r\n'],
    ['in an empty one of two lines', 'binding b {\n}\n', 'binding b {\n  TLS = "required"\n}\n'],
    [
      'in an empty one of two lines, in a file with tabs',
      'A {\n\tx = 1\n}\nbinding b {\n}\n',
      'A {\n\tx = 1\n}\nbinding b {\n\tTLS = "required"\n}\n',
    ],
    ['in an empty one of one line', 'binding b { }\n', 'binding b {\n  TLS = "required"\n}\n'],
    ['in an empty one without a blank', 'binding b {}\n', 'binding b {\n  TLS = "required"\n}\n'],
    ['in one line', 'binding b { A = 1 }\n', 'binding b { A = 1 TLS = "required" }\n'],
    [
      'in one line without a blank before the brace',
      'binding b {A = 1}\n',
      'binding b {A = 1 TLS = "required"}\n',
    ],
    [
      'where the brace follows the last statement',
      'binding b {\n  A = 1 }\n',
      'binding b {\n  A = 1 TLS = "required" }\n',
    ],
    [
      'where a comment stands before the brace',
      'binding b { A = 1 /* why */ }\n',
      'binding b { A = 1 /* why */ \n  TLS = "required"\n}\n',
    ],
    [
      'where only a comment stands in it',
      'binding b {\n  # none\n}\n',
      'binding b {\n  # none\n  TLS = "required"\n}\n',
    ],
    [
      'where the brace opens on the next line',
      'binding b\n{\n  A = 1\n}\n',
      'binding b\n{\n  A = 1\n  TLS = "required"\n}\n',
    ],
    [
      'in a file whose first line alone has a tab',
      '\tbinding b { }\n',
      '\tbinding b {\n\t\tTLS = "required"\n\t}\n',
    ],
    [
      'beside what does not belong there',
      'binding b {\n      =\n   A = 1\n}\n',
      'binding b {\n      =\n   A = 1\n   TLS = "required"\n}\n',
    ],
    [
      'in the last of several openings',
      'binding b { A = 1 }\nbinding b { B = 2 }\n',
      'binding b { A = 1 }\nbinding b { B = 2 TLS = "required" }\n',
    ],
    [
      'in its group',
      'binding_group g {\n  binding b {\n    A = 1\n  }\n}\n',
      'binding_group g {\n  binding b {\n    A = 1\n    TLS = "required"\n  }\n}\n',
    ],
    [
      'an indented empty one',
      'binding_group g {\n   binding b { }\n}\n',
      'binding_group g {\n   binding b {\n     TLS = "required"\n   }\n}\n',
    ],
    [
      'beside the group where two groups have it',
      'binding_group f { binding b { } }\nbinding_group g { binding b { } }\n',
      'binding_group f { binding b { } }\nbinding_group g { binding b { } }\nbinding "b" {\n  TLS = "required"\n}\n',
    ],
    [
      'beside the group where it stands there too',
      'binding b { A = 1 }\nbinding_group g { binding b { } }\n',
      'binding b { A = 1 TLS = "required" }\nbinding_group g { binding b { } }\n',
    ],
  ])('in a binding: %s', (_name, before, after) => {
    expect(textAfter(before, set(before, IN_BINDING))).toBe(after);
  });

  test.each([
    ['at the end', 'A = 1\n', IN_BINDING, 'A = 1\nbinding "b" {\n  TLS = "required"\n}\n'],
    [
      'after a last line without a line feed',
      'A = 1',
      IN_BINDING,
      'A = 1\nbinding "b" {\n  TLS = "required"\n}\n',
    ],
    [
      'with the tabs of the file',
      'A {\n\tx = 1\n}\n',
      IN_BINDING,
      'A {\n\tx = 1\n}\nbinding "b" {\n\tTLS = "required"\n}\n',
    ],
    [
      'with the CRLF of the file',
      'A = 1\r\n',
      IN_BINDING,
      'A = 1\r\nbinding "b" {\r\n  TLS = "required"\r\n}\r\n',
    ],
    [
      'one in the other',
      '',
      ['binding b > domain d.test', 'TLS', 'required'],
      'binding "b" {\n  domain "d.test" {\n    TLS = "required"\n  }\n}\n',
    ],
    [
      'in the one that is there',
      'binding b {\n   A = 1\n}\n',
      ['binding b > domain d.test', 'TLS', 'required'],
      'binding b {\n   A = 1\n   domain "d.test" {\n      TLS = "required"\n   }\n}\n',
    ],
    [
      'in one of one line',
      'binding b { A = 1 }\n',
      ['binding b > domain d.test', 'TLS', 'required'],
      'binding b { A = 1\n  domain "d.test" {\n    TLS = "required"\n  }\n}\n',
    ],
    ['without a name', '', ['securecreds', 'Key', '/k'], 'securecreds {\n  Key = "/k"\n}\n'],
    [
      'with a name that needs an escape',
      '',
      ['domain /a\\.b"/', 'TLS', 'required'],
      'domain "/a\\.b\\"/" {\n  TLS = "required"\n}\n',
    ],
  ] as const)('in a scope that is missing: %s', (_name, before, call, after) => {
    expect(textAfter(before, set(before, call))).toBe(after);
  });
});
