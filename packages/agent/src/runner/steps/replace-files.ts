import { dirname } from 'node:path';
import type { FileIdentity } from '../../ports/files.js';
import type { FileReplacement, Step } from '../../units/step.js';
import { backupName, backupsOf } from '../backups.js';
import { areOfEachOther } from '../key-pair.js';
import { makeContext, SCRATCH } from '../make-context.js';
import {
  type BackupRecord,
  backUp,
  closeStage,
  liveFile,
  openStage,
  type PlannedFile,
  putBack,
  requirePlanned,
  sha256,
  stagedName,
  stageFolderOf,
  trusted,
} from './kept-file.js';
import { mayHaveActed, type RunContext, StepFailed, type StepPlace, type StepRunner } from './run-context.js';

type ReplaceFiles = Extract<Step, { kind: 'replace-files' }>;

export const replaceFiles: StepRunner<ReplaceFiles> = {
  async apply(step, index, context) {
    const { writer } = context.deps;
    for (const file of step.files) requireBefore(context, file);
    for (const file of step.files) backUp(context, index, file.path, plannedOf(file));
    const staged: Staged[] = [];
    for (const file of step.files) staged.push(await stage(context, { step, index, file }));
    requirePairs(staged.map(({ content }) => content));
    for (const file of step.files) requireBefore(context, file);
    context.journal.append({ t: 'intent', step: index });
    for (const { file, temp, identity } of staged)
      writer.rename(temp, file.path, { moved: identity, replaced: file.before }, trusted(context, file.path));
    for (const folder of new Set(step.files.map(({ path }) => dirname(path))))
      writer.syncDirectory(folder, trusted(context, folder));
    discardStaged(index, context);
    context.tell(`replaced ${step.files.map(({ path }) => path).join(' and ')}`);
  },

  inspect(step, index, context): StepPlace {
    // Nothing of ours is in place yet: whoever changed a file meanwhile changed it from what it was.
    if (!mayHaveActed(index, context)) return 'before';
    const isMeant = context.journal.of('intent', index).length > 0;
    const staged = new Map(context.journal.of('stage', index).map((one) => [one.path, one.sha256]));
    const isReached = isMeant || keepsBackup(index, context);
    let place: StepPlace = 'before';
    for (const { path, beforeSha256 } of step.files) {
      const live = seenSha256(context, path);
      if (live === beforeSha256) continue;
      if (typeof live === 'string' && live === staged.get(path)) place = 'touched';
      // Without its intent: ours, if it got so far that the lines which would say so are missing; else another's.
      else if (isMeant || (isReached && !staged.has(path))) return 'foreign';
    }
    return place;
  },

  undo(step, index, context) {
    discardStaged(index, context);
    if (replaceFiles.inspect(step, index, context) !== 'touched') return;
    const backups = context.journal.of('backup', index);
    requirePlannedBackups(step, backups);
    putBack(context, index, backups);
  },

  async rerun() {
    // Files need nobody to run again; the steps that make services read them do.
  },
};

/** Null: nothing is there; undefined: what is there is no file that could be ours. */
function seenSha256({ deps }: RunContext, path: string): string | null | undefined {
  const live = deps.files.capture(path, { follow: false });
  if (live.ok) return sha256(live.value.content);
  return live.problem === 'missing' ? null : undefined;
}

/** A copy lies in the state folder whatever the journal says: it is made before the file can be replaced. */
function keepsBackup(index: number, { deps, journal }: RunContext): boolean {
  return backupsOf(deps.state, journal.runId).includes(backupName(journal.runId, index, 0));
}

/** Takes away what this run staged: a new key must not lie about, whoever changed what meanwhile. */
export function discardStaged(index: number, context: RunContext): void {
  const [first] = context.journal.records;
  const step = first?.t === 'run' ? first.steps[index] : undefined;
  if (step?.kind !== 'replace-files') return;
  // By the names that the step gives as well as by the lines that say so: the last of those may be missing.
  const given = step.files.flatMap(({ path }) =>
    ['new', 'old', SCRATCH].map((what) => stageFolderOf(context, path, `${index}.${what}`)),
  );
  const noted = context.journal.of('stage', index).map(({ temp }) => dirname(temp));
  for (const folder of new Set([...noted, ...given])) closeStage(context, folder);
}

function plannedOf({ beforeSha256, before }: FileReplacement): PlannedFile {
  return { sha256: beforeSha256, identity: before };
}

function requireBefore(context: RunContext, file: FileReplacement): void {
  requirePlanned(file.path, liveFile(context, file.path), plannedOf(file));
}

/** What is put back is what the plan saw, whatever a record says. */
function requirePlannedBackups(step: ReplaceFiles, backups: readonly BackupRecord[]): void {
  const other = backups.find(
    ({ path, sha256: kept }) => step.files.find((file) => file.path === path)?.beforeSha256 !== kept,
  );
  if (other)
    throw new StepFailed(
      'CAS_RUN_ROLLBACK_FAILED',
      `what was kept of ${other.path} is not what the plan saw there`,
    );
}

interface Staged {
  readonly file: FileReplacement;
  readonly content: Uint8Array;
  readonly temp: string;
  readonly identity: FileIdentity;
}

async function stage(
  context: RunContext,
  {
    step,
    index,
    file,
  }: { readonly step: ReplaceFiles; readonly index: number; readonly file: FileReplacement },
): Promise<Staged> {
  const content = await context.content(file.content, makeContext(context, index, step.files));
  const folder = stageFolderOf(context, file.path, `${index}.new`);
  const temp = stagedName(folder, context.journal.of('stage', index).length);
  context.journal.append({ t: 'stage', step: index, path: file.path, temp, sha256: sha256(content) });
  openStage(context, folder);
  const like = file.before === null ? null : { path: file.path, identity: file.before };
  const access = { ...file.access, like };
  const identity = context.deps.writer.createExclusive(temp, content, access, trusted(context, file.path));
  return { file, content, temp, identity };
}

/** A key and a certificate that are replaced together must be of each other, or the service would not come back. */
function requirePairs(contents: readonly Uint8Array[]): void {
  if (!areOfEachOther(contents))
    throw new StepFailed(
      'CAS_RUN_STEP_FAILED',
      'the new certificate is not of the new key; nothing was replaced',
    );
}
