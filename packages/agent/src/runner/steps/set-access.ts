import type { Access } from '@castellan/shared/model/plan';
import { accessOf, identityOf, octal, sameAccess } from '../../knowledge/permissions/path-access.js';
import type { FileIdentity } from '../../ports/files.js';
import type { AccessChange, Step } from '../../units/step.js';
import { trusted } from './kept-file.js';
import { mayHaveActed, type RunContext, StepFailed, type StepPlace, type StepRunner } from './run-context.js';

type SetAccess = Extract<Step, { kind: 'set-access' }>;

export const setAccess: StepRunner<SetAccess> = {
  async apply(step, index, context) {
    for (const entry of step.entries) {
      const live = liveOf(context, entry);
      if (live === null || !isThis(live, entry.identity) || !sameAccess(live.access, entry.before))
        throw new StepFailed(
          'CAS_PLAN_STALE',
          `the owner or mode of ${entry.path} changed after the plan was made`,
        );
    }
    context.journal.append({ t: 'intent', step: index });
    for (const entry of step.entries) {
      const { path, before, after } = entry;
      change(context, entry, before, after);
      context.tell(`${path} is now ${after.uid}:${after.gid} ${octal(after.mode)}`);
    }
    const other = step.entries.find((entry) => !isAs(liveOf(context, entry), entry, entry.after));
    if (other)
      throw new StepFailed('CAS_RUN_STEP_FAILED', `${other.path} was exchanged while its access was changed`);
  },

  inspect: inspectAccess,

  undo(step, index, context) {
    if (inspectAccess(step, index, context) !== 'touched') return;
    for (const entry of [...step.entries].reverse()) {
      const live = liveOf(context, entry);
      if (live !== null && isOnTheWay(live, entry)) change(context, entry, live.access, entry.before);
    }
  },

  async rerun() {
    // Nobody has to be told of an owner or a mode.
  },
};

function inspectAccess(step: SetAccess, index: number, context: RunContext): StepPlace {
  if (!mayHaveActed(index, context)) return 'before';
  const isMeant = context.journal.of('intent', index).length > 0;
  let place: StepPlace = 'before';
  for (const entry of step.entries) {
    // Of a step that says nothing of itself, what is neither before nor after is no trace.
    if (!isMeant && !context.deps.files.lstat(entry.path).ok) continue;
    const live = liveOf(context, entry);
    if (isAs(live, entry, entry.before)) continue;
    if (live !== null && isOnTheWay(live, entry)) place = 'touched';
    else if (isMeant) return 'foreign';
  }
  return place;
}

interface Live {
  readonly identity: FileIdentity;
  readonly access: Access;
}

/** The owner may be on its way from one to the other; the file must be the one that the plan inspected. */
function isSameFile({ identity }: Live, planned: FileIdentity): boolean {
  return identity.dev === planned.dev && identity.ino === planned.ino;
}

function isThis(live: Live, planned: FileIdentity): boolean {
  return isSameFile(live, planned) && live.identity.uid === planned.uid;
}

function isAs(live: Live | null, { identity }: AccessChange, access: Access): boolean {
  return live !== null && isSameFile(live, identity) && sameAccess(live.access, access);
}

/** Everything that a cut-off change, or a cut-off undoing of one, can leave behind. */
function isOnTheWay(live: Live, entry: AccessChange): boolean {
  const { before, after } = entry;
  const both = before.mode & after.mode;
  return [after, { ...before, mode: both }, { ...after, mode: both }].some((one) => isAs(live, entry, one));
}

/** At no moment does anybody have more than before and after allow: bits go first, then the owner, then bits come. */
function change(context: RunContext, { path, identity }: AccessChange, from: Access, to: Access): void {
  const { writer } = context.deps;
  const who = trusted(context, path);
  const as = (uid: number): FileIdentity => ({ ...identity, uid });
  if (from.uid !== to.uid || from.gid !== to.gid) {
    writer.chmod(path, from.mode & to.mode, as(from.uid), who);
    writer.chown(path, to, as(from.uid), who);
    writer.chmod(path, to.mode, as(to.uid), who);
  } else if (from.mode !== to.mode) writer.chmod(path, to.mode, as(from.uid), who);
}

/** Null: it is not there any more. */
function liveOf(context: RunContext, { path }: AccessChange): Live | null {
  const stat = context.deps.files.lstat(path);
  if (!stat.ok && stat.problem === 'missing') return null;
  if (!stat.ok)
    throw new StepFailed('CAS_RUN_FOREIGN_CHANGE', `${path} cannot be inspected any more: ${stat.detail}`);
  return { identity: identityOf(stat.value), access: accessOf(stat.value) };
}
