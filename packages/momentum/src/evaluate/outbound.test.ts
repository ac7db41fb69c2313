import { describe, expect, test } from 'vitest';
import { configOf, scope } from '../../testing/configuration.js';
import { evaluate } from './evaluate.js';
import { GROUPS_MAX } from './outbound.js';

const OPTION = 'Max_Outbound_Connections';

/** Each level sets the option to its own name, so that the value tells which one was asked first. */
const LEVELS: readonly (readonly [name: string, open: string, close: string])[] = [
  ['domain in binding in group', 'binding_group g { binding b { domain d.test {', '} } }'],
  ['domain in binding', 'binding b { domain d.test {', '} }'],
  ['domain in group', 'binding_group g { domain d.test {', '} }'],
  ['binding in group', 'binding_group g { binding b {', '} }'],
  ['binding', 'binding b {', '}'],
  ['group', 'binding_group g {', '}'],
  ['global domain', 'domain d.test {', '}'],
  ['global', '', ''],
];

function levels(from: number, omit: readonly string[] = []): string {
  return LEVELS.slice(from)
    .filter(([name]) => !omit.includes(name))
    .map(([name, open, close]) => `${open} ${OPTION} = "${name}" ${close}\n`)
    .reverse()
    .join('');
}

const GROUPED = 'binding_group g { binding b { } }\n';

// ecelerity.conf.fallback: the list at the end of the page; example 2.4 for the group.
describe('outbound fallback', () => {
  test.each(LEVELS.map(([name], i) => [name, i] as const))(
    'with the levels from "%s" on, that one answers',
    (name, i) => {
      // The order of group and global domain is open: each is asked without the other.
      const text = GROUPED + levels(i, name === 'global domain' ? [] : ['global domain']);
      const answer = evaluate(configOf(text), scope('binding_group g > binding b > domain d.test'), OPTION);
      expect(answer).toMatchObject({ text: name, indeterminate: false, set: true });
    },
  );

  test.each(LEVELS.map(([name], i) => [name, i] as const))(
    'of a binding whose group is not named, the levels from "%s" on answer alike',
    (name, i) => {
      const text = GROUPED + levels(i, name === 'global domain' ? [] : ['global domain']);
      const answer = evaluate(configOf(text), scope('binding b > domain d.test'), OPTION);
      expect(answer).toMatchObject({ text: name, indeterminate: false });
    },
  );

  test('a group and a global domain that differ leave it open, whatever is global', () => {
    const text = GROUPED + levels(LEVELS.findIndex(([name]) => name === 'group'));
    const answer = evaluate(configOf(text), scope('binding b > domain d.test'), OPTION);
    expect(answer).toMatchObject({ text: 'group', indeterminate: true });
    expect(answer.candidates.map(({ text: value, where }) => [value, where])).toEqual([
      ['group', 'Binding_Group:g:'],
      ['global domain', 'Domain:d.test:'],
    ]);
    expect(answer.why).toContain('whether a binding_group or a global domain comes first');
  });

  test.each([
    ['agree', 'binding_group g { Idle_Timeout = 7 binding b { } }\ndomain d.test { Idle_Timeout = 7 }'],
    [
      'are overruled by the binding',
      'binding_group g { Idle_Timeout = 8 binding b { Idle_Timeout = 7 } }\ndomain d.test { Idle_Timeout = 9 }',
    ],
    [
      'are of different domains',
      'binding_group g { Idle_Timeout = 7 binding b { } }\ndomain e.test { Idle_Timeout = 9 }',
    ],
  ])('a group and a global domain that %s leave nothing open', (_name, text) => {
    const answer = evaluate(configOf(text), scope('binding b > domain d.test'), 'Idle_Timeout');
    expect(answer).toMatchObject({ text: '7', indeterminate: false, candidates: [] });
  });

  test.each([
    [
      'a binding in no group takes nothing from one',
      'binding_group g { Idle_Timeout = 9 binding c { } }\nbinding b { }\nIdle_Timeout = 7',
      'binding b',
      '7',
    ],
    [
      'a binding of the same name is looked for in every group',
      'binding_group f { binding c { } }\nbinding_group g { Idle_Timeout = 7 binding b { } }',
      'binding b',
      '7',
    ],
    [
      'a group that is named excludes the other',
      'binding_group f { binding b { } }\nbinding_group g { binding b { Idle_Timeout = 9 } }\nIdle_Timeout = 7',
      'binding_group f > binding b',
      '7',
    ],
    [
      'another binding takes no part',
      'binding a { Idle_Timeout = 9 }\nbinding b { }\nIdle_Timeout = 7',
      'binding b',
      '7',
    ],
    [
      'another domain takes no part',
      'domain e.test { Idle_Timeout = 9 }\nIdle_Timeout = 7',
      'domain d.test',
      '7',
    ],
    [
      'a domain in a binding takes no part for the domain alone',
      'binding b { domain d.test { Idle_Timeout = 9 } }\nIdle_Timeout = 7',
      'domain d.test',
      '7',
    ],
    [
      'a global domain takes no part for the binding alone',
      'domain d.test { Idle_Timeout = 9 }\nbinding b { }\nIdle_Timeout = 7',
      'binding b',
      '7',
    ],
    [
      'a group alone falls back to the top level',
      'binding_group g { }\nIdle_Timeout = 7',
      'binding_group g',
      '7',
    ],
    [
      'a group alone has its own',
      'binding_group g { Idle_Timeout = 7 }\nIdle_Timeout = 9',
      'binding_group g',
      '7',
    ],
    [
      'a domain in a group, asked in the group',
      'binding_group g { Idle_Timeout = 9 domain d.test { Idle_Timeout = 7 } }',
      'binding_group g > domain d.test',
      '7',
    ],
    [
      'a scope that no file opens has the value of the top level',
      'Idle_Timeout = 7',
      'binding none > domain d.test',
      '7',
    ],
    ['what nothing sets has the default of the table', '', 'binding none', '5'],
    [
      'an empty value is a value',
      'binding b { Gateway = "" }\nGateway = "relay.test"',
      'binding b',
      '',
      'Gateway',
    ],
    ['a value of 0 is a value', 'binding b { Idle_Timeout = 0 }\nIdle_Timeout = 9', 'binding b', '0'],
  ])('%s', (_name, text, path, expected, option = 'Idle_Timeout') => {
    expect(evaluate(configOf(text), scope(path), option)).toMatchObject({
      text: expected,
      indeterminate: false,
    });
  });
});

