import { expect, test } from 'vitest';
import { ALL, dayRows, GROUPS_APART_MAX } from './day-rows.js';

const OPEN = { critical: 0, high: 2, medium: 0, low: 1, stale: 1, held: 0 };
const NONE = { critical: 0, high: 0, medium: 0, low: 0, stale: 0, held: 0 };

test('a day has each group with each control, each group, each control, and all', () => {
  const rows = dayRows({
    findings: [
      { group: 'edge', control: 'MOM-TLS-001', ...OPEN },
      { group: 'mta', control: 'MOM-TLS-001', ...OPEN },
      { group: '', control: 'CAS-SRV-001', ...NONE, critical: 1 },
    ],
    verdicts: [
      { group: 'edge', control: 'MOM-TLS-001', judged: 3, passing: 1 },
      { group: 'mta', control: 'MOM-KEY-001', judged: 4, passing: 4 },
    ],
    nodes: [
      { group: 'edge', judged: 3, passing: 1 },
      { group: 'mta', judged: 5, passing: 4 },
    ],
  });
  const of = (group: string, control: string) =>
    rows.find((row) => row.group === group && row.control === control);
  expect(of(ALL, ALL)).toMatchObject({ critical: 1, high: 4, low: 2, stale: 2, judged: 8, passing: 5 });
  expect(of('edge', ALL)).toMatchObject({ high: 2, judged: 3, passing: 1 });
  expect(of(ALL, 'MOM-TLS-001')).toMatchObject({ high: 4, judged: 3, passing: 1 });
  expect(of('mta', 'MOM-KEY-001')).toMatchObject({ ...NONE, judged: 4, passing: 4 });
  // What the server finds of itself counts in all, and is no group's.
  expect(of('', 'CAS-SRV-001')).toBeUndefined();
});

test('a fleet without nodes has the row that says so', () => {
  expect(dayRows({ findings: [], verdicts: [], nodes: [] })).toEqual([
    { group: ALL, control: ALL, ...NONE, judged: 0, passing: 0 },
  ]);
});

test('groups beyond the bound count in all, and have no rows of their own', () => {
  const nodes = Array.from({ length: GROUPS_APART_MAX + 3 }, (_, n) => ({
    group: `group-${n}`,
    judged: n,
    passing: 0,
  }));
  const rows = dayRows({ findings: [], verdicts: [], nodes });
  expect(rows).toHaveLength(GROUPS_APART_MAX + 1);
  expect(rows.find(({ group }) => group === ALL)?.judged).toBe(
    nodes.reduce((n, { judged }) => n + judged, 0),
  );
  expect(rows.some(({ group }) => group === 'group-0')).toBe(false);
});
