import type { Status } from '@castellan/shared/model/verdict';
import { expect, test } from 'vitest';
import { NAMED_MAX } from './alike.js';
import { behindVerdict, type GroupBehind } from './behind.js';

const lacking = (name: string, isSure = true): GroupBehind['nodes'][number] => ({
  id: `nod-${name}`,
  name,
  revision: 122,
  since: Date.UTC(2026, 10, 28, 9),
  isSure,
  committed: 123,
});

test.each<[string, GroupBehind, Status, RegExp, string[]]>([
  ['nobody', { total: 0, sure: 0, nodes: [] }, 'pass', /has what was committed/, []],
  [
    'one',
    { total: 1, sure: 1, nodes: [lacking('mta2')] },
    'fail',
    /^1 node .* has not .*: mta2\.$/,
    ['mta2'],
  ],
  [
    'one, and one that is silent',
    { total: 2, sure: 1, nodes: [lacking('mta2'), lacking('mta1', false)] },
    'fail',
    /mta2\. Of 1 node it is not sure: mta1\.$/,
    ['mta2'],
  ],
  [
    'one that is silent',
    { total: 1, sure: 0, nodes: [lacking('mta1', false)] },
    'indeterminate',
    /not sure: mta1\.$/,
    [],
  ],
])('%s lacks it', (_, behind, status, summary, names) => {
  const verdict = behindVerdict('mta', behind);
  expect(verdict).toMatchObject({ control: 'CAS-FLEET-003', subject: 'mta', status });
  expect(verdict.summary).toMatch(summary);
  expect(verdict.violations.map(({ at }) => at.object)).toEqual(names);
});

test('what each has and lacks is said, and very many are counted', () => {
  const nodes = Array.from({ length: NAMED_MAX }, (_, n) => lacking(`mta${n}`));
  const verdict = behindVerdict('mta', { total: 150, sure: 140, nodes });
  expect(verdict.violations[0]).toEqual({
    at: { object: 'mta0' },
    found: 'r122, since 2026-11-28T09:00:00.000Z',
    proposed: 'r123',
  });
  expect([verdict.violations.length, verdict.moreViolations]).toEqual([NAMED_MAX, 40]);
  expect(verdict.summary).toContain('Of 10 nodes it is not sure.');
});
