import type { Status } from '@castellan/shared/model/verdict';
import { expect, test } from 'vitest';
import { type SecurecredsNodes, type Standing, securecredsVerdict, standingOf } from './securecreds.js';

const nodes = (
  names: readonly string[],
  enabled: Status | null,
  store: Status | null = enabled,
  isUnheard = false,
): SecurecredsNodes => ({ names, total: names.length, enabled, store, isUnheard });

const HAS = nodes(['mta1', 'mta2'], 'pass');
const LACKS = nodes(['mta3'], 'fail', 'not-applicable');
const NO_STORE = nodes(['db1'], 'pass', 'fail');
const DOUBT = nodes(['web1'], 'indeterminate');
const SILENT = nodes(['mta9'], 'pass', 'pass', true);
const OLD = nodes(['old1'], 'not-applicable');

test.each<[Status | null, Status | null, boolean, Standing]>([
  ['pass', 'pass', false, 'has'],
  ['fail', 'not-applicable', false, 'lacks'],
  ['pass', 'fail', false, 'lacks'],
  ['indeterminate', 'fail', false, 'lacks'],
  ['fail', 'indeterminate', false, 'lacks'],
  ['pass', 'indeterminate', false, 'unknown'],
  ['pass', 'errored', false, 'unknown'],
  ['pass', 'not-applicable', false, 'unknown'],
  ['pass', null, false, 'unknown'],
  [null, null, false, 'unknown'],
  ['errored', 'pass', false, 'unknown'],
  ['not-applicable', 'not-applicable', false, 'does not count'],
  ['pass', 'pass', true, 'unknown'],
  ['fail', 'fail', true, 'unknown'],
  ['not-applicable', 'not-applicable', true, 'unknown'],
])('enabled %s, store %s, unheard %s: the node %s', (enabled, store, isUnheard, standing) => {
  expect(standingOf({ enabled, store, isUnheard })).toBe(standing);
});

test.each<[string, SecurecredsNodes[], Status, RegExp, string[]]>([
  ['every node has it', [HAS], 'pass', /every node of the group mta: 2 nodes\.$/, []],
  ['a node lacks it', [HAS, LACKS], 'fail', /^1 node of 3 in the group mta without .*: mta3\.$/, ['mta3']],
  ['a store is missing', [NO_STORE, LACKS], 'fail', /^2 nodes of 2 .*: db1, mta3\.$/, ['db1', 'mta3']],
  ['one lacks it, of another it is not known', [LACKS, DOUBT], 'fail', /Of 1 node .*: web1/, ['mta3']],
  ['a node could not tell', [HAS, DOUBT], 'indeterminate', /Of 1 node it is not known: web1/, []],
  ['a node is silent', [HAS, SILENT], 'indeterminate', /mta9/, []],
  ['an old release beside it', [HAS, OLD], 'pass', /2 nodes/, []],
  ['old releases alone', [OLD], 'not-applicable', /knows securecreds/, []],
  ['no node at all', [], 'not-applicable', /No node/, []],
])('%s', (_, all, status, summary, named) => {
  const verdict = securecredsVerdict('mta', all);
  expect(verdict).toMatchObject({ control: 'MOM-CRED-002', subject: 'mta', status, remediation: null });
  expect(verdict.summary).toMatch(summary);
  expect(verdict.reason).toBe(status === 'indeterminate' ? verdict.summary : null);
  expect(verdict.violations.map(({ at }) => at.object)).toEqual(named);
});

test('of ten thousand a hundred are named, and the others counted', () => {
  const names = Array.from({ length: 100 }, (_, n) => `mta${n + 1000}`);
  const verdict = securecredsVerdict('mta', [
    { ...nodes(names, 'fail'), total: 9_990 },
    { ...nodes(['aaa'], 'pass', 'fail'), total: 10 },
  ]);
  expect(verdict.violations).toHaveLength(100);
  expect(verdict.violations[0]).toEqual({
    at: { object: 'aaa' },
    found: expect.stringContaining('MOM-CRED-003'),
    proposed: 'securecreds-enable',
  });
  expect(verdict.moreViolations).toBe(9_900);
  expect(verdict.summary).toContain('10000 nodes of 10000');
  expect(verdict.summary.length).toBeLessThan(1_024);
});
