import type { Access } from '@castellan/shared/model/plan';
import { accessOf, octal, sameAccess } from '../../kit/access.js';
import type { Step } from '../../kit/step.js';
import { type RunContext, StepFailed, type StepPlace, type StepRunner } from './run-context.js';

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

  inspect(step, index, context): StepPlace {
    if (context.journal.of('intent', index).length === 0) return 'before';
    let place: StepPlace = 'before';
    for (const { path, before, after } of step.entries) {
      const live = liveAccess(context, path);
      if (sameAccess(live, before)) continue;
      if (!onTheWay(before, after).some((one) => sameAccess(one, live))) return 'foreign';
      place = 'touched';
    }
    return place;
  },

  undo(step, index, context) {
    if (context.journal.of('intent', index).length === 0) return;
    for (const { path, before } of [...step.entries].reverse())
      change(context, path, liveAccess(context, path), before);
  },

  async rerun() {
    // Nobody has to be told of an owner or a mode.
  },
};

/** Everything that a cut-off change, or a cut-off undoing of one, can leave behind. */
function onTheWay(before: Access, after: Access): Access[] {
  const both = before.mode & after.mode;
  return [after, { ...before, mode: both }, { ...after, mode: both }];
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
