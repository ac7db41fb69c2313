import type { Facts } from '../../facts/facts.generated.js';
import { octal } from '../../knowledge/permissions/path-access.js';
import { defineControl, fail, indeterminate, pass, type Violation } from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Umask = Facts['umask'];

/** Read and search for others: without them the service's user is shut out of what root makes. */
const OTHERS_NEED = 0o005;
/** Write for group and others: what a mask ought to take away. */
const NOBODY_NEEDS = 0o022;
const RECOMMENDED = 'umask 0022';

export default defineControl({
  id: 'MOM-PERM-001',
  slug: 'root-umask',
  title: 'Root umask not 0027-class',
  severity: 'medium',
  otherSeverities: ['low'],
  subject: "root's umask",
  reads: ['umask'],
  sources: [manual3('install.security')],
  remediation: null,
  params: {},

  evaluate({ facts: { umask } }) {
    if (umask.effective === null) return indeterminate(whyUnclear(umask), unclearLines(umask));
    const origin = umask.decidedBy
      ? `${umask.decidedBy.file}:${umask.decidedBy.line}`
      : umask.systemDefault.from;
    const mask = `umask ${octal(umask.effective)}`;
    const violations = [violation(umask, mask)];
    if ((umask.effective & OTHERS_NEED) !== 0) {
      return fail(
        `A new shell of root has ${mask} (${origin}): what it makes, ecuser cannot read.`,
        violations,
      );
    }
    if ((umask.effective & NOBODY_NEEDS) !== NOBODY_NEEDS) {
      return fail(
        `A new shell of root has ${mask} (${origin}): others may write to what it makes.`,
        violations,
        'low',
      );
    }
    // A startup file that could not be read may hold the line that counts.
    if (umask.unread.length > 0)
      return indeterminate(`${mask} by what could be read, but ${unreadList(umask)}.`);
    return pass(`A new shell of root has ${mask} (${origin}).${stillRunning(umask)}`);
  },
});

function violation(umask: Umask, found: string): Violation {
  const line = umask.decidedBy;
  if (!line) return { at: placeOfDefault(umask.systemDefault.from), found, proposed: RECOMMENDED };
  return { at: { file: line.file, line: line.line }, found: line.text.slice(0, 200), proposed: RECOMMENDED };
}

function placeOfDefault(from: string): Violation['at'] {
  return from.startsWith('/') ? { file: from } : { object: from };
}

function whyUnclear(umask: Umask): string {
  const line = umask.decidedBy;
  if (!line)
    return `What umask a shell of root gets could not be told${umask.unread.length > 0 ? `: ${unreadList(umask)}` : ''}.`;
  const doubt =
    line.umask === null
      ? 'what it sets is worked out when it runs'
      : `whether it runs depends on: ${line.condition ?? 'the shell'}`;
  return `${line.file}:${line.line} "${line.text.slice(0, 120)}": ${doubt}. Run "umask" in a new login shell of root to settle it.`;
}

function unclearLines(umask: Umask): Violation[] {
  return umask.lines
    .filter((line) => line.umask === null || line.runs === 'unclear')
    .map((line) => ({ at: { file: line.file, line: line.line }, found: line.text.slice(0, 200) }));
}

function unreadList(umask: Umask): string {
  return umask.unread.map(({ file, problem }) => `${file} could not be read (${problem})`).join(', ');
}

/** A daemon keeps the mask that it was started with; a corrected startup file reaches it at its next start. */
function stillRunning(umask: Umask): string {
  const old = (umask.processes ?? []).filter((p) => p.umask !== null && (p.umask & OTHERS_NEED) !== 0);
  if (old.length === 0) return '';
  const named = old.slice(0, 5).map((p) => `${p.program} (${p.pid}) has ${octal(p.umask ?? 0)}`);
  return ` Until it is restarted, ${named.join(', ')}.`;
}
