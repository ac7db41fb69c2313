import { CASE_NOW_MS } from '../../../testing/cases/certificate.js';
import { CASE_CRON, caseSync } from '../../../testing/cases/sync.js';
import type { Facts } from '../../facts/facts.generated.js';
import { defineCases } from '../../units/case.js';

type Cron = Facts['configSync']['cron'];

const REVISION = 'revision of the working copy';
const SOLARIS = '/var/spool/cron/crontabs/root';
const cron = (over: Partial<Cron>) =>
  caseSync({ cron: { tables: [], unread: [], expectedAt: CASE_CRON, ...over } });
const revision = (own: number, newest: number, minutesAgo: number) =>
  caseSync({
    revision: { kind: 'known', value: { own, newest, newestMs: CASE_NOW_MS - minutesAgo * 60_000 } },
  });

export default defineCases([
  {
    name: 'cron pulls, the newest revision is here',
    facts: caseSync(),
    expect: { status: 'pass', subjects: { [CASE_CRON]: 'pass', [REVISION]: 'pass' } },
  },
  {
    name: 'no cron file',
    facts: cron({}),
    expect: { status: 'fail', severity: 'high', violations: 1, at: { file: CASE_CRON } },
  },
  {
    name: 'a cron file whose line is a comment',
    facts: cron({ tables: [{ path: CASE_CRON, pullLines: [] }] }),
    expect: { status: 'fail', violations: 1 },
  },
  {
    name: 'a cron file that could not be read',
    facts: cron({ unread: [{ path: CASE_CRON, problem: 'denied' }] }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'root’s table on Solaris',
    facts: cron({ tables: [{ path: SOLARIS, pullLines: [9] }], expectedAt: SOLARIS }),
    expect: { status: 'pass' },
  },
  {
    name: 'two revisions behind for an hour',
    nowMs: CASE_NOW_MS,
    facts: revision(5, 7, 60),
    expect: { status: 'fail', violations: 1, subjects: { [CASE_CRON]: 'pass', [REVISION]: 'fail' } },
  },
  {
    name: 'behind for two minutes',
    nowMs: CASE_NOW_MS,
    facts: revision(6, 7, 2),
    expect: { status: 'pass' },
  },
  {
    name: 'behind for ten minutes, and policy allows an hour',
    nowMs: CASE_NOW_MS,
    params: { lagMinutes: 60 },
    facts: revision(6, 7, 10),
    expect: { status: 'pass' },
  },
  {
    name: 'the repository is elsewhere',
    facts: caseSync({ revision: { kind: 'not-known', why: 'it is not on this node' } }),
    expect: { status: 'indeterminate' },
  },
  { name: 'a web host', facts: caseSync({ isManaged: false }), expect: { status: 'not-applicable' } },
]);
