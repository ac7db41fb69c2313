import { createHash } from 'node:crypto';
import { accessOf, parentOf } from '../../kit/access.js';
import { backupName } from '../backups.js';
import type { JournalRecord } from '../journal.js';
import { type RunContext, StepFailed } from './run-context.js';

export type BackupRecord = Extract<JournalRecord, { t: 'backup' }>;

export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The SHA-256 of what is at the path, or null where nothing is. */
export function liveSha256(context: RunContext, path: string): string | null {
  const read = context.deps.files.read(path);
  if (read.ok) return sha256(read.value);
  if (read.problem === 'missing') return null;
  throw new StepFailed('CAS_RUN_STEP_FAILED', `${path} cannot be read: ${read.detail}`);
}

/** Copies what is there into the state folder (0600) and writes down what it was. */
export function backUp(context: RunContext, index: number, path: string): BackupRecord {
  const { files, state } = context.deps;
  const read = files.read(path);
  const stat = files.lstat(path);
  if (!read.ok && read.problem !== 'missing')
    throw new StepFailed('CAS_RUN_STEP_FAILED', `${path} cannot be read: ${read.detail}`);
  const number = context.journal.of('backup', index).length;
  const backup = backupName(context.journal.runId, index, number);
  if (read.ok) state.replace(backup, read.value);
  const record: BackupRecord = {
    t: 'backup',
    step: index,
    path,
    sha256: read.ok ? sha256(read.value) : null,
    backup: read.ok ? backup : null,
    access: read.ok && stat.ok ? accessOf(stat.value) : null,
  };
  context.journal.append(record);
  return record;
}

/** A name of this run's own beside `path`. */
export function asideOf(context: RunContext, path: string, what: 'new' | 'old'): string {
  const folder = parentOf(path);
  return `${folder === '/' ? '' : folder}/.${path.slice(path.lastIndexOf('/') + 1)}.castellan-${context.journal.runId}.${what}`;
}

export function removeIfThere(context: RunContext, path: string): void {
  if (context.deps.files.lstat(path).ok) context.deps.writer.unlink(path);
}

/** Puts all back: everything is written beside its place first, so that a pair is apart for two renames only. */
export function putBack(context: RunContext, backups: readonly BackupRecord[]): void {
  const { writer, state } = context.deps;
  const changed = backups.filter((one) => liveSha256(context, one.path) !== one.sha256);
  for (const { path, backup, access, sha256: before } of changed) {
    if (backup === null || access === null) continue;
    const content = state.read(backup);
    if (content === null || sha256(content) !== before)
      throw new StepFailed(
        'CAS_RUN_ROLLBACK_FAILED',
        `the backup of ${path} is missing or damaged: ${state.path}/${backup}`,
      );
    removeIfThere(context, asideOf(context, path, 'old'));
    writer.createExclusive(asideOf(context, path, 'old'), content, access);
  }
  for (const { path, backup } of changed) {
    if (backup === null) removeIfThere(context, path);
    else writer.rename(asideOf(context, path, 'old'), path);
  }
  for (const folder of new Set(changed.map(({ path }) => parentOf(path)))) writer.syncDirectory(folder);
  for (const { path } of backups) removeIfThere(context, asideOf(context, path, 'old'));
}