// conf.ref.domain, "Regex Domains".
describe('regular expressions as names of domains', () => {
  test.each([
    [
      'an exact stanza is asked before a pattern that stands before it',
      'domain "/test/" { Idle_Timeout = 9 }\ndomain d.test { Idle_Timeout = 7 }',
      'domain d.test',
      '7',
    ],
    [
      'what the exact stanza does not set, the pattern does',
      'domain d.test { }\ndomain "/^d[.]test$/" { Idle_Timeout = 7 }',
      'domain d.test',
      '7',
    ],
    [
      'a pattern matches in the middle of a name',
      'domain "/tes/" { Idle_Timeout = 7 }',
      'domain d.test',
      '7',
    ],
    [
      'an anchored pattern does not',
      'domain "/^tes/" { Idle_Timeout = 9 }\nIdle_Timeout = 7',
      'domain d.test',
      '7',
    ],
    [
      'a pattern matches without regard to case',
      'domain "/D[.]TEST/" { Idle_Timeout = 7 }',
      'domain d.test',
      '7',
    ],
    ['a bare pattern matches too', 'domain /d\\.te(st|xt)$/ { Idle_Timeout = 7 }', 'domain d.test', '7'],
    [
      'the pattern that is declared first decides',
      'domain "/test/" { Idle_Timeout = 7 }\ndomain "/^d/" { Idle_Timeout = 9 }',
      'domain d.test',
      '7',
    ],
    [
      'the first declaration counts where a pattern is opened again',
      'domain "/test/" { }\ndomain "/^d/" { Idle_Timeout = 9 }\ndomain "/test/" { Idle_Timeout = 7 }',
      'domain d.test',
      '7',
    ],
    [
      'a name with one slash is no pattern',
      'domain "/" { Idle_Timeout = 9 }\nIdle_Timeout = 7',
      'domain d.test',
      '7',
    ],
    [
      'a name with a slash at its end only is no pattern',
      'domain "test/" { Idle_Timeout = 9 }\nIdle_Timeout = 7',
      'domain d.test',
      '7',
    ],
    [
      'a name with a slash at its start only is no pattern',
      'domain "/test" { Idle_Timeout = 9 }\nIdle_Timeout = 7',
      'domain d.test',
      '7',
    ],
    [
      'a pattern in the binding is asked before the binding',
      'binding b { Idle_Timeout = 9 domain "/test/" { Idle_Timeout = 7 } }',
      'binding b > domain d.test',
      '7',
    ],
    [
      'a pattern in the binding is asked before the exact stanza of the top level',
      'domain d.test { Idle_Timeout = 9 }\nbinding b { domain "/test/" { Idle_Timeout = 7 } }',
      'binding b > domain d.test',
      '7',
    ],
    ['a pattern is asked for by its own name', 'domain "/test/" { Idle_Timeout = 7 }', 'domain /test/', '7'],
    [
      'no name is longer than 255 characters: none matches it',
      'domain "/a/" { Idle_Timeout = 9 }\nIdle_Timeout = 7',
      `domain ${'a'.repeat(256)}`,
      '7',
    ],
    [
      'a name of 255 characters is matched',
      'domain "/a/" { Idle_Timeout = 7 }',
      `domain ${'a'.repeat(255)}`,
      '7',
    ],
  ])('%s', (_name, text, path, expected) => {
    expect(evaluate(configOf(text), scope(path), 'Idle_Timeout')).toMatchObject({
      text: expected,
      indeterminate: false,
    });
  });

  test('whether a second pattern is asked where the first is silent, is open', () => {
    const text = 'domain "/test/" { }\ndomain "/^d/" { Idle_Timeout = 9 }\nIdle_Timeout = 7';
    const answer = evaluate(configOf(text), scope('domain d.test'), 'Idle_Timeout');
    expect(answer.indeterminate).toBe(true);
    expect(answer.candidates.map((one) => one.text)).toEqual(['9', '7']);
    expect(answer.why).toContain('second matching pattern');
  });

  test('all that is open is a candidate: group or domain, one pattern or all', () => {
    const text =
      'binding_group g { Idle_Timeout = 6 binding b { domain "/test/" { } domain "/^d/" { Idle_Timeout = 9 } } }\n' +
      'domain d.test { Idle_Timeout = 7 }';
    const answer = evaluate(configOf(text), scope('binding b > domain d.test'), 'Idle_Timeout');
    expect(answer.indeterminate).toBe(true);
    expect(new Set(answer.candidates.map((one) => one.text))).toEqual(new Set(['9', '6', '7']));
  });

  test.each([
    ['is not understood', '/(?{ code })/'],
    ['might not come to an end: a repeated group', '/(a+)+$/'],
    ['might not come to an end: a group repeated by a count', '/(a+){9}$/'],
    ['repeats without an end three times', '/.*.*.*x/'],
    ['repeats from a count on three times', '/a{2,}b{2,}c{2,}/'],
    ['is longer than 1024 characters', `/${'a'.repeat(1025)}/`],
  ])('a pattern that %s makes the answer open', (_name, pattern) => {
    const text = `domain "${pattern}" { Idle_Timeout = 9 }\nIdle_Timeout = 7`;
    const answer = evaluate(configOf(text), scope('domain d.test'), 'Idle_Timeout');
    expect(answer).toMatchObject({ text: '7', indeterminate: true });
    expect(answer.candidates.map((one) => one.text)).toEqual(['7', '9']);
    expect(answer.why).toContain('not understood here');
  });

  test.each([
    ['an escaped star repeats nothing', '/a\\*b\\*c\\*d\\*/'],
    ['stars in a class repeat nothing', '/[*+][*+][*+]/'],
    ['two repetitions are few enough', '/^x.*y.*z$/'],
    ['a group that a question mark follows is repeated at most once', '/^x(a+)?$/'],
    ['1024 characters are few enough', `/${'a'.repeat(1024)}/`],
  ])('%s: the pattern is understood', (_name, pattern) => {
    const text = `domain "${pattern}" { Idle_Timeout = 9 }\nIdle_Timeout = 7`;
    const answer = evaluate(configOf(text), scope('domain d.test'), 'Idle_Timeout');
    expect(answer).toMatchObject({ text: '7', indeterminate: false });
  });
});

