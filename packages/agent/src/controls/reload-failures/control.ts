import type { Facts } from '../../facts/facts.generated.js';
import {
  defineControl,
  fail,
  indeterminate,
  judgement,
  notApplicable,
  type Outcome,
  pass,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Log = Facts['reloadFailures']['logs'][number];

const HOUR_MS = 3_600_000;

export default defineControl({
  id: 'MOM-PERM-006',
  slug: 'reload-failures',
  title: 'CFG-07961 / Reconfigure failed seen recently',
  severity: 'high',
  subject: 'logs of errors',
  reads: ['reloadFailures'],
  sources: [manual3('install.security'), manual3('executable.ec_dump_config'), manual3('conf.starting')],
  remediation: null,
  params: {
    recentHours: { default: 24, unit: 'hours', text: 'failures that are older than this count no more' },
  },

  evaluate({ facts: { reloadFailures }, params, nowMs }) {
    const { logs } = reloadFailures;
    if (logs.length === 0) return notApplicable('There is no paniclog on this node.');
    return logs.map((log) => judgement(log.path, judge(log, nowMs - params.recentHours * HOUR_MS)));
  },
});

function judge({ path, unread, failures }: Log, sinceMs: number): Outcome {
  if (unread !== null) return indeterminate(`${path} could not be read (${unread}).`);
  const recent = failures.filter(({ atMs }) => atMs !== null && atMs >= sinceMs);
  if (recent.length > 0) {
    const isPermission = recent.some(({ kind }) => kind === 'permission');
    return fail(
      isPermission
        ? 'Momentum could not read its configuration: the old one keeps running (MOM-PERM-002).'
        : 'Momentum did not load its configuration: the old one keeps running (MOM-CFG-001).',
      recent.map(({ kind, line }) => ({
        at: { file: path, line },
        found:
          kind === 'permission'
            ? 'CFG-07961: a file or folder is closed to it'
            : 'the configuration was refused',
        proposed: kind === 'permission' ? 'readable by ecuser' : 'validate_config, then a reload',
      })),
    );
  }
  return failures.some(({ atMs }) => atMs === null)
    ? indeterminate(`${path} tells of a configuration that was refused, and not when.`)
    : pass(`${path} tells of no recent configuration that was refused.`);
}
