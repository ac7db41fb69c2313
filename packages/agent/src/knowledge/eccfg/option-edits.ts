import {
  type Config,
  evaluate,
  formatScope,
  parseBoolean,
  reload,
  type ScopeStep,
  setOption,
} from '@castellan/momentum';
import type { TextChange } from './config-edit.js';

/** One option in one scope, and what it is to be. */
export interface WantedOption {
  /** From the outermost scope to the innermost; empty: global. */
  readonly path: readonly ScopeStep[];
  readonly option: string;
  readonly value: string;
}

export type OptionEdits =
  | { readonly ok: true; readonly changes: readonly TextChange[]; readonly notes: readonly string[] }
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
  let isInBinding = false;
  for (const first of configs) {
    let config = first;
    for (const { path, option, value } of wanted(first)) {
      isInBinding ||= path.some(({ type }) => /^binding/.test(type)) && hasDuravip(first, path);
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
  const notes = [...unreadNotes(configs), ...(isInBinding ? [DURAVIP] : [])];
  return { ok: true, changes: changes.filter(({ before, after }) => before !== after), notes };
}

/** Manual, conf.manual.changes: after bindings were changed on several nodes, the nodes are told of each other's view. */
const DURAVIP =
  'a binding is edited and DuraVIP is on: once every node has read it, run on the manager: ec_console /tmp/2025 broadcast cluster duravip announce view';

function hasDuravip(config: Config, path: readonly ScopeStep[]): boolean {
  return parseBoolean(evaluate(config, path, 'enable_duravip').text ?? 'false') === true;
}

/** What was not read of the configurations. */
function unreadNotes(configs: readonly Config[]): string[] {
  const unread = [...new Set(configs.flatMap((config) => config.unread.map(({ path }) => path)))];
  if (unread.length === 0) return [];
  const more = unread.length > NAMED_MAX ? ` and ${unread.length - NAMED_MAX} more` : '';
  return [`not read, so not looked after: ${unread.slice(0, NAMED_MAX).join(', ')}${more}`];
}

const NAMED_MAX = 5;
