import sqlite3 from 'sqlite3';

/** A file of SQLite's without the library above it: for a lock, and for a file that may be no database of ours. */
export function openRaw(file: string, mode?: number): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const opened = (cause: Error | null) => (cause ? reject(cause) : resolve(database));
    const database =
      mode === undefined ? new sqlite3.Database(file, opened) : new sqlite3.Database(file, mode, opened);
  });
}

export function allRaw<T>(database: sqlite3.Database, sql: string): Promise<T[]> {
  return new Promise((resolve, reject) =>
    database.all<T>(sql, (cause, rows) => (cause ? reject(cause) : resolve(rows))),
  );
}

export function closeRaw(database: sqlite3.Database): Promise<void> {
  return new Promise((resolve, reject) => database.close((cause) => (cause ? reject(cause) : resolve())));
}
