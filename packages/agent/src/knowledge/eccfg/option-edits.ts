import {
  type Config,
  type EditResult,
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

/** One edit of a configuration as it then is, the edits before it made. */
export interface WantedEdit {
  /** For a person, what is done: `sets TLS in the global scope`. */
  readonly what: string;
  make(config: Config): EditResult;
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
  let isInBinding = false;
  const edits = configEdits(configs, (config) =>
    wanted(config).map(({ path, option, value }) => {
      isInBinding ||= path.some(({ type }) => /^binding/.test(type)) && hasDuravip(config, path);
      return {
        what: `${option} in ${formatScope(path) || 'the global scope'}`,
        make: (now) => setOption(now, path, option, value),
      };
    }),
  );
  if (!edits.ok) return edits;
  return {
    ok: true,
    changes: edits.changes.map((one) => ({ ...one, summary: `sets ${one.summary}` })),
    notes: [...edits.notes, ...(isInBinding ? [DURAVIP] : [])],
  };
}

/** The same of edits of any kind; of a file, the summary is what was done to it. */
export function configEdits(
  configs: readonly Config[],
  wanted: (config: Config) => readonly WantedEdit[],
): OptionEdits {
  const texts = new Map<string, { before: string; after: string; what: Set<string> }>();
  for (const first of configs) {
    let config = withTexts(first, texts);
    for (const edit of wanted(config)) {
      const result = edit.make(config);
      if (!result.ok) return { ok: false, why: result.why };
      for (const file of result.files) {
        const known = texts.get(file.path);
        const what = (known?.what ?? new Set()).add(edit.what);
        texts.set(file.path, { before: known?.before ?? file.before, after: file.after, what });
        config = reload(config, file);
      }
    }
  }
  const changes = [...texts].map(([path, { before, after, what }]) => ({
    path,
    before,
    after,
    summary: [...what].join(', '),
  }));
  return {
    ok: true,
    changes: changes.filter(({ before, after }) => before !== after),
    notes: unreadNotes(configs),
  };
}

/** A file that another configuration reads too stands there as it was edited already. */
function withTexts(config: Config, texts: ReadonlyMap<string, { readonly after: string }>): Config {
  const edited = config.files.flatMap(({ path }) => {
    const known = texts.get(path);
    return known ? [{ path, after: known.after }] : [];
  });
  return edited.length > 0 ? reload(config, ...edited) : config;
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
