import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { casError } from '@castellan/shared/errors/cas-error';
import sqlite3 from 'sqlite3';
import { makePrivate } from './private-file.js';

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
  const database = await open(lockFile);
  try {
    await run(database, 'pragma busy_timeout = 0');
    await run(database, 'begin exclusive');
  } catch (cause) {
    await close(database);
    if ((cause as { code?: string }).code !== 'SQLITE_BUSY') throw cause;
    const holder = pidIn(pidFile);
    throw casError(
      'CAS_CONFLICT',
      `another castellan-server${holder} serves ${databaseFile}: stop it first`,
      cause,
    );
  }
  notePid(pidFile);
  return { release: () => close(database) };
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

function open(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, (cause) => (cause ? reject(cause) : resolve(database)));
  });
}

function run(database: sqlite3.Database, sql: string): Promise<void> {
  return new Promise((resolve, reject) => database.run(sql, (cause) => (cause ? reject(cause) : resolve())));
}

function close(database: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => database.close((cause) => (cause ? reject(cause) : resolve())));
}
