import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configOf, type Files, MAIN } from '../../testing/configuration.js';
import { formatScope } from '../ast/scopes.js';
import { compare } from './compare.js';

/** Changes as `option before -> after in scopes`. */
function told(before: string | Files, after: string | Files) {
  const { changes, opened, gone } = compare(configOf(before), configOf(after));
  return {
    changes: changes.map(
      (one) =>
        `${one.option} ${one.before.text} -> ${one.after.text} in ${one.scopes.map(formatScope).join(' ')}`,
    ),
    opened: opened.map(formatScope),
    gone: gone.map(formatScope),
  };
}

const changes = (before: string | Files, after: string | Files) => told(before, after).changes;

describe('a value that differs', () => {
  test.each([
    ['is set', '', 'TLS = required', ['tls no -> required in Global']],
    ['is set no more', 'TLS = required', '', ['tls required -> no in Global']],
    ['is another', 'TLS_Ciphers = a', 'TLS_Ciphers = b', ['tls_ciphers a -> b in Global']],
    ['is overruled by a later one', 'TLS = no', 'TLS = no\nTLS = required', ['tls no -> required in Global']],
    [
      'in a scope',
      'binding b { TLS = ifavailable }',
      'binding b { TLS = required }',
      ['tls ifavailable -> required in Binding:b:'],
    ],
    ['in a module, set no more', 'x { Mode = 1 }', 'x { }', ['mode 1 -> null in X::']],
    [
      'whether a module is on, set no more',
      'securecreds { enabled = false }',
      'securecreds { }',
      ['enabled false -> true in Securecreds::'],
    ],
    [
      'at the top level, where the table does not have it, set no more',
      'Use_SSL = true',
      '',
      ['use_ssl true -> false in Global'],
    ],
    ['in a module', 'x { Mode = 1 }', 'x { Mode = 2 }', ['mode 1 -> 2 in X::']],
    [
      'of an option that no table knows, at the top level',
      'Unheard_Of = 1',
      'Unheard_Of = 2',
      ['unheard_of 1 -> 2 in Global'],
    ],
    [
      'each option by itself',
      'TLS = ifavailable TLS_Key = a',
      'TLS = required TLS_Key = b',
      ['tls ifavailable -> required in Global', 'tls_key a -> b in Global'],
    ],
    [
      'is one element with a blank where it was two',
      'Relay_Hosts = ( a b )',
      'Relay_Hosts = ( "a b" )',
      ['relay_hosts a b -> a b in Global'],
    ],
    [
      'is two elements where it was three',
      'Relay_Hosts = ( a b c )',
      'Relay_Hosts = ( a "b c" )',
      ['relay_hosts a b c -> a b c in Global'],
    ],
    [
      'is a dictionary where it was a text',
      'x { Map = "a=1" }',
      'x { Map = [ a = 1 ] }',
      ['map a=1 -> a=1 in X::'],
    ],
    [
      'is a text where it was an option without a default',
      'binding b { }',
      'binding b { TLS_CA = "" }',
      ['tls_ca null ->  in Binding:b:'],
    ],
    ['is a boolean', 'Open_Relay = true', 'Open_Relay = false', ['open_relay true -> false in Global']],
    [
      'is not a boolean any more',
      'Open_Relay = true',
      'Open_Relay = maybe',
      ['open_relay true -> maybe in Global'],
    ],
    [
      'was no boolean either',
      'Open_Relay = perhaps',
      'Open_Relay = maybe',
      ['open_relay perhaps -> maybe in Global'],
    ],
    [
      'says the same as a boolean, and is none',
      'TLS_Key = on',
      'TLS_Key = true',
      ['tls_key on -> true in Global'],
    ],
  ])('%s', (_name, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });
});

