import type { StateStore } from '../ports/state-store.js';
import type { Journal } from './journal.js';
import { attempt, type Progress } from './progress.js';
import { prune, removeNeedless } from './prune.js';
import type { RunEnd } from './rollback.js';

export function closeRun(state: StateStore, journal: Journal, progress: Progress, end: RunEnd): RunEnd {
  // Nothing is removed before it is written down that the node was seen to be as the end says: whoever comes after a kill
  // could prove it no more. On a disk that takes no line, the next start removes it.
  const isProven =
    end.state !== 'rollbackFailed' &&
    attempt(() => journal.append({ t: 'proven', state: end.state, line: end.line, error: end.error }));
  attempt(() => {
    if (!isProven) return;
    for (const name of removeNeedless(state, {
      runId: journal.runId,
      records: journal.records,
      ended: end.state,
    })) {
      progress.add(
        `${state.path}/${name} could not be removed, and may hold a secret: the next start of the agent tries again`,
      );
    }
  });
  progress.tell(end.state, end.line, end.error ?? undefined);
  // After the end was told: a kill in between has the next start find everything in its place, tell it and close the run.
  attempt(() => journal.append({ t: 'closed', state: end.state }));
  attempt(() => prune(state));
  return end;
}
