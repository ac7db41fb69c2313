import { expect, test } from 'vitest';
import { type Account, leavesNoAdmin, passwordProblem } from './accounts.js';
import { isGroup } from './groups.js';
import { tokenState } from './token-state.js';

const account = (id: string, role: Account['role'], isEnabled = true): Account => ({ id, role, isEnabled });
const a = account('a', 'admin');
const b = account('b', 'admin');
const off = account('off', 'admin', false);
const o = account('o', 'operator');

test.each([
  ['the only admin is disabled', [a, o], 'a', { isEnabled: false }, true],
  ['the only admin becomes an operator', [a, o], 'a', { role: 'operator' }, true],
  ['the only enabled admin is disabled beside one that is off', [a, off], 'a', { isEnabled: false }, true],
  ['the only enabled admin is demoted beside one that is off', [a, off], 'a', { role: 'viewer' }, true],
  ['one of two admins is disabled', [a, b], 'a', { isEnabled: false }, false],
  ['one of two admins is demoted', [a, b], 'b', { role: 'viewer' }, false],
  ['the only admin is made an admin again', [a, o], 'a', { role: 'admin' }, false],
  ['somebody else is disabled', [a, o], 'o', { isEnabled: false }, false],
  ['an admin that is off is demoted', [a, off], 'off', { role: 'viewer' }, false],
  ['there was no admin before either', [off, o], 'o', { isEnabled: false }, false],
  ['an admin that is off is enabled, and is the only one', [off, o], 'off', { isEnabled: true }, false],
] as const)('%s: nobody left is %5$s', (_name, accounts, id, change, expected) => {
  expect(leavesNoAdmin(accounts, id, change)).toBe(expected);
});

test.each([
  [{ revokedAt: null, usesLeft: 1, expiresAt: 11 }, 'good'],
  [{ revokedAt: null, usesLeft: 1, expiresAt: 10 }, 'expired'],
  [{ revokedAt: null, usesLeft: 0, expiresAt: 11 }, 'usedUp'],
  [{ revokedAt: null, usesLeft: 0, expiresAt: 9 }, 'usedUp'],
  [{ revokedAt: 5, usesLeft: 1, expiresAt: 11 }, 'revoked'],
  [{ revokedAt: 5, usesLeft: 0, expiresAt: 9 }, 'revoked'],
])('the token %j is %s at 10', (token, state) => expect(tokenState(token, 10)).toBe(state));

test.each([
  [11, true],
  [12, false],
  [1024, false],
  [1025, true],
])('a password of %i characters is refused: %s', (length, isRefused) =>
  expect(passwordProblem('x'.repeat(length)) !== null).toBe(isRefused),
);

test.each(['mta', 'a', 'A.b-c_d', 'x'.repeat(64)])('"%s" is a group', (text) =>
  expect(isGroup(text)).toBe(true),
);
test.each(['', '-a', 'a b', 'a/b', 'x'.repeat(65), undefined])('%j is none', (text) =>
  expect(isGroup(text)).toBe(false),
);
