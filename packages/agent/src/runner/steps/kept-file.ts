import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { closedFolderAbove, trustedFor } from '../../knowledge/momentum/managed-paths.js';
import { accessOf, identityOf } from '../../knowledge/permissions/path-access.js';
import type { CapturedFile, FileIdentity, TrustedUser } from '../../ports/files.js';
import { backupName } from '../backups.js';
import type { JournalRecord } from '../journal.js';
import { type RunContext, StepFailed } from './run-context.js';

export type BackupRecord = Extract<JournalRecord, { t: 'backup' }>;

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function trusted(context: Pick<RunContext, 'deps'>, path: string): readonly TrustedUser[] {
  return trustedFor(context.deps.files, path);
}

/** The regular file at the path itself, of one descriptor; null where nothing is. A link is refused, and so is a second name. */
export function liveFile(context: Pick<RunContext, 'deps'>, path: string): CapturedFile | null {
  const file = context.deps.files.capture(path, { follow: false });
  if (!file.ok) {
    if (file.problem === 'missing') return null;
    throw new StepFailed('CAS_RUN_STEP_FAILED', `${path} cannot be read: ${file.detail}`);
  }
  if (file.value.stat.nlink !== 1)
    throw new StepFailed(
      'CAS_RUN_STEP_FAILED',
      `${path} has ${file.value.stat.nlink} names (hard links), one of which may stand elsewhere`,
    );
  return file.value;
}

/** The SHA-256 of what is at the path, or null where nothing is. */
export function liveSha256(context: Pick<RunContext, 'deps'>, path: string): string | null {
  const file = liveFile(context, path);
  return file === null ? null : sha256(file.content);
}

export interface PlannedFile {
  readonly sha256: string | null;
  readonly identity: FileIdentity | null;
}

/** What stands there is what the plan saw: the same file, with the same owner and content. */
export function requirePlanned(path: string, live: CapturedFile | null, planned: PlannedFile): void {
  const isSame =
    live === null
      ? planned.sha256 === null
      : sha256(live.content) === planned.sha256 && isThis(live, planned.identity);
  if (!isSame) throw new StepFailed('CAS_PLAN_STALE', `${path} changed after the plan was made`);
}

function isThis({ stat }: CapturedFile, identity: FileIdentity | null): boolean {
  return (
    identity !== null && stat.dev === identity.dev && stat.ino === identity.ino && stat.uid === identity.uid
  );
}

/**
 * Copies what is there into the state folder (0600) and writes down what it was: content, owner and mode of one
 * descriptor. `planned`: what it must be; a program's own files are in no plan.
 */
export function backUp(
  context: RunContext,
  index: number,
  path: string,
  planned: PlannedFile | null,
): BackupRecord {
  const live = liveFile(context, path);
  if (planned !== null) requirePlanned(path, live, planned);
  const number = context.journal.of('backup', index).length;
  const backup = backupName(context.journal.runId, index, number);
  if (live !== null) context.deps.state.replace(backup, live.content);
  const record: BackupRecord = {
    t: 'backup',
    step: index,
    path,
    sha256: live === null ? null : sha256(live.content),
    backup: live === null ? null : backup,
    access: live === null ? null : accessOf(live.stat),
  };
  context.journal.append(record);
  return record;
}

/**
 * A folder of root alone on the file system of `path`, where new content waits to be moved into place: what stands
 * there nobody else can exchange. `what` tells the steps of a run apart, and its way back.
 */
export function stageFolderOf(context: RunContext, path: string, what: string): string {
  const above = closedFolderAbove(context.deps.files, path);
  return `${above === '/' ? '' : above}/.castellan-${context.journal.runId}.${what}`;
}

