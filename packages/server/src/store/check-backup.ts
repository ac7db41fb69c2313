import sqlite3 from 'sqlite3';

/** What is wrong with a file that should be a backup, or null. Rejects when it cannot be read as a database at all. */
export async function checkBackup(file: string): Promise<string | null> {
  const database = await open(file);
  try {
    const [check] = await all<{ quick_check: string }>(database, 'pragma quick_check(1)');
    if (check?.quick_check !== 'ok') return `it is damaged (${check?.quick_check ?? 'no answer'})`;
    const [table] = await all(database, "select 1 from sqlite_master where type = 'table' and name = 'meta'");
    if (!table) return 'it holds something else';
    const [identity] = await all(database, "select 1 from meta where name = 'serverId'");
    return identity ? null : 'it holds no identity of a server';
  } finally {
    await new Promise<void>((resolve) => database.close(() => resolve()));
  }
}

function open(file: string): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file, sqlite3.OPEN_READWRITE, (cause) =>
      cause ? reject(cause) : resolve(database),
    );
  });
}

function all<T>(database: sqlite3.Database, sql: string): Promise<T[]> {
  return new Promise((resolve, reject) =>
    database.all<T>(sql, (cause, rows) => (cause ? reject(cause) : resolve(rows))),
  );
}
