import type { FileReader } from '../../ports/files.js';

/** Manual, operations.postgresql. */
const DEFAULT_FOLDER = '/var/db/msyspg';
const START_SCRIPT = '/etc/init.d/msyspg';

/**
 * The folder that holds postgresql.conf. The installer lets one choose it (Manual, install.standalone).
 * ASSUMED: the start script then names it as PostgreSQL's own start scripts do, by PGDATA or by -D.
 */
export function databaseFolder(files: FileReader): string {
  if (files.stat(`${DEFAULT_FOLDER}/postgresql.conf`).ok) return DEFAULT_FOLDER;
  const script = files.read(START_SCRIPT, { bytesMax: 1024 * 1024 });
  const text = script.ok ? script.value.toString('utf8') : '';
  const named =
    /^\s*(?:export\s+)?PGDATA=["']?(\/[^"'\s;$]+)/m.exec(text) ?? /\s-D\s*["']?(\/[^"'\s;$]+)/.exec(text);
  return named?.[1]?.replace(/\/+$/, '') ?? DEFAULT_FOLDER;
}

/**
 * The release that the folder is of, from its PG_VERSION: 9.6, 15. As a number, since no 9.10 was ever made. Null: the
 * file cannot be read, or says something else.
 */
export function postgresqlVersion(files: FileReader, folder: string): number | null {
  const content = files.read(`${folder}/PG_VERSION`, { bytesMax: 64 });
  const text = content.ok ? content.value.toString('latin1').trim() : '';
  return /^\d{1,2}(\.\d)?$/.test(text) ? Number(text) : null;
}
