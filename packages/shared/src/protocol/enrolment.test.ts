import { expect, test } from 'vitest';
import { formatToken, parseToken } from './enrolment.js';

const token = { id: 'k3', secret: 's'.repeat(32), authorityFingerprint: 'a'.repeat(64) };

test('a token reads back as it was made, with the blanks of a file around it', () => {
  expect(parseToken(` ${formatToken(token)}\n`)).toEqual({ ok: true, value: token });
});

test.each([
  ['empty', ''],
  ['cut short', formatToken(token).slice(0, -1)],
  ['of another product', 'K10abc::server:xyz'],
  ['with a part too many', `${formatToken(token)}.x`],
])('a token that is %s is refused with what to do', (_name, text) => {
  const result = parseToken(text);
  expect(result.ok ? '' : result.error.code).toBe('CAS_TOKEN_MALFORMED');
  expect(result.ok ? '' : result.error.detail).toContain('token create');
});
