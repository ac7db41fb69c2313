import { CASE_NOW_MS } from '../../../testing/cases/certificate.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Log = Facts['reloadFailures']['logs'][number];

const PATH = '/var/log/ecelerity/paniclog.ec';
const nowMs = CASE_NOW_MS;
const log =
  (failures: Log['failures'], unread: string | null = null) =>
  (): Partial<Facts> => ({
    reloadFailures: { logs: [{ path: PATH, unread, failures }] },
  });
const failed = (kind: 'permission' | 'configuration', hoursAgo: number) =>
  log([{ kind, line: 7, atMs: CASE_NOW_MS - hoursAgo * 3_600_000 }]);

export default defineCases([
  { name: 'nothing', nowMs, facts: log([]), expect: { status: 'pass', subjects: { [PATH]: 'pass' } } },
  {
    name: 'no permission an hour ago',
    nowMs,
    facts: failed('permission', 1),
    expect: { status: 'fail', severity: 'high', violations: 1, at: { file: PATH, line: 7 } },
  },
  {
    name: 'refused an hour ago',
    nowMs,
    facts: failed('configuration', 1),
    expect: { status: 'fail', violations: 1 },
  },
  { name: 'refused two days ago', nowMs, facts: failed('configuration', 48), expect: { status: 'pass' } },
  {
    name: 'two days ago, and policy counts a week',
    nowMs,
    params: { recentHours: 168 },
    facts: failed('permission', 48),
    expect: { status: 'fail' },
  },
  {
    name: 'refused, and not when',
    nowMs,
    facts: log([{ kind: 'configuration', line: 7, atMs: null }]),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'a log that may not be read',
    nowMs,
    facts: log([], 'denied'),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'no log',
    nowMs,
    facts: () => ({ reloadFailures: { logs: [] } }),
    expect: { status: 'not-applicable' },
  },
]);
