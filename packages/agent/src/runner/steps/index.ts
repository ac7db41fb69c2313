import type { Step } from '../../units/step.js';
import { commit } from './commit.js';
import { makeFolder } from './make-folder.js';
import { program } from './program.js';
import { replaceFiles } from './replace-files.js';
import type { RunContext, StepPlace } from './run-context.js';
import { service } from './service.js';
import { setAccess } from './set-access.js';

export async function applyStep(step: Step, index: number, context: RunContext): Promise<void> {
  if (step.kind === 'replace-files') return replaceFiles.apply(step, index, context);
  if (step.kind === 'make-folder') return makeFolder.apply(step, index, context);
  if (step.kind === 'set-access') return setAccess.apply(step, index, context);
  if (step.kind === 'program') return program.apply(step, index, context);
  if (step.kind === 'commit') return commit.apply(step, index, context);
  return service.apply(step, index, context);
}

export function inspectStep(step: Step, index: number, context: RunContext): StepPlace {
  if (step.kind === 'replace-files') return replaceFiles.inspect(step, index, context);
  if (step.kind === 'make-folder') return makeFolder.inspect(step, index, context);
  if (step.kind === 'set-access') return setAccess.inspect(step, index, context);
  if (step.kind === 'program') return program.inspect(step, index, context);
  if (step.kind === 'commit') return commit.inspect(step, index, context);
  return service.inspect(step, index, context);
}

export function undoStep(step: Step, index: number, context: RunContext): void {
  if (step.kind === 'replace-files') replaceFiles.undo(step, index, context);
  else if (step.kind === 'make-folder') makeFolder.undo(step, index, context);
  else if (step.kind === 'set-access') setAccess.undo(step, index, context);
  else if (step.kind === 'program') program.undo(step, index, context);
  else if (step.kind === 'commit') commit.undo(step, index, context);
  else service.undo(step, index, context);
}

export async function rerunStep(step: Step, index: number, context: RunContext): Promise<void> {
  if (step.kind === 'program') return program.rerun(step, index, context);
  if (step.kind === 'commit') return commit.rerun(step, index, context);
  if (step.kind === 'service') return service.rerun(step, index, context);
}