describe('what is no difference', () => {
  test.each([
    ['the same', 'TLS = required\nbinding b { }', 'TLS = required\nbinding b { }'],
    [
      'comments, blanks and letters',
      'TLS = required\nBinding b { }',
      '# why\n\n  tls="required" binding "b"\n{ }\n',
    ],
    ['an earlier assignment that does not count', 'TLS = no TLS = required', 'TLS = required'],
    ['the default, written down', '', 'TLS = no'],
    ['booleans that say the same', 'Open_Relay = true', 'Open_Relay = "ON"'],
    ['a boolean and its default', '', 'Open_Relay = off'],
    ['a list of one', 'Relay_Hosts = a', 'Relay_Hosts = ( a )'],
    [
      'the place where it stands in a scope',
      'binding b { TLS = required TLS_Key = k }',
      'binding b { TLS_Key = k }\nbinding b { TLS = required }',
    ],
  ])('%s', (_name, before, after) => {
    expect(told(before, after)).toEqual({ changes: [], opened: [], gone: [] });
  });

  test('a value that a part of its own file sets', () => {
    const files = { [MAIN]: 'include "part.conf"\nA = 1\n', '/etc/part.conf': 'TLS = required\n' };
    expect(told('TLS = required\nA = 1\n', files)).toEqual({ changes: [], opened: [], gone: [] });
  });
});

describe('scopes', () => {
  test.each([
    ['one that is opened', '', 'securecreds { }', ['Securecreds::'], []],
    ['one that is gone', 'securecreds { }', '', [], ['Securecreds::']],
    [
      'one with a scope in it',
      'binding b { }',
      'binding b { domain d.test { } }',
      ['Binding:b:Domain:d.test:'],
      [],
    ],
    [
      'both at once',
      'binding b { domain d.test { } }',
      'binding B { }',
      ['Binding:B:'],
      ['Binding:b:', 'Binding:b:Domain:d.test:'],
    ],
    [
      'a scope of the same name elsewhere',
      'binding a { domain d.test { } }\nbinding b { }',
      'binding a { }\nbinding b { domain d.test { } }',
      ['Binding:b:Domain:d.test:'],
      ['Binding:a:Domain:d.test:'],
    ],
  ])('%s', (_name, before, after, opened, gone) => {
    expect(told(before, after)).toEqual({ changes: [], opened, gone });
  });

  test('a scope that is gone takes its values with it', () => {
    expect(told('TLS = ifavailable\nbinding b { TLS = required }', 'TLS = ifavailable')).toEqual({
      changes: ['tls required -> ifavailable in Binding:b:'],
      opened: [],
      gone: ['Binding:b:'],
    });
  });

  test('a scope that is opened brings its values', () => {
    expect(told('', 'domain d.test { TLS = required }')).toEqual({
      changes: ['tls no -> required in Domain:d.test:'],
      opened: ['Domain:d.test:'],
      gone: [],
    });
  });
});

describe('one cause', () => {
  const SCOPES = 'binding b { }\nbinding c { TLS = required }\ndomain d.test { }\nsecurecreds { }\n';

  test('is told once, with every scope that falls back to it, the outermost first', () => {
    expect(changes(`TLS = no\n${SCOPES}`, `TLS = ifavailable\n${SCOPES}`)).toEqual([
      'tls no -> ifavailable in Global Binding:b: Domain:d.test:',
    ]);
  });

  test('and another of the same option are told by themselves', () => {
    const before = 'TLS = no\nbinding b { TLS = no }\nbinding c { TLS = no }\n';
    expect(changes(before, before.replaceAll('= no', '= required'))).toEqual([
      'tls no -> required in Global',
      'tls no -> required in Binding:b:',
      'tls no -> required in Binding:c:',
    ]);
  });

  test('that is another before the change is another', () => {
    expect(changes('TLS = no\nbinding b { TLS = ifavailable }\n', 'TLS = required\nbinding b { }\n')).toEqual(
      ['tls no -> required in Global', 'tls ifavailable -> required in Binding:b:'],
    );
  });

  test('reaches only scopes that can have the option', () => {
    expect(changes('TLS_Engine = openssl\nbinding b { }\n', 'TLS_Engine = gnutls\nbinding b { }\n')).toEqual([
      'tls_engine openssl -> gnutls in Global',
    ]);
  });

  test('of an option that the top level does not have is not told there', () => {
    const text = (value: string) => `ESMTP_Listener { Use_SSL = ${value} Listen ":25" { } }\n`;
    expect(changes(text('true'), text('false'))).toEqual([
      'use_ssl true -> false in Esmtp_Listener:: Esmtp_Listener::Listen:\\:25:',
    ]);
  });
});