// conf.ref.host, conf.ref.max_outbound_connections.
describe('hosts', () => {
  test.each([
    [
      'a host is asked before the domain',
      'host mx.test { Max_Outbound_Connections = 7 }\ndomain d.test { Max_Outbound_Connections = 9 }',
      'domain d.test > host mx.test',
      '7',
    ],
    [
      'a host in the binding is asked before the same of the top level',
      'host mx.test { Max_Outbound_Connections = 9 }\nbinding b { host mx.test { Max_Outbound_Connections = 7 } }',
      'binding b > host mx.test',
      '7',
    ],
    [
      'a host that is declared and silent has no limit of its own',
      'host mx.test { }\nMax_Outbound_Connections = 9',
      'host mx.test',
      '-1',
    ],
    [
      'a silent host in the binding hands on to the same of the top level',
      'host mx.test { Max_Outbound_Connections = 7 }\nbinding b { host mx.test { } }',
      'binding b > host mx.test',
      '7',
    ],
    ['a host that is not declared has the fallback', 'Max_Outbound_Connections = 7', 'host mx.test', '7'],
    [
      'other options of the host table fall back',
      'host mx.test { }\nCluster_Max_Outbound_Connections = 7',
      'host mx.test',
      '7',
      'Cluster_Max_Outbound_Connections',
    ],
    [
      'an option of another scope does nothing in a host',
      'host mx.test { TLS = "required" }\nTLS = "ifavailable"',
      'host mx.test',
      'ifavailable',
      'TLS',
    ],
    [
      'an option that no table knows does nothing in a host',
      'host mx.test { Nonsense = 9 }\nNonsense = 7',
      'host mx.test',
      '7',
      'Nonsense',
    ],
  ])('%s', (_name, text, path, expected, option = OPTION) => {
    expect(evaluate(configOf(text), scope(path), option)).toMatchObject({
      text: expected,
      indeterminate: false,
    });
  });

  test('what does nothing there is told', () => {
    const config = configOf('host mx.test { TLS = "required" }\nTLS = "no"');
    const answer = evaluate(config, scope('host mx.test'), 'TLS');
    expect(answer.why).toBe('set in Global; tls in Host:mx.test: is not honoured');
    expect(answer.chain).toEqual([
      { where: 'Host:mx.test:', text: null, origin: null },
      { where: 'Global', text: 'no', origin: expect.objectContaining({ line: 2 }) },
    ]);
  });

  test('why -1 is the answer, is told, and that nothing sets it', () => {
    const answer = evaluate(configOf('host mx.test { }'), scope('host mx.test'), OPTION);
    expect(answer).toMatchObject({ text: '-1', value: '-1', set: false, origin: { kind: 'default' } });
    expect(answer.why).toBe(
      'not set: the value that the manual names for this case; a host that is declared and does not set it has no limit of its own',
    );
  });
});

