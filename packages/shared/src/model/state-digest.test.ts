import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../base/canonical-json.js';
import { stateDigest, stateDigestOfKeys, verdictDigest } from './state-digest.js';
import { type Verdict, verdictKey } from './verdict.js';

const verdict = fc.record({
  control: fc.constantFrom('MOM-TLS-001', 'MOM-PERM-002', 'MOM-CRT-006'),
  title: fc.string(),
  severity: fc.constantFrom('critical' as const, 'low' as const),
  status: fc.constantFrom('pass' as const, 'fail' as const),
  subject: fc.string({ minLength: 1 }),
  summary: fc.string(),
  violations: fc.array(fc.record({ at: fc.record({ file: fc.string() }), found: fc.string() })),
  reason: fc.constant(null),
  remediation: fc.constant(null),
  sources: fc.array(fc.string()),
}) as fc.Arbitrary<Verdict>;

test('the digest of a state does not depend on the order of its verdicts or of their members', () => {
  fc.assert(
    fc.property(fc.uniqueArray(verdict, { selector: verdictKey }), (verdicts) => {
      const shuffled = [...verdicts]
        .reverse()
        .map((v) => Object.fromEntries(Object.entries(v).reverse()) as unknown as Verdict);
      expect(stateDigest(shuffled)).toBe(stateDigest(verdicts));
    }),
  );
});

test('the digest from stored keys and digests is the digest from the verdicts', () => {
  fc.assert(
    fc.property(fc.uniqueArray(verdict, { selector: verdictKey }), (verdicts) => {
      expect(stateDigestOfKeys(verdicts.map((v) => [verdictKey(v), verdictDigest(v)]))).toBe(
        stateDigest(verdicts),
      );
    }),
  );
});

test('a changed word changes the digest', () => {
  fc.assert(
    fc.property(verdict, (v) => {
      expect(stateDigest([{ ...v, summary: `${v.summary}.` }])).not.toBe(stateDigest([v]));
    }),
  );
});

test('canonical JSON is JSON: it reads back as the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value));
      expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
    }),
  );
});
