import { expect, test } from 'vitest';
import { CASE_NOW_MS, caseService } from '../../../testing/cases/certificate.js';
import { EXPIRY_PARAMS, judgeExpiry } from './judge-pair.js';

const LIMITS = {
  highDays: EXPIRY_PARAMS.highDays.default,
  mediumDays: EXPIRY_PARAMS.mediumDays.default,
};

test.each([
  ['its private key was read beside it', true, 'b'.repeat(64)],
  ['the key beside it is of another certificate', false, undefined],
  ['the key could not be read', null, undefined],
] as const)('the key of a certificate is named only where it is: %s', (_, matches, keySha256) => {
  const { certificates } = judgeExpiry(
    caseService('msyspg', 200, { matches }),
    'msyspg',
    CASE_NOW_MS,
    LIMITS,
  );
  expect(certificates).toHaveLength(1);
  expect(certificates?.[0]?.fingerprint).toBe('a'.repeat(64));
  expect(certificates?.[0]?.keySha256).toBe(keySha256);
});
