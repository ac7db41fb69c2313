import type { Step } from '../../units/step.js';
import { trusted } from './kept-file.js';
import { mayHaveActed, type RunContext, StepFailed, type StepPlace, type StepRunner } from './run-context.js';

type MakeFolder = Extract<Step, { kind: 'make-folder' }>;

/** A folder for a file that a later step puts into it. The plan saw none there. */
export const makeFolder: StepRunner<MakeFolder> = {
  async apply({ path, access }, index, context) {
    if (context.deps.files.lstat(path).ok)
      throw new StepFailed('CAS_PLAN_STALE', `${path} was made after the plan was`);
    context.journal.append({ t: 'intent', step: index });
    context.deps.writer.mkdir(path, access, trusted(context, path));
    context.tell(`made ${path}`);
  },

  /** One with something in it is in use: by what a later step put there, which goes first, or by another. */
  inspect({ path }, index, context): StepPlace {
    return mayHaveActed(index, context) && isEmpty(context, path) ? 'touched' : 'before';
  },

  undo({ path }, index, context) {
    if (mayHaveActed(index, context) && isEmpty(context, path))
      context.deps.writer.rmdir(path, trusted(context, path));
  },

  async rerun() {
    // A folder needs nobody to run again.
  },
};

function isEmpty({ deps }: RunContext, path: string): boolean {
  const stat = deps.files.lstat(path);
  const names = stat.ok && stat.value.kind === 'directory' ? deps.files.list(path) : null;
  return names?.ok === true && names.value.length === 0;
}
