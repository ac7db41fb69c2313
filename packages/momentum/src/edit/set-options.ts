import type { ScopeStep } from '../ast/scopes.js';
import type { Config, ConfigFile } from '../files/config.js';
import type { TextEdit } from '../text/edit.js';
import { breaks, reload } from './outcome.js';
import { type EditedFile, editedFile } from './result.js';
import { doubtOf, type Replacement, replacementOf } from './set-option.js';

/** One option in one scope, and what it is to be. */
export interface WantedOption {
  /** From the outermost scope to the innermost; empty: global. */
  readonly path: readonly ScopeStep[];
  readonly option: string;
  readonly value: string;
}

/** `files` with what was set in each; `count`: so many of the first were tried at once. */
export type OptionsSet<W extends WantedOption = WantedOption> =
  | { readonly ok: true; readonly count: number; readonly files: readonly EditedWith<W>[] }
  | { readonly ok: false; readonly why: string };

/** A file whose text is another, with the wanted options that were set in it. */
export interface EditedWith<W extends WantedOption = WantedOption> extends EditedFile {
  readonly wanted: readonly W[];
}

/**
 * Sets the first of many options, as far as each has a value already that another can take the place of: the texts are
 * read once with all of the new ones, and each is checked on what all make together. The next, if any, needs `setOption`.
 */
export function setOptions<W extends WantedOption>(config: Config, wanted: readonly W[]): OptionsSet<W> {
  const run = leadingReplacements(config, wanted);
  const byFile = new Map<ConfigFile, { readonly edit: TextEdit; readonly wanted: W }[]>();
  for (const { one, replacement } of run) {
    const { file, edit } = replacement;
    if (edit === null) continue;
    const known = byFile.get(file);
    if (known) known.push({ edit, wanted: one });
    else byFile.set(file, [{ edit, wanted: one }]);
  }
  const files = [...byFile].map(([file, made]) => ({
    ...editedFile(
      file,
      made.map(({ edit }) => edit),
    ),
    wanted: made.map((one) => one.wanted),
  }));
  const after = files.length === 0 ? config : reload(config, ...files);
  const names = files.map(({ path }) => path).join(', ');
  if (breaks(config, after)) return { ok: false, why: `an edit of ${names} would make its text invalid` };
  for (const { replacement } of run) {
    const doubt = doubtOf(after, replacement);
    if (doubt !== null) return { ok: false, why: doubtful(replacement, doubt) };
  }
  return { ok: true, count: run.length, files };
}

function doubtful({ file, edit, line }: Replacement, doubt: string): string {
  return edit === null
    ? `it is set already in ${file.path}:${line}, but ${doubt}`
    : `an edit of ${file.path} would have no certain effect: ${doubt}`;
}

/** Up to the first that is no replacement, or that replaces what one before it does. */
function leadingReplacements<W extends WantedOption>(config: Config, wanted: readonly W[]) {
  const run: { readonly one: W; readonly replacement: Replacement }[] = [];
  const taken = new Map<ConfigFile, Set<number>>();
  for (const one of wanted) {
    const replacement = replacementOf(config, one.path, one.option, one.value);
    if (replacement === null) break;
    const starts = taken.get(replacement.file) ?? new Set();
    if (starts.has(replacement.start)) break;
    taken.set(replacement.file, starts.add(replacement.start));
    run.push({ one, replacement });
  }
  return run;
}
