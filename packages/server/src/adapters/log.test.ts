import { expect, test } from 'vitest';
import { openLog } from './log.js';

test('no serializer lets a secret through: not at the top, one level down, or two', () => {
  const lines: string[] = [];
  const log = openLog('debug', { write: (line: string) => void lines.push(line) });
  const canary = 'CANARY-5d1f';
  const secrets = {
    password: canary,
    passwordHash: canary,
    secret: canary,
    secretHash: canary,
    secretSealed: canary,
    token: canary,
    cookie: canary,
    authorization: canary,
    'set-cookie': canary,
    jws: canary,
    params: { p: canary },
    csr: canary,
    keyPem: canary,
    privateKey: canary,
    masterKey: canary,
    'webhook-signature': canary,
  };
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    log[level]({ event: 'x', ...secrets }, 'flat');
    log[level]({ event: 'x', body: secrets }, 'below');
    log[level]({ event: 'x', request: { headers: secrets } }, 'further below');
  }
  expect(lines).toHaveLength(12);
  expect(lines.join('')).not.toContain(canary);
  expect(lines.join('')).toContain('[redacted]');
});