/** Makes the folder unless it is there already; one that is there and not root's alone is nobody's to use. */
export function openStage(context: RunContext, folder: string): void {
  const { files, writer } = context.deps;
  const there = files.lstat(folder);
  if (!there.ok) {
    const [uid, gid] = [process.geteuid?.() ?? 0, process.getegid?.() ?? 0];
    writer.mkdir(folder, { uid, gid, mode: 0o700 }, trusted(context, folder));
  } else if (!isStage(context, folder))
    throw new StepFailed('CAS_RUN_STEP_FAILED', `${folder} is there and is not this run's`);
}

function isStage(context: RunContext, folder: string): boolean {
  const there = context.deps.files.lstat(folder);
  return (
    there.ok &&
    there.value.kind === 'directory' &&
    there.value.uid === (process.geteuid?.() ?? 0) &&
    (there.value.mode & 0o077) === 0
  );
}

/** Takes a stage away with everything in it: a new key must not lie about. What is not root's alone is left alone. */
export function closeStage(context: RunContext, folder: string): void {
  const { files, writer } = context.deps;
  if (!isStage(context, folder)) return;
  const names = files.list(folder);
  for (const name of names.ok ? names.value : []) removeIfThere(context, `${folder}/${name}`);
  writer.rmdir(folder, trusted(context, folder));
}

export function removeIfThere(context: RunContext, path: string): void {
  const there = context.deps.files.lstat(path);
  if (there.ok) context.deps.writer.unlink(path, there.value, trusted(context, path));
}

/** A step's file as it is staged: its folder, and its name there by the order of the step. */
export function stagedName(folder: string, number: number): string {
  return `${folder}/${number}`;
}

/** Puts all back: everything is staged first, so that a pair is apart for two renames only. */
export function putBack(context: RunContext, index: number, backups: readonly BackupRecord[]): void {
  const { writer } = context.deps;
  const changed = backups
    .map((backup) => ({ backup, live: liveFile(context, backup.path) }))
    .filter(({ backup, live }) => (live === null ? null : sha256(live.content)) !== backup.sha256);
  const folders = new Set(backups.map(({ path }) => stageFolderOf(context, path, `${index}.old`)));
  for (const folder of folders) closeStage(context, folder);
  const ready = changed.map(({ backup, live }, number) => ({
    path: backup.path,
    replaced: live === null ? null : identityOf(live.stat),
    staged: stageOld(context, { index, number, live }, backup),
  }));
  for (const { path, replaced, staged } of ready) {
    if (staged !== null)
      writer.rename(staged.temp, path, { moved: staged.identity, replaced }, trusted(context, path));
    else if (replaced !== null) writer.unlink(path, replaced, trusted(context, path));
  }
  for (const { backup, live } of changed)
    if (live === null && backup.backup !== null)
      context.tell(
        `${backup.path} was gone: its content, owner and mode are back; an ACL, extended attributes or a label that it had are not`,
      );
  for (const folder of new Set(changed.map(({ backup }) => dirname(backup.path))))
    writer.syncDirectory(folder, trusted(context, folder));
  for (const folder of folders) closeStage(context, folder);
}

/** Null: there was nothing. What is put back is what was recorded, with the owner and mode of that same look. */
function stageOld(
  context: RunContext,
  {
    index,
    number,
    live,
  }: { readonly index: number; readonly number: number; readonly live: CapturedFile | null },
  { path, backup, access, sha256: before }: BackupRecord,
): { readonly temp: string; readonly identity: FileIdentity } | null {
  const { writer, state } = context.deps;
  if (backup === null || access === null) return null;
  const content = state.read(backup);
  if (content === null || sha256(content) !== before)
    throw new StepFailed(
      'CAS_RUN_ROLLBACK_FAILED',
      `the backup of ${path} is missing or damaged: ${state.path}/${backup}`,
    );
  const folder = stageFolderOf(context, path, `${index}.old`);
  openStage(context, folder);
  const temp = stagedName(folder, number);
  // What was put there got them of what was there before.
  const like = live === null ? null : { path, identity: identityOf(live.stat) };
  return {
    temp,
    identity: writer.createExclusive(temp, content, { ...access, like }, trusted(context, path)),
  };
}