describe('a binding that is named alone and stands in several groups', () => {
  const inGroups = (first: string, second: string) =>
    configOf(
      `binding_group a { TLS = "${first}"\nbinding x { } }\nbinding_group b { TLS = "${second}"\nbinding x { } }`,
    );

  test('has each of their values', () => {
    const answer = evaluate(inGroups('no', 'required'), scope('binding x'), 'tls');
    expect(answer).toMatchObject({ indeterminate: true, why: expect.stringContaining('several groups') });
    expect(answer.candidates.map(({ text }) => text)).toEqual(['no', 'required']);
  });

  test('one where they say the same', () => {
    expect(evaluate(inGroups('no', 'no'), scope('binding x'), 'tls')).toMatchObject({
      text: 'no',
      indeterminate: false,
    });
  });

  test('and with its group named, that of the group', () => {
    const answer = evaluate(inGroups('no', 'required'), scope('binding_group b > binding x'), 'tls');
    expect(answer).toMatchObject({ text: 'required', indeterminate: false });
  });

  test.each([
    [GROUPS_MAX, false],
    [GROUPS_MAX + 1, true],
  ])('of %i groups that say the same', (count, indeterminate) => {
    const group = (n: number) => `binding_group g${n} { TLS = "no"\nbinding x { } }\n`;
    const text = Array.from({ length: count }, (_, n) => group(n)).join('');
    const answer = evaluate(configOf(text), scope('binding x'), 'tls');
    expect(answer).toMatchObject({ text: 'no', indeterminate });
    expect(answer.candidates.map((one) => one.text)).toEqual(indeterminate ? ['no'] : []);
  });
});