describe('an answer that is open', () => {
  const OPEN = 'TLS = required\ninclude "gone.conf"\n';

  test('is another than a certain one, though the value is the same', () => {
    expect(changes('TLS = required\nTLS = required', OPEN)).toEqual([]);
    const { changes: found } = compare(configOf(`TLS = no\n`), configOf(OPEN));
    expect(found).toMatchObject([{ before: { indeterminate: false }, after: { indeterminate: true } }]);
  });

  test('is another than the same value that is certain', () => {
    const after = `${OPEN}binding b { }`;
    expect(changes('TLS = required\nbinding b { TLS = "required" }', after)).toContain(
      'tls required -> required in Binding:b:',
    );
  });

  test('is another cause than a certain one of the same line', () => {
    const text = (value: string) => `TLS = ${value}\nbinding b { include "gone.conf" }\ndomain d.test { }\n`;
    expect(changes(text('no'), text('required'))).toEqual([
      'tls no -> required in Global Domain:d.test:',
      'tls no -> required in Binding:b:',
    ]);
  });

  test('in both is no difference, where the likeliest is the same', () => {
    expect(told(OPEN, OPEN)).toEqual({ changes: [], opened: [], gone: [] });
  });
});

const statement = fc.constantFrom(
  'TLS = required',
  'TLS = no',
  'Open_Relay = on',
  'Relay_Hosts = ( a b )',
  'binding b { TLS = ifavailable }',
  'binding b { domain d.test { TLS_CA = /a } }',
  'binding_group g { binding b { } TLS = required }',
  'domain "/test/" { TLS = no }',
  'domain d.test { TLS = required }',
  'ESMTP_Listener { Pathway = p Use_SSL = true Listen ":25" { Peer "10.0.0.0/8" { Use_SSL = false } } }',
  'Pathway p { Use_SSL = false }',
  'securecreds { }',
  'include "gone.conf"',
);
const source = fc.array(statement, { maxLength: 8 }).map((lines) => lines.join('\n'));

describe('for any two configurations', () => {
  test('one compared with itself differs in nothing', () => {
    fc.assert(
      fc.property(source, (text) => {
        expect(told(text, text)).toEqual({ changes: [], opened: [], gone: [] });
      }),
      { numRuns: 300 },
    );
  });

  test('the way back says the same the other way round', () => {
    const sides = (before: string, after: string) => {
      const { changes: found, opened, gone } = compare(configOf(before), configOf(after));
      const cells = found.flatMap((one) =>
        one.scopes.map((path) => [one.option, formatScope(path), one.before.text, one.after.text] as const),
      );
      return { cells, opened: opened.map(formatScope).sort(), gone: gone.map(formatScope).sort() };
    };
    fc.assert(
      fc.property(source, source, (a, b) => {
        const there = sides(a, b);
        const back = sides(b, a);
        expect(back.opened).toEqual(there.gone);
        expect(back.gone).toEqual(there.opened);
        const turned = back.cells.map(([option, path, from, to]) => [option, path, to, from].join(' '));
        expect(turned.sort()).toEqual(there.cells.map((cell) => cell.join(' ')).sort());
      }),
      { numRuns: 300 },
    );
  });
});

test('the same text that became doubtful is a change', () => {
  const after = configOf('TLS_Protocols = "+ALL"\ninclude "gone.conf"\n');
  const [change, ...others] = compare(configOf(''), after).changes;
  expect([change?.option, change?.before.indeterminate, change?.after.indeterminate, others.length]).toEqual([
    'tls_protocols',
    false,
    true,
    0,
  ]);
});
