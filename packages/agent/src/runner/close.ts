import type { Step } from '../kit/step.js';
import type { StateStore } from '../ports/state-store.js';
import type { Journal } from './journal.js';
import { attempt, type Progress } from './progress.js';
import type { RunEnd } from './rollback.js';

/** Backups that hold a secret, or a private key, do not outlive a run that ended well; where it did not, they are needed. */
export function closeRun(state: StateStore, journal: Journal, steps: readonly Step[], progress: Progress, end: RunEnd): RunEnd {
  if (end.state !== 'rollbackFailed') {
    for (const record of journal.records) {
      if (record.t !== 'backup' || record.backup === null) continue;
      const step = steps[record.step];
      const isSecret = end.state === 'rolledBack' || (step?.kind === 'replace-files' && step.secretBackup === true);
      const { backup } = record;
      if (isSecret && !attempt(() => state.remove(backup))) progress.tell(end.state === 'done' ? 'verifying' : 'rollingBack', `${state.path}/${backup} could not be removed: remove it by hand, it may hold a secret`);
    }
  }
  progress.tell(end.state, end.line, end.error ?? undefined);
  // Without this line the next start looks again, finds everything in its place, and closes the run.
  attempt(() => journal.append({ t: 'closed', state: end.state }));
  return end;
}
