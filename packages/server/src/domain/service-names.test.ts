import type { PlannedSigning } from '@castellan/shared/model/plan';
import { expect, test } from 'vitest';
import { beyondPolicy } from './service-names.js';

const POLICY = { domains: ['example.com', 'Mail.Example.net', '192.0.2.1', '2001:db8::1'], daysMax: 90 };
const signing = (changes: Partial<PlannedSigning>): PlannedSigning => ({
  target: '/a.crt',
  authority: '0'.repeat(64),
  commonName: 'mta1.example.com',
  altNames: ['DNS:mta1.example.com'],
  keyType: 'rsa2048',
  days: 90,
  ...changes,
});

test.each<[string, Partial<PlannedSigning>]>([
  ['a name below a domain', {}],
  ['the domain itself, whatever its case', { commonName: 'EXAMPLE.com', altNames: ['DNS:Example.COM'] }],
  ['a wildcard below a domain', { altNames: ['DNS:*.example.com'] }],
  ['a listed address', { altNames: ['IP:192.0.2.1', 'IP:2001:DB8::1'] }],
  ['an address for a common name', { commonName: '192.0.2.1' }],
])('%s is signed', (_what, changes) => {
  expect(beyondPolicy(signing(changes), POLICY)).toBeNull();
});

test.each<[string, Partial<PlannedSigning>, RegExp]>([
  ['another domain that ends alike', { altNames: ['DNS:notexample.com'] }, /^DNS:notexample\.com is not of/],
  ['a wildcard of the top', { altNames: ['DNS:*.com'] }, /DNS:\*\.com/],
  ['a common name of another domain', { commonName: 'bank.example.org' }, /DNS:bank\.example\.org/],
  ['an address that is not listed', { altNames: ['IP:192.0.2.2'] }, /IP:192\.0\.2\.2/],
  ['a name below an address', { altNames: ['DNS:a.192.0.2.1'] }, /DNS:a\.192/],
  ['an address as a host name', { altNames: ['IP:example.com'] }, /IP:example/],
  ['a day more than the policy', { days: 91 }, /91 days .* \(90\)/],
])('%s is not', (_what, changes, why) => {
  expect(beyondPolicy(signing(changes), POLICY)).toMatch(why);
});

test('nothing is signed where the policy names nothing', () => {
  expect(beyondPolicy(signing({}), { domains: [], daysMax: 397 })).toMatch(/services\.domains/);
});
