import { isDone } from '@castellan/shared/model/run';
import type { StateStore } from '../ports/state-store.js';
import type { Step } from '../units/step.js';
import { backupsOf } from './backups.js';
import { removeHalfWritten, removeJournal, type WrittenRun, writtenRuns } from './journal.js';
import { attempt } from './progress.js';

/** Journals of ended runs that are kept: they tell a command that comes twice, and a person what was done. */
export const JOURNALS_KEPT_MAX = 100;
/** Runs that ended well and whose backups are kept. Where putting back failed, they stay as long as the journal does. */
export const BACKED_UP_RUNS_MAX = 5;

/** Bounds what ended runs leave in the state folder; the oldest goes first. */
export function prune(state: StateStore): void {
  const ended = writtenRuns(state)
    .filter((run) => run.ended !== null)
    .sort((a, b) => (begunAt(a) < begunAt(b) ? -1 : 1));
  attempt(() => removeHalfWritten(state));
  // What is damaged proves nothing: its backups stay until its journal goes.
  const whole = ended.filter(({ damage }) => damage === null);
  for (const run of whole) removeNeedless(state, run);
  const surplus = ended.slice(0, Math.max(0, ended.length - JOURNALS_KEPT_MAX));
  for (const { runId } of surplus)
    if (removeAll(state, backupsOf(state, runId)).length === 0) attempt(() => removeJournal(state, runId));
  const done = whole.filter(({ runId, ended }) => isEndedWell(ended) && backupsOf(state, runId).length > 0);
  for (const { runId } of done.slice(0, Math.max(0, done.length - BACKED_UP_RUNS_MAX)))
    removeAll(state, backupsOf(state, runId));
}

function isEndedWell(ended: EndedRun['ended']): boolean {
  return ended !== null && isDone(ended);
}

type EndedRun = Pick<WrittenRun, 'runId' | 'records' | 'ended'>;

/** Names of those that could not be removed. */
export function removeNeedless(state: StateStore, run: EndedRun): readonly string[] {
  return removeAll(state, needless(state, run));
}

function removeAll(state: StateStore, names: readonly string[]): string[] {
  return names.filter((name) => !attempt(() => state.remove(name)));
}

/** Backups that hold a secret, or a private key, do not outlive a run that ended well; where it did not, they are needed. */
function needless(state: StateStore, { runId, records, ended }: EndedRun): readonly string[] {
  if (ended === 'rollbackFailed') return [];
  const [first] = records;
  const steps = first?.t === 'run' ? first.steps : [];
  const kept = new Set(
    isEndedWell(ended)
      ? records.flatMap((one) =>
          one.t === 'backup' && one.backup !== null && !holdsSecret(steps[one.step]) ? [one.backup] : [],
        )
      : [],
  );
  return backupsOf(state, runId).filter((name) => !kept.has(name));
}

/** What a program keeps in files of its own is not known here, so it counts as secret. */
function holdsSecret(step: Step | undefined): boolean {
  return (
    step === undefined ||
    step.kind === 'program' ||
    (step.kind === 'replace-files' && step.secretBackup === true)
  );
}

function begunAt({ records }: WrittenRun): string {
  const first = records[0];
  return first?.t === 'run' ? first.at : '';
}
