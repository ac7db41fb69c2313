import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { knownScopes, nearestOptions, nearestScopes } from './nearest.js';
import { OPTION_NAMES } from './table.js';

const OPTIONS: readonly [string, readonly string[], string][] = [
  ['tls_protocol', ['tls_protocols'], 'a letter left out'],
  ['tls_protcols', ['tls_protocols'], 'a letter left out in the middle'],
  ['tls_protocolls', ['tls_protocols'], 'a letter too many'],
  ['TLS_Portocols', ['tls_protocols'], 'two letters exchanged, and capitals'],
  ['tls-protocols', ['tls_protocols'], 'a hyphen for a line'],
  ['relay_host', ['relay_hosts'], 'one letter from its neighbour'],
  ['starttls_injection_polisy', ['starttls_injection_policy'], 'another letter'],
  ['tls_xxxtocols', ['tls_protocols'], 'three letters: the bound'],
  ['tls_xxxxocols', [], 'four letters: beyond it'],
  ['tsl', ['tls'], 'two letters exchanged in a short name'],
  ['tl', [], 'too short for a guess'],
  ['', [], 'nothing'],
  ['tls_protocols', [], 'a name that is known'],
  ['TLS_Protocols', [], 'a name that is known, in capitals'],
  ['entirely_made_up_name', [], 'near to nothing'],
];

const SCOPES: readonly [string, readonly string[], string][] = [
  ['esmtp_listner', ['esmtp_listener'], 'a letter left out'],
  ['Bindign', ['binding'], 'two letters exchanged, and capitals'],
  ['pathways', ['pathway'], 'a letter too many'],
  ['threadpol', ['threadpool'], 'a letter left out'],
  ['binding', [], 'a type that is known'],
  ['spf_v1', [], 'a module'],
];

describe('nearest names', () => {
  test.each(OPTIONS)('option %s: %j (%s)', (name, nearest) => {
    expect(nearestOptions(name)).toEqual(nearest);
  });

  test.each(SCOPES)('scope %s: %j (%s)', (type, nearest) => {
    expect(nearestScopes(type)).toEqual(nearest);
  });

  test('are three at most, the nearest first', () => {
    expect(nearestOptions('outbound_smtp_auth_se')).toEqual([
      'outbound_smtp_auth_key',
      'outbound_smtp_auth_user',
      'outbound_smtp_auth_pass',
    ]);
    expect(nearestOptions('idl_timeout')).toEqual(['idle_timeout', 'body_timeout', 'ehlo_timeout']);
  });

  test('find every option again after any one letter of it was lost', () => {
    const long = OPTION_NAMES.filter((name) => name.length >= 6);
    fc.assert(
      fc.property(fc.constantFrom(...long), fc.nat(), (name, at) => {
        const i = at % name.length;
        const lost = name.slice(0, i) + name.slice(i + 1);
        fc.pre(!OPTION_NAMES.includes(lost));
        expect(nearestOptions(lost)).toContain(name);
      }),
      { numRuns: 300 },
    );
  });

  test('are looked for among the scopes of the manual', () => {
    expect(knownScopes).toEqual(knownScopes.toSorted());
    expect(knownScopes).toContain('global');
    expect(new Set(knownScopes).size).toBe(knownScopes.length);
  });
});
