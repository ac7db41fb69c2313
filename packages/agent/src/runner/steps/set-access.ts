import type { Access } from '@castellan/shared/model/plan';
import { accessOf, octal, sameAccess } from '../../kit/access.js';
import type { Step } from '../../kit/step.js';
import { mayHaveActed, type RunContext, StepFailed, type StepPlace, type StepRunner } from './run-context.js';

type SetAccess = Extract<Step, { kind: 'set-access' }>;

export const setAccess: StepRunner<SetAccess> = {
  async apply(step, index, context) {
    for (const { path, before } of step.entries) {
      if (!sameAccess(liveAccess(context, path), before))
        throw new StepFailed(
          'CAS_PLAN_STALE',
          `the owner or mode of ${path} changed after the plan was made`,
        );
    }
    context.journal.append({ t: 'intent', step: index });
    for (const { path, before, after } of step.entries) {
      change(context, path, before, after);
      context.tell(`${path} is now ${after.uid}:${after.gid} ${octal(after.mode)}`);
    }
  },

  inspect: inspectAccess,

  undo(step, index, context) {
    if (inspectAccess(step, index, context) !== 'touched') return;
    for (const { path, before, after } of [...step.entries].reverse()) {
      const live = liveAccess(context, path);
      if (isOnTheWay(live, before, after)) change(context, path, live, before);
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
  for (const { path, before, after } of step.entries) {
    // Of a step that says nothing of itself, what is neither before nor after is no trace.
    if (!isMeant && !context.deps.files.lstat(path).ok) continue;
    const live = liveAccess(context, path);
    if (sameAccess(live, before)) continue;
    if (isOnTheWay(live, before, after)) place = 'touched';
    else if (isMeant) return 'foreign';
  }
  return place;
}

/** Everything that a cut-off change, or a cut-off undoing of one, can leave behind. */
function isOnTheWay(live: Access, before: Access, after: Access): boolean {
  const both = before.mode & after.mode;
  return [after, { ...before, mode: both }, { ...after, mode: both }].some((one) => sameAccess(one, live));
}

/** At no moment does anybody have more than before and after allow: bits go first, then the owner, then bits come. */
function change(context: RunContext, path: string, from: Access, to: Access): void {
  const { writer } = context.deps;
  if (from.uid !== to.uid || from.gid !== to.gid) {
    writer.chmod(path, from.mode & to.mode);
    writer.chown(path, to.uid, to.gid);
    writer.chmod(path, to.mode);
  } else if (from.mode !== to.mode) writer.chmod(path, to.mode);
}

function liveAccess(context: RunContext, path: string): Access {
  const stat = context.deps.files.lstat(path);
  if (!stat.ok)
    throw new StepFailed('CAS_RUN_FOREIGN_CHANGE', `${path} cannot be looked at any more: ${stat.detail}`);
  return accessOf(stat.value);
}
