import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { seal } from '../../api/seal.js';
import { missing, needsSecret, toSend, withoutSecrets } from './params.js';

const PARAMS = {
  password: { kind: 'secret', required: true, text: 'The database password.' },
  days: { kind: 'number', required: true, default: '365', text: 'How long it is valid.' },
  host: { kind: 'text', required: false, text: 'The host.' },
} as const;

test('a required value that has no default must be given', () => {
  expect(missing(PARAMS, {})).toEqual(['password']);
  expect(missing(PARAMS, { password: 'x' })).toEqual([]);
});

test('where no secret can be sealed, those that are not required are left out, and one that is stops all', () => {
  const optional = { host: PARAMS.host, password: { ...PARAMS.password, required: false } };
  expect([needsSecret(PARAMS), needsSecret(optional)]).toEqual([true, false]);
  expect(withoutSecrets(optional)).toEqual({ host: PARAMS.host });
});

test('only the node can open a sealed secret; other values are sent as they are and empty ones not at all', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES+A256KW', {
    crv: 'P-256',
    extractable: true,
  });
  const jwk = await exportJWK(publicKey);
  const node = { kty: 'EC', crv: 'P-256', x: jwk.x ?? '', y: jwk.y ?? '' };
  const sent = await toSend(PARAMS, { password: 'canary-secret', days: '30', host: '' }, (secret) =>
    seal(secret, node),
  );
  expect(Object.keys(sent)).toEqual(['password', 'days']);
  expect(JSON.stringify(sent)).not.toContain('canary-secret');
  const { plaintext, protectedHeader } = await compactDecrypt(sent.password ?? '', privateKey);
  expect(new TextDecoder().decode(plaintext)).toBe('canary-secret');
  expect([protectedHeader.alg, protectedHeader.enc]).toEqual(['ECDH-ES+A256KW', 'A256GCM']);
});
