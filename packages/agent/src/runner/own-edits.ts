import { isDone } from '@castellan/shared/model/run';
import type { FileReader } from '../ports/files.js';
import type { StateStore } from '../ports/state-store.js';
import { writtenRuns } from './journal.js';
import { attempt } from './progress.js';
import { sha256 } from './steps/kept-file.js';

/** Whether a file holds what a run of this agent put there: an edit that waits for its commit is then nobody else's. */
export function ownEdits(
  state: Pick<StateStore, 'read' | 'list'>,
  files: FileReader,
): (path: string) => boolean {
  let made: ReadonlySet<string> | null = null;
  return (path) => {
    made ??= new Set(madeFiles(state));
    const real = files.realpath(path);
    const read = files.read(path);
    return real.ok && read.ok && made.has(`${real.value.path}\n${sha256(read.value)}`);
  };
}

/** Whoever may not read the journals (a plan made by another user than root) knows of no run: every edit is another's. */
function madeFiles(state: Pick<StateStore, 'read' | 'list'>): readonly string[] {
  const made: string[] = [];
  attempt(() => {
    for (const { records, ended } of writtenRuns(state)) {
      if (ended === null || !isDone(ended)) continue;
      for (const one of records) if (one.t === 'stage') made.push(`${one.path}\n${one.sha256}`);
    }
  });
  return made;
}
