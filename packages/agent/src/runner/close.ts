import type { Step } from '../kit/step.js';
import type { StateStore } from '../ports/state-store.js';
import { backupsOf } from './backups.js';
import type { Journal } from './journal.js';
import { attempt, type Progress } from './progress.js';
import { prune } from './prune.js';
import type { RunEnd } from './rollback.js';

/**
 * Of a run that is done, only backups of configuration without a secret are kept, for whoever wants to see what was
 * there. Where putting back failed all are kept: they are needed.
 */
export function closeRun(state: StateStore, journal: Journal, steps: readonly Step[], progress: Progress, end: RunEnd): RunEnd {
  for (const backup of toRemove(state, journal, steps, end)) {
    if (!attempt(() => state.remove(backup))) {
      progress.add(`${state.path}/${backup} could not be removed: remove it by hand, it may hold a secret`);
    }
  }
  progress.tell(end.state, end.line, end.error ?? undefined);
  // Without this line the next start looks again, finds everything in its place, and closes the run.
  attempt(() => journal.append({ t: 'closed', state: end.state }));
  attempt(() => prune(state));
  return end;
}

function toRemove(state: StateStore, journal: Journal, steps: readonly Step[], end: RunEnd): readonly string[] {
  if (end.state === 'rollbackFailed') return [];
  const kept = new Set(end.state === 'done' ? journal.records.flatMap((one) => (one.t === 'backup' && one.backup !== null && !holdsSecret(steps[one.step]) ? [one.backup] : [])) : []);
  let names: readonly string[] = [];
  const isListed = attempt(() => {
    names = backupsOf(state, journal.runId).filter((name) => !kept.has(name));
  });
  return isListed ? names : [];
}

/** What a program keeps in files of its own is not known here, so it counts as secret. */
function holdsSecret(step: Step | undefined): boolean {
  return step === undefined || step.kind === 'program' || (step.kind === 'replace-files' && step.secretBackup === true);
}
