import { existsSync, readFileSync } from 'node:fs';
import { casError } from '@castellan/shared/errors/cas-error';
import { type LoadedSettings, loadSettings, SETTINGS_FILE } from '../config/load-settings.js';
import type { Settings } from '../config/settings.js';

/** The settings of this process: the named file must exist, the default one may be absent. */
export function settingsOf(named: string | undefined, flags: Partial<Settings>): LoadedSettings {
  const path = named ?? process.env['CASTELLAN_CONFIG'] ?? SETTINGS_FILE;
  const isWanted = path !== SETTINGS_FILE || named !== undefined;
  if (isWanted && !existsSync(path)) throw casError('CAS_CONFIG_INVALID', `${path}: there is no such file`);
  const loaded = loadSettings({ file: textOf(path), environment: process.env, flags });
  if (!loaded.ok) throw loaded.error;
  return loaded.value;
}

function textOf(path: string): { path: string; text: string } | null {
  try {
    return { path, text: readFileSync(path, 'utf8') };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw casError(
      'CAS_CONFIG_INVALID',
      `${path}: ${error instanceof Error && 'code' in error ? String(error.code) : 'cannot be read'}`,
      error,
    );
  }
}
