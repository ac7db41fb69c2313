import type { Facts } from '../../facts/facts.generated.js';
import { octal } from '../../knowledge/permissions/path-access.js';
import { isBarring as bars, isTooOpen as isOpen } from '../../knowledge/startup/root-umask.js';
import {
  defineControl,
  fail,
  indeterminate,
  type Judgement,
  judgement,
  type Outcome,
  pass,
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Umask = Facts['umask'];
type Line = Umask['lines'][number];
type Start = Umask['starts'][number];

const RECOMMENDED = 'umask 0022';
const SHELL = "root's umask";
/** The database keeps its files to itself, with any mask. */
const KEEPS_TO_ITSELF = 'umask of msyspg';

export default defineControl({
  id: 'MOM-PERM-001',
  slug: 'root-umask',
  title: 'Root umask not 0027-class',
  severity: 'medium',
  otherSeverities: ['low'],
  subject: SHELL,
  reads: ['umask'],
  sources: [manual3('install.security')],
  remediation: 'umask-repair',
  params: {},

  evaluate({ facts: { umask } }): Judgement[] {
    return [
      judgement(SHELL, judgeShell(umask)),
      ...umask.starts.map((start) => judgement(start.subject, judgeStart(start))),
    ];
  },
});

function judgeShell(umask: Umask): Outcome {
  const origin = umask.decidedBy
    ? `${umask.decidedBy.file}:${umask.decidedBy.line}`
    : umask.systemDefault.from;
  const differs = difference(umask);
  const { effective } = umask;
  if (effective === null) {
    // Whichever of them it is.
    if (umask.possible.length > 0 && umask.possible.every(bars)) {
      const masks = umask.possible.map((mask) => octal(mask ?? 0)).join(' or ');
      return fail(`A new shell of root has umask ${masks} (${origin}): what it makes, ecuser cannot read.`, [
        violation(umask, `umask ${masks}`),
      ]);
    }
    return indeterminate(whyUnclear(umask), unclearLines(umask));
  }
  const mask = `umask ${octal(effective)}`;
  if (bars(effective)) {
    return fail(`A new shell of root has ${mask} (${origin}): what it makes, ecuser cannot read.${differs}`, [
      violation(umask, mask),
    ]);
  }
  if (isOpen(effective)) {
    return fail(
      `A new shell of root has ${mask} (${origin}): others may write to what it makes.${differs}`,
      [violation(umask, mask)],
      'low',
    );
  }
  return pass(`A new shell of root has ${mask} (${origin}).${differs}${stillRunning(umask)}`);
}

function judgeStart({ subject, file, umask, possible, line }: Start): Outcome {
  const origin = line ? `${line.file}:${line.line}` : file;
  const at: Violation['at'] = line ? { file: line.file, line: line.line } : { file };
  const found = line?.text.slice(0, 200) ?? `umask ${umask === null ? 'unclear' : octal(umask)}`;
  const violations = [{ at, found, proposed: RECOMMENDED }];
  if (possible.every(bars)) {
    if (subject === KEEPS_TO_ITSELF) return pass(`It is started with a mask of its own (${origin}).`);
    const masks = possible.map((mask) => octal(mask ?? 0)).join(' or ');
    return fail(
      `It is started with umask ${masks} (${origin}): what it makes, others cannot read.`,
      violations,
    );
  }
  if (umask === null) {
    return indeterminate(`${line ? doubtOf(line) : `${file}: its umask could not be told`}.`, [
      { at, found },
    ]);
  }
  if (isOpen(umask)) {
    const text = `It is started with umask ${octal(umask)} (${origin}): others may write to what it makes.`;
    return fail(text, violations, 'low');
  }
  return pass(
    line
      ? `It is started with umask ${octal(umask)} (${origin}).`
      : `${file} sets no umask that bars others.`,
  );
}

function violation(umask: Umask, found: string): Violation {
  const line = umask.decidedBy;
  if (!line) return { at: placeOfDefault(umask.systemDefault.from), found, proposed: RECOMMENDED };
  return { at: { file: line.file, line: line.line }, found: line.text.slice(0, 200), proposed: RECOMMENDED };
}

function placeOfDefault(from: string): Violation['at'] {
  return /^\/\S+$/.test(from) ? { file: from } : { object: from };
}

function whyUnclear(umask: Umask): string {
  const line = umask.decidedBy;
  const what = line
    ? doubtOf(line)
    : `What umask a login of root begins with could not be told (${umask.systemDefault.from})`;
  const unread = umask.unread.length > 0 ? ` ${unreadList(umask)}.` : '';
  return `${what}.${unread} Run "umask" in a new login shell of root to settle it.`;
}

function doubtOf(line: Line): string {
  const doubt =
    line.umask === null
      ? 'what it sets is worked out when it runs'
      : `whether it runs depends on: ${line.condition ?? 'the shell'}`;
  return `${line.file}:${line.line} "${line.text.slice(0, 120)}": ${doubt}`;
}

function unclearLines(umask: Umask): Violation[] {
  return umask.lines
    .filter((line) => line.runs !== 'no' && (line.umask === null || line.runs === 'unclear'))
    .slice(0, 50)
    .map((line) => ({ at: { file: line.file, line: line.line }, found: line.text.slice(0, 200) }));
}

function unreadList(umask: Umask): string {
  return umask.unread.map(({ file, problem }) => `${file} could not be read (${problem})`).join(', ');
}

/** A shell that was run has the last word; what its files say is told where it is something else. */
function difference(umask: Umask): string {
  if (umask.from !== 'shell' || umask.byFiles === umask.effective) return '';
  const read = umask.byFiles === null ? 'are not clear' : `read as umask ${octal(umask.byFiles)}`;
  return ` A login shell that was run said so; its startup files ${read}.`;
}

/** A daemon keeps the mask that it was started with; a corrected startup file reaches it at its next start. */
function stillRunning(umask: Umask): string {
  const old = (umask.processes ?? []).filter((p) => bars(p.umask));
  if (old.length === 0) return '';
  const named = old.slice(0, 5).map((p) => `${p.program} (${p.pid}) has ${octal(p.umask ?? 0)}`);
  return ` Until it is restarted, ${named.join(', ')}.`;
}
