import { CASE_NOW_MS, DAY_MS } from '../../../testing/cases/certificate.js';
import { CASE_STORE_KEY, caseStore, caseStoreFile } from '../../../testing/cases/store.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Key = Facts['credentialStore']['key'];

const nowMs = CASE_NOW_MS;
const key =
  (over: Partial<Key>, isEnabled = true) =>
  () =>
    caseStore({ isEnabled, key: caseStoreFile(CASE_STORE_KEY, over) });
const made = (daysAgo: number) => key({ mtimeMs: CASE_NOW_MS - daysAgo * DAY_MS });

export default defineCases([
  {
    name: 'made yesterday',
    nowMs,
    facts: made(1),
    expect: { status: 'pass', subjects: { [CASE_STORE_KEY]: 'pass' } },
  },
  { name: 'made 365 days ago', nowMs, facts: made(365), expect: { status: 'pass' } },
  {
    name: 'made 366 days ago',
    nowMs,
    facts: made(366),
    expect: { status: 'fail', severity: 'low', violations: 1, at: { file: CASE_STORE_KEY } },
  },
  {
    name: 'a stricter policy',
    nowMs,
    params: { rotationDays: 90 },
    facts: made(100),
    expect: { status: 'fail' },
  },
  {
    name: 'a milder policy',
    nowMs,
    params: { rotationDays: 730 },
    facts: made(366),
    expect: { status: 'pass' },
  },
  { name: 'made in the future', nowMs, facts: made(-30), expect: { status: 'indeterminate' } },
  {
    name: 'not to be inspected',
    nowMs,
    facts: key({ state: 'denied', access: null }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'no key',
    nowMs,
    facts: key({ state: 'missing', access: null }),
    expect: { status: 'not-applicable' },
  },
  {
    name: 'securecreds is off',
    nowMs,
    facts: key({ mtimeMs: 0 }, false),
    expect: { status: 'not-applicable' },
  },
]);
