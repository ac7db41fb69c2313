import { describe, expect, test } from 'vitest';
import { scope } from '../../testing/configuration.js';
import { parse } from '../syntax/parse.js';
import { formatScope, type ScopeStep, scopeKey, scopeType, textOf, visit } from './scopes.js';

// console_commands.config: the form of `config locate`.
describe('formatScope', () => {
  test.each([
    ['', 'Global'],
    ['binding b', 'Binding:b:'],
    ['BINDING_GROUP G > binding b', 'Binding_Group:G:Binding:b:'],
    ['esmtp_listener > listen :25', 'Esmtp_Listener::Listen:\\:25:'],
    ['listen [::]:25', 'Listen:[\\:\\:]\\:25:'],
  ])('"%s" is %s', (path, expected) => {
    expect(formatScope(scope(path))).toBe(expected);
  });
});

describe('scopeKey', () => {
  const key = (step: string) => scope(step).map(scopeKey)[0];
  test.each([
    ['domain A', 'DOMAIN a', true],
    ['binding A', 'BINDING A', true],
    ['binding A', 'binding a', false],
    ['binding_group A', 'binding_group a', false],
    ['listen :25', 'listen *:25', true],
    ['listen 0.0.0.0:25', 'listen *:25', true],
    ['listen :25', 'listen :26', false],
    ['listen :25x', 'listen *:25x', false],
    ['listen x:25', 'listen x*:25', false],
    ['peer :25', 'peer *:25', false],
    ['domain', 'domain domain', false],
    ['domain a', 'binding a', false],
  ])('%s and %s: the same is %s', (a, b, same) => {
    expect(key(a) === key(b)).toBe(same);
  });
});

test.each([
  ['a text', 'a b', 'a b'],
  ['a list', ['a', 'b c'], 'a b c'],
  ['a dictionary', { a: '1', b: '2' }, 'a=1 b=2'],
])('%s in one line', (_name, value, expected) => {
  expect(textOf(value)).toBe(expected);
});

test('visit sees every item, outermost first, with the scopes around it', () => {
  const seen: string[] = [];
  visit(parse('A = 1\nBINDING b { B = 2 C { include "x" } }\nD = 3\n').tree, (item, path) => {
    seen.push(`${item.kind} in ${formatScope(path)}`);
  });
  expect(seen).toEqual([
    'option in Global',
    'scope in Global',
    'option in Binding:b:',
    'scope in Binding:b:',
    'include in Binding:b:C::',
    'option in Global',
  ]);
});

describe('the type of a scope', () => {
  const labelOf = (step: ScopeStep) => formatScope([step]);

  test('that the manual does not know does not compile, unless a text says it', () => {
    expect(labelOf({ type: 'binding', name: 'bulk' })).toBe('Binding:bulk:');
    // @ts-expect-error: misspelt.
    expect(labelOf({ type: 'bindng', name: 'bulk' })).toBe('Bindng:bulk:');
    expect(labelOf({ type: scopeType('mymodule'), name: null })).toBe('Mymodule::');
  });
});
