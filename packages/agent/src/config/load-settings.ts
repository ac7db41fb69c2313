import { err, ok, type Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from 'yaml';
import { readValue } from './read-value.js';
import { environmentName, SETTINGS, type Settings } from './settings.js';

/** The default place of the settings file. It may be absent; one that was named must exist. */
export const SETTINGS_FILE = '/etc/castellan/agent.yaml';

export interface LoadedSettings {
  readonly settings: Settings;
  /** By setting: `default`, `/etc/castellan/agent.yaml:4`, `environment CASTELLAN_ROOT`, `flag`. */
  readonly origins: ReadonlyMap<string, string>;
}

export interface SettingsInput {
  /** The settings file and its text; null where there is none. */
  readonly file: { readonly path: string; readonly text: string } | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** By setting, already of the right kind; undefined ones are not given. */
  readonly flags: Partial<Settings>;
}

/** file < environment < flag. The first fault is told, with its place. */
export function loadSettings(input: SettingsInput): Result<LoadedSettings> {
  const values = new Map<string, Settings[keyof Settings]>();
  const origins = new Map<string, string>();
  for (const [name, row] of Object.entries(SETTINGS)) {
    values.set(name, row.fallback);
    origins.set(name, 'default');
  }
  const take = (name: string, given: unknown, origin: string): CasError | null => {
    const row = SETTINGS[name];
    if (!row)
      return casError('CAS_CONFIG_INVALID', `${origin}: there is no setting "${name}"${hintFor(name)}`);
    const reading = readValue(row, given);
    if (!reading.ok) return casError('CAS_CONFIG_INVALID', `${origin}: ${name} must be ${reading.wanted}`);
    values.set(name, reading.value);
    origins.set(name, origin);
    return null;
  };
  const fault = takeFile(input.file, take) ?? takeEnvironment(input.environment, take);
  if (fault) return err(fault);
  for (const [name, row] of Object.entries(SETTINGS)) {
    const given = input.flags[row.member];
    if (given === undefined) continue;
    values.set(name, given);
    origins.set(name, 'flag');
  }
  const settings = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, row]) => [row.member, values.get(name)]),
  );
  return ok({ settings: settings as unknown as Settings, origins });
}

type Take = (name: string, given: unknown, origin: string) => CasError | null;

function takeEnvironment(environment: SettingsInput['environment'], take: Take): CasError | null {
  for (const name of Object.keys(SETTINGS)) {
    const variable = environmentName(name);
    const given = environment[variable];
    if (given === undefined) continue;
    const fault = take(name, given, `environment ${variable}`);
    if (fault) return fault;
  }
  return null;
}

function takeFile(file: SettingsInput['file'], take: Take): CasError | null {
  if (!file) return null;
  const lines = new LineCounter();
  const document = parseDocument(file.text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken)
    return casError(
      'CAS_CONFIG_INVALID',
      `${file.path}:${broken.linePos?.[0].line ?? 1}: ${broken.message.split('\n')[0] ?? 'not YAML'}`,
    );
  const root: unknown = document.contents;
  if (!isMap(root))
    return casError(
      'CAS_CONFIG_INVALID',
      `${file.path}:1: the settings are a mapping that begins with "version: 1"`,
    );
  if (root.get('version') !== 1)
    return casError('CAS_CONFIG_INVALID', `${file.path}:1: "version: 1" is missing`);
  return takeMembers(root, '', (name, given, offset) =>
    take(name, given, `${file.path}:${lines.linePos(offset).line}`),
  );
}

function takeMembers(
  map: YAMLMap,
  prefix: string,
  take: (name: string, given: unknown, offset: number) => CasError | null,
): CasError | null {
  for (const { key, value } of map.items) {
    const name = `${prefix}${isScalar(key) ? String(key.value) : ''}`;
    if (name === 'version') continue;
    const offset = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
    const isGroup = isMap(value) && Object.keys(SETTINGS).some((known) => known.startsWith(`${name}.`));
    const fault = isGroup ? takeMembers(value, `${name}.`, take) : take(name, plain(value), offset);
    if (fault) return fault;
  }
  return null;
}

function plain(node: unknown): unknown {
  if (isScalar(node)) return node.value;
  const hasJson =
    typeof node === 'object' && node !== null && 'toJSON' in node && typeof node.toJSON === 'function';
  return hasJson ? (node.toJSON as () => unknown)() : node;
}

/** The known name that looks most like it: same letters but for case and signs, or a beginning in common. */
function hintFor(name: string): string {
  const bare = (text: string) => text.toLowerCase().replace(/[^a-z]/g, '');
  const names = Object.keys(SETTINGS);
  const near =
    names.find((known) => bare(known) === bare(name)) ??
    names.find((known) => bare(known).startsWith(bare(name).slice(0, 4)));
  return near ? `; did you mean "${near}"?` : ` (there are: version, ${names.join(', ')})`;
}
