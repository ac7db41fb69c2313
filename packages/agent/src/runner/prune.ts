import type { StateStore } from '../ports/state-store.js';
import { backupsOf } from './backups.js';
import { removeJournal, type WrittenRun, writtenRuns } from './journal.js';

/** Journals of ended runs that are kept: they tell a command that comes twice, and a person what was done. */
export const JOURNALS_KEPT_MAX = 100;
/** Runs that ended well and whose backups are kept. Where putting back failed, they stay as long as the journal does. */
export const BACKED_UP_RUNS_MAX = 5;

/** Bounds what ended runs leave in the state folder; the oldest goes first. */
export function prune(state: StateStore): void {
  const ended = writtenRuns(state)
    .filter((run) => run.ended !== null)
    .sort((a, b) => (begunAt(a) < begunAt(b) ? -1 : 1));
  const surplus = Math.max(0, ended.length - JOURNALS_KEPT_MAX);
  for (const { runId } of ended.slice(0, surplus)) {
    removeBackups(state, runId);
    removeJournal(state, runId);
  }
  const done = ended.slice(surplus).filter((run) => run.ended === 'done' && backupsOf(state, run.runId).length > 0);
  for (const { runId } of done.slice(0, Math.max(0, done.length - BACKED_UP_RUNS_MAX))) removeBackups(state, runId);
}

function removeBackups(state: StateStore, runId: string): void {
  for (const name of backupsOf(state, runId)) state.remove(name);
}

function begunAt({ records }: WrittenRun): string {
  const first = records[0];
  return first?.t === 'run' ? first.at : '';
}
