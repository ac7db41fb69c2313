import sqlite3 from 'sqlite3';
import { allRaw, closeRaw, openRaw } from './raw-database.js';

/** What is wrong with a file that should be a backup, or null. Rejects when it cannot be read as a database at all. */
export async function checkBackup(file: string): Promise<string | null> {
  const database = await openRaw(file, sqlite3.OPEN_READWRITE);
  try {
    const [check] = await allRaw<{ quick_check: string }>(database, 'pragma quick_check(1)');
    if (check?.quick_check !== 'ok') return `it is damaged (${check?.quick_check ?? 'no answer'})`;
    const [table] = await allRaw(
      database,
      "select 1 from sqlite_master where type = 'table' and name = 'meta'",
    );
    if (!table) return 'it holds something else';
    const [identity] = await allRaw(database, "select 1 from meta where name = 'serverId'");
    return identity ? null : 'it holds no identity of a server';
  } finally {
    await closeRaw(database).catch(() => undefined);
  }
}
