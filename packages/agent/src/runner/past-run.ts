import { isDone } from '@castellan/shared/model/run';
import type { StateStore } from '../ports/state-store.js';
import type { PastChange, PastRun } from '../units/past-run.js';
import { type JournalRecord, type WrittenRun, writtenRuns } from './journal.js';
import { attempt } from './progress.js';
import { sha256 } from './steps/kept-file.js';

type Reader = Pick<StateStore, 'read' | 'list'>;
type Backup = Extract<JournalRecord, { t: 'backup' }>;

/** A run that ended well, as its journal and its backups tell; or why it cannot be told. */
export function pastRun(state: Reader, runId: string): PastRun | { readonly problem: string } {
  let run: WrittenRun | undefined;
  if (!attempt(() => (run = writtenRuns(state).find((one) => one.runId === runId))))
    return { problem: 'the journals of runs cannot be read. Run as root' };
  if (!run) return { problem: `there is no run ${runId} in this node's journals` };
  const [first] = run.records;
  if (run.damage !== null || first?.t !== 'run') return { problem: `the journal of ${runId} is damaged` };
  if (run.ended === null || !isDone(run.ended))
    return { problem: `${runId} is ${run.ended ?? 'not at its end'}: there is nothing of it to undo` };
  return {
    runId,
    slug: first.slug,
    at: first.at,
    steps: first.steps,
    changes: first.steps.flatMap((step, index): PastChange[] => {
      if (step.kind === 'replace-files') return fileChanges(state, run?.records ?? [], index);
      if (step.kind === 'set-access') return step.entries.map((entry) => ({ kind: 'access', ...entry }));
      return [];
    }),
  };
}

function fileChanges(state: Reader, records: readonly JournalRecord[], index: number): PastChange[] {
  const of = <T extends JournalRecord['t']>(t: T) =>
    records.filter(
      (one): one is Extract<JournalRecord, { t: T }> => one.t === t && 'step' in one && one.step === index,
    );
  const staged = new Map(of('stage').map(({ path, sha256: made }) => [path, made]));
  return of('backup').map((backup) => ({
    kind: 'file',
    path: backup.path,
    madeSha256: staged.get(backup.path) ?? null,
    access: backup.access,
    old: oldOf(state, backup),
  }));
}

function oldOf(
  state: Reader,
  { backup, sha256: before }: Backup,
): Extract<PastChange, { kind: 'file' }>['old'] {
  if (before === null) return { kind: 'none' };
  const content = backup === null ? null : state.read(backup);
  return content !== null && sha256(content) === before ? { kind: 'kept', content } : { kind: 'gone' };
}
