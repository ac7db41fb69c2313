import { hasModule } from '../evaluate/lookup.js';
import type { Config } from '../files/config.js';
import { endOfLineOf } from './layout.js';
import { type EditResult, editedFile, readOnlyReason, UNCHANGED } from './result.js';

/**
 * Adds an empty block at the top level of the main file, at its end: `securecreds { }`. Nothing changes where the block
 * is there and switched on. Refused where it is there and switched off: that is another edit.
 */
export function addScope(config: Config, type: string): EditResult {
  const existing = hasModule(config, type);
  if (existing?.enabled) return UNCHANGED;
  if (existing) {
    return {
      ok: false,
      why: `${existing.at.file}:${existing.at.line} holds ${type} and switches it off with "enabled": set that instead`,
    };
  }
  const file = config.files.find((f) => f.path === config.main);
  if (!file) return { ok: false, why: `${config.main} could not be read` };
  if (file.readOnly) return { ok: false, why: readOnlyReason(file.path) };
  const eol = endOfLineOf(file.text);
  const { length } = file.text;
  const content = `${length === 0 || file.text.endsWith('\n') ? '' : eol}${eol}${type} {${eol}}${eol}`;
  return { ok: true, unchanged: false, files: [editedFile(file, [{ start: length, end: length, content }])] };
}
