import { describe, expect, test } from 'vitest';
import { configOf, type Files, MAIN, scope } from '../../testing/configuration.js';
import { setOption } from './set-option.js';

function set(before: string | Files, [path, option, value]: readonly [string, string, string]) {
  return setOption(configOf(before), scope(path), option, value);
}

const REQUIRED = ['', 'TLS', 'required'] as const;
const IN_BINDING = ['binding b', 'TLS', 'required'] as const;

describe('which file is edited', () => {
  const PART = '/etc/part.conf';
  test.each([
    [
      'the one that sets it',
      { [MAIN]: 'TLS = no\ninclude "part.conf"\n', [PART]: 'TLS = no\n' },
      REQUIRED,
      PART,
      'TLS = required\n',
    ],
    [
      'the one that opens the scope',
      { [MAIN]: 'include "part.conf"\n', [PART]: 'binding b { A = 1 }\n' },
      IN_BINDING,
      PART,
      'binding b { A = 1 TLS = "required" }\n',
    ],
    [
      'the main file, for the top level',
      { [MAIN]: 'include "part.conf"\n', [PART]: 'A = 1\n' },
      REQUIRED,
      MAIN,
      'include "part.conf"\nTLS = "required"\n',
    ],
    [
      'the main file, where a later include overrules what stands beside its options',
      { [MAIN]: 'TLS = ifavailable\nreadonly_include "part.conf"\n', [PART]: 'TLS = no\n' },
      REQUIRED,
      MAIN,
      'TLS = ifavailable\nreadonly_include "part.conf"\nTLS = required\n',
    ],
    [
      'an earlier opening, where the last is read-only',
      { [MAIN]: 'binding b { A = 1 }\nreadonly_include "part.conf"\n', [PART]: 'binding b { C = 1 }\n' },
      IN_BINDING,
      MAIN,
      'binding b { A = 1 TLS = "required" }\nreadonly_include "part.conf"\n',
    ],
    [
      'the scope around an include that is read-only, after it',
      { [MAIN]: 'binding b { readonly_include "part.conf" }\n', '/etc/part.conf': 'TLS = "no"\n' },
      IN_BINDING,
      MAIN,
      'binding b { readonly_include "part.conf" TLS = "required" }\n',
    ],
    [
      'any, though another file is missing',
      { [MAIN]: 'include "gone.conf"\nTLS = no\ninclude "gone.conf"\n' },
      REQUIRED,
      MAIN,
      'include "gone.conf"\nTLS = required\ninclude "gone.conf"\n',
    ],
  ] as const)('%s', (_name, files, call, path, after) => {
    const result = set(files, call);
    expect(result).toMatchObject({ ok: true, unchanged: false, files: [{ path, after, edits: [{}] }] });
  });

  test('none, where it is so already', () => {
    expect(set('tls = "required"\n', REQUIRED)).toEqual({ ok: true, unchanged: true, files: [] });
  });
});

describe('what is refused', () => {
  const LOST = '/etc/lost.conf';
  test.each([
    ['a name with a blank', '', ['', 'TLS Key', 'x'], '"TLS Key" is not the name of an option'],
    ['a name that begins with a digit', '', ['', '1a', 'x'], '"1a" is not the name of an option'],
    ['a name with a line feed at its end', '', ['', 'a\n', 'x'], 'is not the name of an option'],
    ['no name', '', ['', '', 'x'], '"" is not the name of an option'],
    ['a value with a line feed', '', ['', 'TLS', 'a\nb'], 'one line of text'],
    ['a value with a control character', '', ['', 'TLS', 'a\u0001'], 'one line of text'],
    ['a value with DEL', '', ['', 'TLS', 'a\u007f'], 'one line of text'],
    [
      'a value that a file that was not read may change',
      { [MAIN]: 'TLS = no\ninclude "lost.conf"\n', [LOST]: '!denied' },
      REQUIRED,
      `an edit of ${MAIN} would have no certain effect: ${LOST} could not be read (denied)`,
    ],
    [
      'the same, where it is so already',
      { [MAIN]: 'TLS = required\ninclude "lost.conf"\n', [LOST]: '!denied' },
      REQUIRED,
      `it is set already in ${MAIN}:1, but ${LOST} could not be read`,
    ],
    [
      'what makes the configuration invalid',
      'A = 1\n',
      ['', 'Local_Changes_File', MAIN],
      `an edit of ${MAIN} would make its text invalid`,
    ],
    [
      'an option that does nothing there',
      'host mx.test { TLS = no }\n',
      ['host mx.test', 'TLS', 'required'],
      'would have no certain effect: not set',
    ],
    [
      'an option that a group does not hand down',
      'Pathway_Group g { Idle_Time = 1 }\nIdle_Time = 2\n',
      ['pathway_group g', 'Idle_Time', '3'],
      `would have no certain effect: ${MAIN}:2 decides`,
    ],
    ['a scope that nothing closes', 'binding b {\n  A = 1\n', IN_BINDING, `${MAIN} cannot be edited`],
    [
      'a scope in a file that is read-only',
      { [MAIN]: 'readonly_include "part.conf"\n', '/etc/part.conf': 'binding b { }\n' },
      IN_BINDING,
      '/etc/part.conf is read-only for Momentum',
    ],
    [
      'a value in a file that is included twice',
      {
        [MAIN]: 'securecreds { include "part.conf" include "part.conf" }\n',
        '/etc/part.conf': 'part { Key = /a }\n',
      },
      ['securecreds > part', 'Key', '/b'],
      '/etc/part.conf:1 sets it, and /etc/part.conf is read-only for Momentum',
    ],
    ['a main file that is not there', {}, REQUIRED, `${MAIN} cannot be edited`],
  ] as const)('%s', (_name, before, call, why) => {
    const result = set(before as string | Files, call);
    expect(result).toMatchObject({ ok: false, why: expect.stringContaining(why) });
  });
});
