import { type Config, formatScope, reload, type ScopeStep, setOption } from '@castellan/momentum';
import type { TextChange } from './config-edit.js';

/** One option in one scope, and what it is to be. */
export interface WantedOption {
  /** From the outermost scope to the innermost; empty: global. */
  readonly path: readonly ScopeStep[];
  readonly option: string;
  readonly value: string;
}

export type OptionEdits =
  | { readonly ok: true; readonly changes: readonly TextChange[] }
  | { readonly ok: false; readonly why: string };

/**
 * The texts of files with these options set, for each configuration of the node: only the needed bytes change, and a file
 * that several configurations read is edited once. `wanted` is asked of each configuration anew.
 */
export function optionEdits(
  configs: readonly Config[],
  wanted: (config: Config) => readonly WantedOption[],
): OptionEdits {
  const texts = new Map<string, { before: string; after: string; where: Set<string> }>();
  for (const first of configs) {
    let config = first;
    for (const { path, option, value } of wanted(first)) {
      const result = setOption(config, path, option, value);
      if (!result.ok) return { ok: false, why: result.why };
      for (const file of result.files) {
        const known = texts.get(file.path);
        const where = known?.where ?? new Set();
        where.add(`${option} in ${formatScope(path) || 'the global scope'}`);
        texts.set(file.path, { before: known?.before ?? file.before, after: file.after, where });
        config = reload(config, file);
      }
    }
  }
  const changes = [...texts].map(([path, { before, after, where }]) => ({
    path,
    before,
    after,
    summary: `sets ${[...where].join(', ')}`,
  }));
  return { ok: true, changes: changes.filter(({ before, after }) => before !== after) };
}

/** What was not read of the configurations, as a note for the plan; null: everything was. */
export function unreadNote(configs: readonly Config[]): string | null {
  const unread = [...new Set(configs.flatMap((config) => config.unread.map(({ path }) => path)))];
  if (unread.length === 0) return null;
  const more = unread.length > 5 ? ` and ${unread.length - 5} more` : '';
  return `not read, so not looked after: ${unread.slice(0, 5).join(', ')}${more}`;
}
