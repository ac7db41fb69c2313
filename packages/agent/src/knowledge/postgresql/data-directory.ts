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
