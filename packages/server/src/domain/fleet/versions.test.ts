import type { Status } from '@castellan/shared/model/verdict';
import { expect, test } from 'vitest';
import { type VersionNodes, versionsVerdict } from './versions.js';

const nodes = (
  version: string | null,
  names: readonly string[],
  roles: readonly string[] = ['mta'],
  isUnheard = false,
): VersionNodes => ({ version, names, total: names.length, roles, isUnheard });

const NEW = nodes('3.6.10', ['mta1', 'mta2']);
const MANAGER = nodes('3.6.6', ['mgr1'], ['manager']);
const DATABASE = nodes(null, ['db1'], ['database']);
const UNKNOWN = nodes(null, ['mta8']);
const SILENT = nodes('3.6.6', ['mta9'], ['mta'], true);

test.each<[string, VersionNodes[], Status, RegExp, [string, string][]]>([
  ['one version', [NEW, nodes('3.6.10', ['mgr1'], ['manager'])], 'pass', /runs Momentum 3\.6\.10/, []],
  [
    'a manager that was left behind',
    [NEW, MANAGER],
    'fail',
    /2 versions of Momentum: 3\.6\.10 \(2 nodes: mta1, mta2\), 3\.6\.6 \(1 node: mgr1\)\.$/,
    [['mgr1', '3.6.6 (manager)']],
  ],
  [
    'the newest is proposed, however few run it',
    [nodes('4.1.0.2', ['new1'], []), nodes('3.6.6', ['a', 'b'], [])],
    'fail',
    /4\.1\.0\.2 \(1 node: new1\), 3\.6\.6/,
    [
      ['a', '3.6.6'],
      ['b', '3.6.6'],
    ],
  ],
  [
    'mixed, and of one it is not known',
    [NEW, MANAGER, UNKNOWN],
    'fail',
    /mta8/,
    [['mgr1', '3.6.6 (manager)']],
  ],
  ['a node could not tell', [NEW, UNKNOWN], 'indeterminate', /Of 1 node it is not known: mta8/, []],
  ['no role is known, and no version', [NEW, nodes(null, ['x'], [])], 'indeterminate', /: x /, []],
  ['the other version is of a silent node', [NEW, SILENT], 'indeterminate', /mta9/, []],
  ['a database runs no Momentum', [NEW, DATABASE], 'pass', /3\.6\.10/, []],
  ['databases alone', [DATABASE], 'not-applicable', /No node/, []],
  ['no node at all', [], 'not-applicable', /No node/, []],
])('%s', (_, all, status, summary, behind) => {
  const verdict = versionsVerdict('mta', all);
  expect(verdict).toMatchObject({ control: 'CAS-FLEET-001', subject: 'mta', status });
  expect(verdict.summary).toMatch(summary);
  expect(verdict.violations.map(({ at, found }) => [at.object, found])).toEqual(behind);
});

test('versions without end are counted', () => {
  const all = Array.from({ length: 300 }, (_, n) => nodes(`3.${n}.${'9'.repeat(50)}`, [`mta${n}`]));
  const verdict = versionsVerdict('mta', all);
  expect(verdict.summary).toMatch(/300 versions of Momentum: 3\.299\..*, and 295 more\.$/);
  expect(verdict.summary.length).toBeLessThan(1_024);
  expect([verdict.violations.length, verdict.moreViolations]).toEqual([100, 199]);
});
