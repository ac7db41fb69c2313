import { hasModule } from '../evaluate/lookup.js';
import type { Config } from '../files/load.js';
import type { EditResult } from './set-option.js';

/**
 * Adds an empty block at the top level of the main file, at its end: `securecreds { }`. Nothing changes where the block
 * is there and switched on. Refused where it is there and switched off: that is another edit.
 */
export function addScope(config: Config, type: string): EditResult {
  const existing = hasModule(config, type);
  if (existing?.enabled) return { ok: true, files: [], unchanged: true };
  if (existing) return { ok: false, why: `${existing.at.file}:${existing.at.line} holds ${type} and switches it off with "enabled": set that instead` };
  const file = config.files.find((f) => f.path === config.main);
  if (!file || file.readOnly) return { ok: false, why: `${config.main} cannot be edited` };
  const eol = file.text.includes('\r\n') ? '\r\n' : '\n';
  const { length } = file.text;
  const content = `${length === 0 || file.text.endsWith('\n') ? '' : eol}${eol}${type} {${eol}}${eol}`;
  return {
    ok: true,
    unchanged: false,
    files: [{ path: file.path, before: file.text, after: `${file.text}${content}`, edits: [{ start: length, end: length, content }] }],
  };
}
