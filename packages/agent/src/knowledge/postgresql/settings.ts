import type { FileReader } from '../../ports/files.js';
import { parentOf } from '../permissions/path-access.js';

export interface PostgresqlSetting {
  readonly value: string;
  readonly file: string;
  readonly line: number;
}

export interface PostgresqlSettings {
  /** By lower-case name; the last line that sets a name counts. */
  get(name: string): PostgresqlSetting | null;
  /** Files that could not be read, the main one among them: what they set is unknown. */
  readonly unread: readonly { readonly path: string; readonly problem: string }[];
}

/** As PostgreSQL's own CONF_FILE_MAX_DEPTH. */
export const INCLUDE_DEPTH_MAX = 10;
export const INCLUDED_FILES_MAX = 256;
const FILE_BYTES_MAX = 4 * 1024 * 1024;

/**
 * The settings of a data folder: `postgresql.conf` with what it includes, then `postgresql.auto.conf` (from 9.4), which
 * wins. PostgreSQL manual, "Setting Parameters". Not seen: what the start script gives on the command line.
 */
export function postgresqlSettings(files: FileReader, folder: string): PostgresqlSettings {
  const reader = new SettingsReader(files);
  reader.read(`${folder}/postgresql.conf`, 0, false);
  reader.read(`${folder}/postgresql.auto.conf`, 0, true);
  return reader;
}

class SettingsReader implements PostgresqlSettings {
  readonly unread: { path: string; problem: string }[] = [];
  readonly #settings = new Map<string, PostgresqlSetting>();
  #filesRead = 0;

  constructor(private readonly files: FileReader) {}

  get(name: string): PostgresqlSetting | null {
    return this.#settings.get(name) ?? null;
  }

  read(path: string, depth: number, mayBeMissing: boolean): void {
    this.#filesRead += 1;
    if (depth > INCLUDE_DEPTH_MAX || this.#filesRead > INCLUDED_FILES_MAX) {
      this.unread.push({ path, problem: 'too-many' });
      return;
    }
    const content = this.files.read(path, { bytesMax: FILE_BYTES_MAX });
    if (!content.ok) {
      if (!(mayBeMissing && content.problem === 'missing'))
        this.unread.push({ path, problem: content.problem });
      return;
    }
    for (const [index, raw] of content.value.toString('utf8').split('\n').entries()) {
      const read = settingOf(raw);
      if (read) this.#take(read.name, { value: read.value, file: path, line: index + 1 }, depth);
    }
  }

  #take(name: string, setting: PostgresqlSetting, depth: number): void {
    const path = setting.value.startsWith('/') ? setting.value : `${parentOf(setting.file)}/${setting.value}`;
    if (name === 'include') this.read(path, depth + 1, false);
    else if (name === 'include_if_exists') this.read(path, depth + 1, true);
    else if (name === 'include_dir') this.#readFolder(path, depth);
    else this.#settings.set(name, setting);
  }

  #readFolder(path: string, depth: number): void {
    const names = this.files.list(path);
    if (!names.ok) {
      this.unread.push({ path, problem: names.problem });
      return;
    }
    for (const name of names.value)
      if (name.endsWith('.conf') && !name.startsWith('.')) this.read(`${path}/${name}`, depth + 1, false);
  }
}

/** `name = value`: the equals sign is optional, a quote inside quotes is doubled or has a backslash. */
function settingOf(line: string): { readonly name: string; readonly value: string } | null {
  const match = /^\s*([a-z_][a-z0-9_.$]*)(?:\s*=\s*|\s+)(?:'((?:[^'\\]|''|\\.)*)'|([^\s#']+))/i.exec(line);
  if (!match?.[1]) return null;
  const quoted = match[2]?.replace(
    /''|\\(.)/g,
    (pair, escaped: string | undefined) => escaped ?? pair[0] ?? '',
  );
  return { name: match[1].toLowerCase(), value: quoted ?? match[3] ?? '' };
}

/** As PostgreSQL reads booleans: any beginning of a word that fits one only. Null: not a boolean. */
export function postgresqlBoolean(text: string): boolean | null {
  const value = text.trim().toLowerCase();
  if (value === '') return null;
  if (value === '1' || value === 'on' || 'true'.startsWith(value) || 'yes'.startsWith(value)) return true;
  const isOff = value === '0' || 'false'.startsWith(value) || 'no'.startsWith(value);
  return isOff || value === 'of' || value === 'off' ? false : null;
}
