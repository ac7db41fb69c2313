import { isBarring, isTooOpen } from '../../knowledge/startup/root-umask.js';
import { recheckAll } from '../../units/recheck.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import type { Step } from '../../units/step.js';
import { replacementsOf } from './replacements.js';
import { wantedMasks } from './wanted.js';

type Reads = 'umask';

const CONTROL = 'MOM-PERM-001';
const SYSTEMCTL = '/usr/bin/systemctl';
const RELOAD_MS = 60_000;

export default defineRemediation<Reads>({
  slug: 'umask-repair',
  title: "The umask of root and of Momentum's daemons",
  fixes: [CONTROL],
  risk: 'What root makes from now on is readable by all unless it is made otherwise: scripts that relied on the strict mask to hide a file no longer hide it. Files that are there keep their modes.',
  reads: ['umask'],
  params: {
    umask: {
      kind: 'text',
      required: false,
      default: '0022',
      text: 'the mask, octal: it must leave read and search to others, and take write from all but the owner',
    },
  },
  timeoutMs: 120_000,
  plan,
  verify,
});

function plan(context: PlanContext<Reads>): Planned {
  const { params, facts, look } = context;
  const mask = maskOf(params.text('umask') ?? '0022');
  if (mask === null)
    return {
      kind: 'refused',
      code: 'CAS_PARAM_INVALID',
      why: 'umask must be three or four octal digits, leave read and search to others (0005) and take write from group and others (0022): 0022',
    };
  const said = shellFault(facts.umask);
  const wanted = wantedMasks(look.files, mask);
  const notes = said === null || wanted.edits.length > 0 ? wanted.notes : [said, ...wanted.notes];
  if (wanted.edits.length === 0)
    return notes.length > 0
      ? { kind: 'refused', code: 'CAS_PLAN_REFUSED', why: notes.join('. ') }
      : { kind: 'nothing', why: 'no startup file sets a umask that bars others or lets them write' };
  const files = replacementsOf(look.files, wanted.edits);
  if (!files.ok) return { kind: 'refused', code: 'CAS_PLAN_REFUSED', why: files.why };
  const hasUnit = wanted.edits.some(({ path }) => path.startsWith('/etc/systemd/'));
  return {
    kind: 'draft',
    draft: {
      steps: [...files.steps, ...(hasUnit && look.files.stat(SYSTEMCTL).ok ? [DAEMON_RELOAD] : [])],
      changes: files.changes,
      opens: wanted.isOpening ? 'what root makes from now on to everybody, to read' : null,
      effects: [
        'new shells of root have the new mask; those that run keep theirs',
        'a daemon of Momentum has it from its next start; nothing is restarted',
      ],
      verification: [
        'the startup files are followed again, command by command',
        'a new login shell of root is asked for its umask, where the node may be asked',
        `${CONTROL} passes`,
      ],
      notes,
      contents: files.contents,
    },
  };
}

const DAEMON_RELOAD: Step = {
  kind: 'program',
  id: 'units read again',
  program: SYSTEMCTL,
  argv: ['daemon-reload'],
  timeoutMs: RELOAD_MS,
  expect: { exitCode: 0 },
  againOnRollback: true,
};

/** Null: it would bar others, or let them write, or is no mask. */
function maskOf(text: string): number | null {
  if (!/^0?[0-7]{3}$/.test(text)) return null;
  const mask = Number.parseInt(text, 8);
  return isBarring(mask) || isTooOpen(mask) || (mask & 0o700) !== 0 ? null : mask;
}

/** A shell that was run says something that its files do not; null: it does not, or none was run. */
function shellFault({ from, effective, byFiles }: PlanContext<Reads>['facts']['umask']): string | null {
  if (from !== 'shell' || effective === null || effective === byFiles) return null;
  return isBarring(effective) || isTooOpen(effective)
    ? `a login shell of root says ${effective.toString(8).padStart(4, '0')}, which none of its startup files sets in a way that is understood: a person must look for it`
    : null;
}

/** Followed anew, nothing may be left to edit; and a real login shell, where one was asked, must say so as well. */
async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const { facts, look, params } = context;
  const mask = maskOf(params.text('umask') ?? '0022') ?? 0o022;
  const { edits, notes } = wantedMasks(look.files, mask);
  if (edits.length > 0) return { ok: false, why: `still wrong: ${edits.map(({ path }) => path).join(', ')}` };
  const said = shellFault(facts.umask);
  if (said !== null) return { ok: false, why: said };
  context.note(
    facts.umask.from === 'shell'
      ? `a new login shell of root has umask ${(facts.umask.effective ?? 0).toString(8).padStart(4, '0')}`
      : 'no login shell was asked: its startup files were followed',
  );
  if (notes.length === 0) return recheckAll(context, [CONTROL]);
  for (const note of notes) context.note(note);
  return { ok: true, left: notes };
}
