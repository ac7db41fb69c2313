import { err, ok, type Result } from '@castellan/shared/base/result';
import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { isMap, type YAMLMap } from 'yaml';
import { readValue } from './read-value.js';
import { environmentName, SETTINGS, type Settings } from './settings.js';
import { nameOf, plain, readYaml } from './yaml-file.js';

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
  const yaml = readYaml(file);
  if (!yaml.ok) return yaml.error;
  return takeMembers(yaml.value.root, '', (name, given, key) => take(name, given, yaml.value.at(key)));
}

function takeMembers(
  map: YAMLMap,
  prefix: string,
  take: (name: string, given: unknown, key: unknown) => CasError | null,
): CasError | null {
  for (const { key, value } of map.items) {
    const name = `${prefix}${nameOf(key)}`;
    if (name === 'version') continue;
    const isGroup = isMap(value) && Object.keys(SETTINGS).some((known) => known.startsWith(`${name}.`));
    const fault = isGroup ? takeMembers(value, `${name}.`, take) : take(name, plain(value), key);
    if (fault) return fault;
  }
  return null;
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
