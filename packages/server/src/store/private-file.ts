import { chmodSync, closeSync, lstatSync, openSync } from 'node:fs';

/**
 * Makes the file, empty, if it is not there, and its owner's alone, whatever the umask. SQLite gives its companions
 * (-wal, -shm, -journal) the mode of the database. A file that is there is not opened: to close it would end the locks
 * that this process has on it. What cannot be made or changed is left to SQLite to refuse.
 */
export function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch {
    keepPrivate(file);
  }
}

function keepPrivate(file: string): void {
  try {
    const stat = lstatSync(file);
    if (stat.isFile() && (stat.mode & 0o077) !== 0) chmodSync(file, 0o600);
  } catch {
    // Not ours, or gone: who opens it says so.
  }
}
