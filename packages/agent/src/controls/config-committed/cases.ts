import { CASE_NOW_MS } from '../../../testing/cases/certificate.js';
import { CASE_BOOT, caseSync } from '../../../testing/cases/sync.js';
import { defineCases } from '../../units/case.js';

const FILE = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
const MINUTE_MS = 60_000;
const EDITS = 'edits that are not committed';

const edited = (mtimeMs: number | null) =>
  caseSync({ edits: { kind: 'known', value: { edited: [{ path: FILE, mtimeMs }], conflicts: [] } } });
const updates = (value: string) => caseSync({ autoupdate: { kind: 'set', value, line: 8 } });

export default defineCases([
  {
    name: 'all committed, updates come',
    facts: caseSync(),
    expect: {
      status: 'pass',
      subjects: { [EDITS]: 'pass', [CASE_BOOT]: 'pass', 'subcluster default': 'pass' },
    },
  },
  {
    name: 'an edit of ten minutes ago',
    nowMs: CASE_NOW_MS,
    facts: edited(CASE_NOW_MS - 10 * MINUTE_MS),
    expect: { status: 'pass' },
  },
  {
    name: 'an edit of two hours ago',
    nowMs: CASE_NOW_MS,
    facts: edited(CASE_NOW_MS - 120 * MINUTE_MS),
    expect: { status: 'fail', severity: 'low', violations: 1, at: { file: FILE } },
  },
  {
    name: 'the same where policy allows a day',
    nowMs: CASE_NOW_MS,
    params: { editHours: 24 },
    facts: edited(CASE_NOW_MS - 120 * MINUTE_MS),
    expect: { status: 'pass' },
  },
  {
    name: 'a file that was deleted without eccfg',
    nowMs: CASE_NOW_MS,
    facts: edited(null),
    expect: { status: 'fail', severity: 'low' },
  },
  {
    name: 'a file in conflict',
    facts: caseSync({ edits: { kind: 'known', value: { edited: [], conflicts: [FILE] } } }),
    expect: { status: 'fail', severity: 'medium', violations: 1, at: { file: FILE } },
  },
  {
    name: 'a subcluster in conflict, beside one that is not',
    facts: caseSync({
      subclusters: {
        kind: 'known',
        value: [
          { name: 'default', isConflict: false },
          { name: 'east', isConflict: true },
        ],
      },
    }),
    expect: {
      status: 'fail',
      severity: 'medium',
      subjects: {
        [EDITS]: 'pass',
        [CASE_BOOT]: 'pass',
        'subcluster default': 'pass',
        'subcluster east': 'fail',
      },
    },
  },
  {
    name: 'frozen',
    facts: updates('false'),
    expect: { status: 'fail', severity: 'low', at: { file: CASE_BOOT, line: 8 } },
  },
  {
    name: 'updates only while nothing is edited',
    facts: updates('ifunchanged'),
    expect: { status: 'fail', severity: 'low' },
  },
  { name: 'TRUE is true', facts: updates('TRUE'), expect: { status: 'pass' } },
  {
    name: 'autoupdate is not set',
    facts: caseSync({ autoupdate: { kind: 'unset' } }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'cluster.boot was not understood',
    facts: caseSync({ autoupdate: { kind: 'unclear', why: 'line 3' } }),
    expect: { status: 'indeterminate' },
  },
  {
    name: 'no cluster: only the edits count',
    facts: caseSync({ autoupdate: { kind: 'no-file' } }),
    expect: { status: 'pass' },
  },
  {
    name: 'eccfg was not run',
    facts: caseSync({
      edits: { kind: 'not-known', why: 'eccfg was not run' },
      subclusters: { kind: 'not-known', why: 'eccfg was not run' },
    }),
    expect: {
      status: 'indeterminate',
      subjects: { [EDITS]: 'indeterminate', [CASE_BOOT]: 'pass', subclusters: 'indeterminate' },
    },
  },
  { name: 'a database host', facts: caseSync({ isManaged: false }), expect: { status: 'not-applicable' } },
]);
