import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { casError } from '@castellan/shared/errors/cas-error';
import { makePrivate } from './private-file.js';
import { allRaw, closeRaw, openRaw } from './raw-database.js';

export interface ServeLock {
  release(): Promise<void>;
}

/**
 * One server on a database file: whoever holds this may change what only one may change. A lock of the operating system,
 * by way of SQLite, so that it ends with its holder however that ends, and no number of a process is ever mistaken.
 * Throws CAS_CONFLICT, naming the process that holds it.
 */
export async function takeServeLock(databaseFile: string): Promise<ServeLock> {
  const [lockFile, pidFile] = [`${databaseFile}.lock`, `${databaseFile}.pid`];
  makePrivate(lockFile);
  const database = await openRaw(lockFile);
  try {
    await allRaw(database, 'pragma busy_timeout = 0');
    await allRaw(database, 'begin exclusive');
  } catch (cause) {
    await closeRaw(database);
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw cause;
    const holder = pidIn(pidFile);
    throw casError(
      'CAS_CONFLICT',
      `another castellan-server${holder} serves ${databaseFile}: stop it first`,
      cause,
    );
  }
  notePid(pidFile);
  return { release: () => closeRaw(database) };
}

/** Only for the message of a second server: on a full disk it names no process, and the lock holds all the same. */
function notePid(file: string): void {
  try {
    writeFileSync(file, `${process.pid}\n`, { mode: 0o600 });
  } catch {
    rmSync(file, { force: true });
  }
}

/** Only for the message: the lock itself is the truth. */
function pidIn(file: string): string {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return /^\d{1,10}$/.test(text) ? ` (pid ${text})` : '';
  } catch {
    return '';
  }
}
