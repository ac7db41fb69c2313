import {
  type Config,
  type EditResult,
  evaluate,
  formatScope,
  parseBoolean,
  reload,
  type ScopeStep,
  setOption,
  setOptions,
  type WantedOption,
} from '@castellan/momentum';
import type { TextChange } from './config-edit.js';

export type { WantedOption } from '@castellan/momentum';

/** One edit of a configuration as it then is, the edits before it made. */
export interface WantedEdit {
  /** For a person, what is done: `sets TLS in the global scope`. */
  readonly what: string;
  make(config: Config): EditResult;
  /** What it sets, where that is all: then it can be made together with others. */
  readonly option?: WantedOption;
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
    wanted(config).map((one) => {
      const { path, option, value } = one;
      isInBinding ||= path.some(({ type }) => /^binding/.test(type)) && hasDuravip(config, path);
      return {
        what: `${option} in ${formatScope(path) || 'the global scope'}`,
        make: (now) => setOption(now, path, option, value),
        option: one,
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
  const texts = new Map<string, Edited>();
  const parsed: Config[] = [];
  for (const first of configs) {
    let config = withTexts(first, texts);
    for (let rest = wanted(config); rest.length > 0; ) {
      const made = makeFirst(config, rest);
      if (!made.ok) return made;
      for (const { file, what } of made.files) {
        const known = texts.get(file.path);
        const all = known?.what ?? new Set();
        for (const one of what) all.add(one);
        texts.set(file.path, { before: known?.before ?? file.before, after: file.after, what: all });
      }
      if (made.files.length > 0) config = reload(config, ...made.files.map(({ file }) => file));
      rest = rest.slice(made.count);
    }
    parsed.push(first, config);
  }
  const changes = [...texts].map(([path, { before, after, what }]) => ({
    path,
    before,
    after,
    ...treesOf(path, before, after, parsed),
    summary: [...what].join(', '),
  }));
  return {
    ok: true,
    changes: changes.filter(({ before, after }) => before !== after),
    notes: unreadNotes(configs),
  };
}

/** What was parsed of these texts already. */
function treesOf(
  path: string,
  before: string,
  after: string,
  configs: readonly Config[],
): Pick<TextChange, 'trees'> {
  const files = configs.flatMap((config) => config.files.filter((file) => file.path === path));
  const [from, to] = [before, after].map((text) => files.find((file) => file.text === text)?.tree);
  return from && to ? { trees: { before: from, after: to } } : {};
}

interface Edited {
  readonly before: string;
  readonly after: string;
  readonly what: Set<string>;
}

type Made =
  | {
      readonly ok: true;
      readonly count: number;
      readonly files: readonly { readonly file: EditedText; readonly what: readonly string[] }[];
    }
  | { readonly ok: false; readonly why: string };

type EditedText = Pick<Edited, 'before' | 'after'> & { readonly path: string };

/** Thousands of scopes may need the same: as many of the first edits as can be are made at once, and else the first. */
function makeFirst(config: Config, edits: readonly WantedEdit[]): Made {
  const others = edits.findIndex(({ option }) => option === undefined);
  const leading = edits
    .slice(0, others === -1 ? edits.length : others)
    .flatMap(({ option, what }) => (option ? [{ ...option, what }] : []));
  if (leading.length > 1) {
    const set = setOptions(config, leading);
    if (!set.ok) return set;
    if (set.count > 0)
      return {
        ok: true,
        count: set.count,
        files: set.files.map((file) => ({ file, what: file.wanted.map((one) => one.what) })),
      };
  }
  const [edit] = edits;
  const result: EditResult = edit ? edit.make(config) : { ok: true, files: [], unchanged: true };
  if (!result.ok) return result;
  return { ok: true, count: 1, files: result.files.map((file) => ({ file, what: edit ? [edit.what] : [] })) };
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
