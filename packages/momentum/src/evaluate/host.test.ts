import { describe, expect, test } from 'vitest';
import { configOf } from '../../testing/configuration.js';
import type { ScopeStep } from '../ast/scopes.js';
import { evaluate } from './evaluate.js';

const OPTION = 'max_outbound_connections';

function ask(text: string, scope: readonly ScopeStep[], option = OPTION) {
  const { text: answer, indeterminate, candidates } = evaluate(configOf(text), scope, option);
  return indeterminate ? candidates.map((one) => one.text) : answer;
}

const host = (name: string): ScopeStep => ({ type: 'host', name });
const BINDING: ScopeStep = { type: 'binding', name: 'bulk' };

describe('a host named by a regular expression (Manual, conf.ref.host)', () => {
  test.each<[string, string, readonly ScopeStep[], string]>([
    [
      'the pattern matches',
      'host "/\\.mx\\.example$/" { max_outbound_connections = 4 }',
      [host('a.mx.example')],
      '4',
    ],
    [
      'in either case',
      'host "/\\.MX\\.example$/" { max_outbound_connections = 4 }',
      [host('A.mx.EXAMPLE')],
      '4',
    ],
    ['it does not', 'host "/\\.mx\\.example$/" { max_outbound_connections = 4 }', [host('a.mx.test')], '32'],
    [
      'the exact name comes first, wherever it is declared',
      'host "/^a/" { max_outbound_connections = 4 }\nhost "a.example" { max_outbound_connections = 9 }',
      [host('a.example')],
      '9',
    ],
    [
      'of two patterns the one that is declared first',
      'host "/^a/" { max_outbound_connections = 4 }\nhost "/example$/" { max_outbound_connections = 9 }',
      [host('a.example')],
      '4',
    ],
    [
      'a binding has patterns of its own, before the global ones',
      'host "/^a/" { max_outbound_connections = 4 }\nbinding bulk { host "/^a/" { max_outbound_connections = 2 } }',
      [BINDING, host('a.example')],
      '2',
    ],
    [
      'and falls back to the global ones',
      'host "/^a/" { max_outbound_connections = 4 }\nbinding bulk { }',
      [BINDING, host('a.example')],
      '4',
    ],
    [
      'the pattern is not a domain',
      'host "/^a/" { max_outbound_connections = 4 }',
      [{ type: 'domain', name: 'a.example' }],
      '32',
    ],
  ])('%s', (_name, text, scope, expected) => {
    expect(ask(text, scope)).toBe(expected);
  });

  test('an option that no host takes is not taken from its pattern', () => {
    expect(ask('host "/^a/" { TLS = "required" }', [host('a.example')], 'tls')).toBe('no');
  });

  test('a host that is declared and silent has no limit', () => {
    const text = 'max_outbound_connections = 7\nhost "a.example" { }\nhost "/^a/" { }';
    expect(ask(text, [host('a.example')])).toBe('-1');
  });

  test('whether a silent pattern declares a host, no page says', () => {
    expect(ask('max_outbound_connections = 7\nhost "/^a/" { }', [host('a.example')])).toEqual(['-1', '7']);
  });

  test('a pattern that cannot be read here may match', () => {
    const text = 'max_outbound_connections = 7\nhost "/(a+)+$/" { max_outbound_connections = 4 }';
    expect(ask(text, [host('a.example')])).toEqual(['7', '4']);
  });
});
