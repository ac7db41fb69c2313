import { dirname } from 'node:path';
import type { FileReader } from '../../ports/files.js';
import { postgresqlVersion } from './data-directory.js';
import { settingsLine } from './settings-line.js';

export interface PostgresqlSetting {
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

/** A file that could not be read, or a line of one that PostgreSQL does not take. */
export interface UnreadSettings {
  readonly path: string;
  readonly line?: number;
  readonly problem: string;
}

export interface PostgresqlSettings {
  /** By lower-case name; the last line that sets a name counts. */
  get(name: string): PostgresqlSetting | null;
  /** What they set is unknown. */
  readonly unread: readonly UnreadSettings[];
}

/** As PostgreSQL's own CONF_FILE_MAX_DEPTH. */
export const INCLUDE_DEPTH_MAX = 10;
export const INCLUDED_FILES_MAX = 256;
const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** Of lines that are refused the first few say enough. */
const UNREAD_MAX = 16;
/** From this release on ALTER SYSTEM writes postgresql.auto.conf. */
const AUTO_CONF_SINCE = 9.4;

/**
 * The settings of a data folder: `postgresql.conf` with what it includes, then `postgresql.auto.conf` (from 9.4) of the
 * folder that `data_directory` names, which wins. PostgreSQL manual, "Setting Parameters". Not seen: what the start
 * script gives on the command line.
 */
export function postgresqlSettings(files: FileReader, folder: string): PostgresqlSettings {
  const reader = new SettingsReader(files);
  reader.read(`${folder}/postgresql.conf`, 0, false);
  const data = absolute(reader.get('data_directory')?.value ?? folder, folder);
  const version = postgresqlVersion(files, data);
  if (version === null || version >= AUTO_CONF_SINCE) reader.read(`${data}/postgresql.auto.conf`, 0, true);
  return reader;
}

function absolute(path: string, folder: string): string {
  return path.startsWith('/') ? path : `${folder}/${path}`;
}

class SettingsReader implements PostgresqlSettings {
  readonly unread: UnreadSettings[] = [];
  readonly #settings = new Map<string, PostgresqlSetting>();
  #filesRead = 0;

  constructor(private readonly files: FileReader) {}

  get(name: string): PostgresqlSetting | null {
    return this.#settings.get(name) ?? null;
  }

  read(path: string, depth: number, mayBeMissing: boolean): void {
    this.#filesRead += 1;
    if (depth > INCLUDE_DEPTH_MAX || this.#filesRead > INCLUDED_FILES_MAX) {
      this.#missed({ path, problem: 'too-many' });
      return;
    }
    const content = this.files.read(path, { bytesMax: FILE_BYTES_MAX });
    if (!content.ok) {
      if (!(mayBeMissing && content.problem === 'missing')) this.#missed({ path, problem: content.problem });
      return;
    }
    for (const [index, raw] of content.value.toString('utf8').split('\n').entries()) {
      const read = settingsLine(raw);
      const line = index + 1;
      if (read.kind === 'refused') this.#missed({ path, line, problem: 'syntax' });
      if (read.kind === 'setting') this.#take(read.name, { value: read.value, file: path, line }, depth);
    }
  }

  #missed(unread: UnreadSettings): void {
    if (this.unread.length < UNREAD_MAX) this.unread.push(unread);
  }

  #take(name: string, setting: PostgresqlSetting, depth: number): void {
    const path = absolute(setting.value, dirname(setting.file));
    const isInclude = ['include', 'include_if_exists', 'include_dir'].includes(name);
    if (!isInclude) this.#settings.set(name, setting);
    // A name of blanks is refused as an empty one is (since 9.6).
    else if (setting.value.trim() === '')
      this.#missed({ path: setting.file, line: setting.line, problem: 'syntax' });
    else if (name === 'include_dir') this.#readFolder(path, depth);
    else this.read(path, depth + 1, name === 'include_if_exists');
  }

  #readFolder(path: string, depth: number): void {
    const names = this.files.list(path);
    if (!names.ok) {
      this.#missed({ path, problem: names.problem });
      return;
    }
    for (const name of names.value.toSorted((a, b) => (a < b ? -1 : 1))) {
      if (!name.endsWith('.conf') || name.startsWith('.')) continue;
      const inside = `${path}/${name}`;
      const stat = this.files.stat(inside);
      if (stat.ok && stat.value.kind === 'directory') continue;
      this.read(inside, depth + 1, false);
    }
  }
}

/** As parse_bool: any beginning of a word that fits one only, without blanks around it. Null: not a boolean. */
export function postgresqlBoolean(text: string): boolean | null {
  const value = text.toLowerCase();
  if (value === '') return null;
  if (value === '1' || value === 'on' || 'true'.startsWith(value) || 'yes'.startsWith(value)) return true;
  const isOff = value === '0' || 'false'.startsWith(value) || 'no'.startsWith(value);
  return isOff || value === 'of' || value === 'off' ? false : null;
}
