import type { StateStore } from '../ports/state-store.js';

const FOLDER = 'backups';

/** Where one file's old content is kept, from the state folder. */
export function backupName(runId: string, step: number, number: number): string {
  return `${FOLDER}/${runId}.${step}-${number}`;
}

/** Everything that was kept for a run, told by the folder: a kill between the copy and its line in the journal hides none. */
export function backupsOf(state: StateStore, runId: string): string[] {
  return state
    .list(FOLDER)
    .filter((name) => name.startsWith(`${runId}.`))
    .map((name) => `${FOLDER}/${name}`);
}

/** For a person who has to put something back by hand. */
export function backupsPlace(state: StateStore, runId: string): string {
  return `${state.path}/${FOLDER}/${runId}.*`;
}

/** Runs that something is kept for. */
export function backedUpRuns(state: StateStore): ReadonlySet<string> {
  return new Set(state.list(FOLDER).map((name) => name.slice(0, name.indexOf('.'))));
}
