import { describeAccess, type OwnerNames } from '../../knowledge/permissions/path-access.js';
import { recheckAll } from '../../units/recheck.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import { type Reads, type WantedChange, wantedChanges } from './wanted.js';

const CONTROLS = ['MOM-PERM-002', 'MOM-PERM-003', 'MOM-CRT-009', 'MOM-CRED-004'];
const NOTES_MAX = 10;

export default defineRemediation<Reads>({
  slug: 'permissions-repair',
  title: "Let Momentum's user read its configuration, and nobody else read keys and credentials",
  fixes: CONTROLS,
  risk: 'Owners, groups and modes change; contents do not. A person or script that read a key or a credential through a wrong mode no longer can.',
  reads: ['configTree', 'privateKeys', 'credentialStore', 'install'],
  params: {},
  timeoutMs: 120_000,
  plan,
  verify,
});

function plan({ facts, look }: PlanContext<Reads>): Planned {
  const { entries, notes } = wantedChanges(facts, look.files);
  if (entries.length === 0) {
    return notes.length === 0
      ? { kind: 'nothing', why: 'every owner and mode that this remediation looks after is as it should be' }
      : { kind: 'refused', code: 'CAS_PLAN_REFUSED', why: notes.join('. ') };
  }
  return {
    kind: 'draft',
    draft: {
      steps: [
        {
          kind: 'set-access',
          id: 'owners and modes',
          entries: entries.map(({ path, identity, before, after }) => ({ path, identity, before, after })),
        },
      ],
      opens: opensOf(entries),
      changes: entries.map((entry) => changeOf(entry, facts.install)),
      effects: ['nothing is restarted'],
      verification: ['inspected again, no owner or mode of these is wrong'],
      notes: [
        ...notes,
        ...(facts.configTree.workingCopy
          ? [
              'Subversion keeps no modes: a later eccfg pull makes the files of conf anew, under the umask of whoever runs it',
            ]
          : []),
      ],
      contents: {},
    },
  };
}

/** What is opened is named with the very file that was inspected: another one under its name is another plan. */
function changeOf({ path, identity, before, after, why, opensTo }: WantedChange, names: OwnerNames) {
  const which = opensTo === null ? '' : `, file ${identity.dev}:${identity.ino}`;
  return {
    kind: 'access' as const,
    target: path,
    summary: opensTo === null ? why : `OPENS it to ${opensTo}: ${why}`,
    before: `${describeAccess(before, names)}${which}`,
    after: describeAccess(after, names),
  };
}

function opensOf(entries: readonly WantedChange[]): string | null {
  const opened = entries.filter(({ opensTo }) => opensTo !== null);
  const [first] = opened;
  if (!first) return null;
  const users = [...new Set(opened.map(({ opensTo }) => opensTo))].join(' and ');
  const more = opened.length === 1 ? '' : ` and ${opened.length - 1} more`;
  return `${first.path}${more} to ${users}`;
}

/** By what is there now, as a new plan would see it: nothing may be left to do, and the controls must agree. */
async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const { entries, notes } = wantedChanges(context.facts, context.look.files);
  if (entries.length > 0)
    return {
      ok: false,
      why: `still wrong: ${entries
        .slice(0, 5)
        .map(({ path }) => path)
        .join(', ')}`,
    };
  if (notes.length === 0) return recheckAll(context, CONTROLS);
  // What is left to a person still fails, and is no reason to take the rest back.
  for (const note of notes.slice(0, NOTES_MAX)) context.note(note);
  const left: string[] = [];
  for (const id of CONTROLS) {
    const { status, summary } = await context.recheck(id);
    context.note(`${id}: ${status}. ${summary}`);
    if (status !== 'pass' && status !== 'not-applicable') left.push(`${id}: ${summary}`);
  }
  return { ok: true, left: left.length > 0 ? left : notes.slice(0, NOTES_MAX) };
}
