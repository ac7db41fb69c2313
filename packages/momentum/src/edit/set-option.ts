import { formatScope, type ScopeStep, textOf } from '../ast/scopes.js';
import { evaluate } from '../evaluate/evaluate.js';
import { type Assignment, modelOf, scopeAt, shareModel } from '../evaluate/model.js';
import type { Config, ConfigFile } from '../files/config.js';
import { optionInfo } from '../options/table.js';
import type { TextEdit } from '../text/edit.js';
import { type Insertion, insertions } from './insert.js';
import { removal } from './layout.js';
import { formOf, type Literal, literalOf } from './literal.js';
import { breaks, firstThatWorks, reload } from './outcome.js';
import { type EditResult, editedFile, readOnlyReason, UNCHANGED } from './result.js';
import { targetOf } from './target.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/**
 * Sets an option in a scope: the value of the assignment that counts there is replaced, or a line is added to the scope,
 * or the scope is added. Only the needed characters change, in files that Momentum itself would change. Refused with a
 * reason where the edited text would not evaluate to the value: a later file, a narrower scope, a file that was not read.
 */
export function setOption(
  config: Config,
  scope: readonly ScopeStep[],
  option: string,
  value: string,
): EditResult {
  if (!NAME.test(option)) return { ok: false, why: `"${option}" is not the name of an option` };
  const path = targetOf(config, scope);
  const current = assignmentsAt(config, path, option).at(-1);
  const literal = literalFor(current, option, value);
  if (!literal) return { ok: false, why: 'a value is one line of text, without control characters' };
  if (current && textOf(current.value) === literal.text) {
    const doubt = objection(config, scope, option, literal.text);
    return doubt === null
      ? UNCHANGED
      : { ok: false, why: `it is set already in ${placeOf(current)}, but ${doubt}` };
  }
  const isLocked = current?.placed.file.readOnly === true;
  const ways =
    current && !isLocked
      ? replacements(current, literal)
      : insertions(config, path, `${option} = ${literal.source}`);
  return (
    firstThatWorks(
      config,
      ways,
      (after) => misplaced(after, path, option) ?? objection(after, scope, option, literal.text),
    ) ?? refusal(config, path, current)
  );
}

/** A value that takes the place of another; `edit` is null where it is that value already. */
export interface Replacement {
  readonly file: ConfigFile;
  readonly edit: TextEdit | null;
  /** Offset of the value that is there, and its line. */
  readonly start: number;
  readonly line: number;
  readonly scope: readonly ScopeStep[];
  /** Where the scope really stands. */
  readonly path: readonly ScopeStep[];
  readonly option: string;
  readonly text: string;
}

/** What sets the option by another value in its place alone; null where that cannot be. */
export function replacementOf(
  config: Config,
  scope: readonly ScopeStep[],
  option: string,
  value: string,
): Replacement | null {
  const path = targetOf(config, scope);
  const current = assignmentsAt(config, path, option).at(-1);
  const literal = current && literalFor(current, option, value);
  if (!literal || current.placed.file.readOnly) return null;
  const [way] = replacements(current, literal);
  if (!way) return null;
  const edit = textOf(current.value) === literal.text ? null : way.edit;
  const { start } = way.edit;
  return { file: way.file, edit, start, line: current.line, scope, path, option, text: literal.text };
}

/** Why the option would not have the value for certain after the edit; null: it has. */
export function doubtOf(after: Config, { scope, path, option, text }: Replacement): string | null {
  return misplaced(after, path, option) ?? objection(after, scope, option, text);
}

/** Removes every assignment of the option in that scope: the whole line where it stands alone on it. */
export function unsetOption(config: Config, scope: readonly ScopeStep[], option: string): EditResult {
  const assignments = assignmentsAt(config, targetOf(config, scope), option);
  const locked = assignments.find(({ placed }) => placed.file.readOnly);
  if (locked) return { ok: false, why: `${placeOf(locked)} sets it, and ${readOnlyReason(locked.file)}` };
  if (assignments.length === 0) return UNCHANGED;
  const files = [...new Set(assignments.map(({ placed }) => placed.file))];
  const edited = files.map((file) => {
    const own = assignments.filter(({ placed }) => placed.file === file);
    return editedFile(
      file,
      own.map(({ placed }) => removal(file.text, placed.node.start, placed.node.end)),
    );
  });
  const after = reload(config, ...edited);
  const isGone = assignmentsAt(after, targetOf(after, scope), option).length === 0 && !breaks(config, after);
  if (!isGone)
    return {
      ok: false,
      why: `the text around ${assignments.map(placeOf).join(', ')} does not allow it: change it by hand`,
    };
  return { ok: true, files: edited, unchanged: false };
}

function assignmentsAt(config: Config, path: readonly ScopeStep[], option: string): readonly Assignment[] {
  return scopeAt(modelOf(config), path)?.options.get(option.toLowerCase()) ?? [];
}

function literalFor(current: Assignment | undefined, option: string, value: string): Literal | null {
  const node = current?.placed.node.value;
  const isList = optionInfo(option)?.type === 'list';
  const form = node ? formOf(node) : null;
  // One word may stay without brackets; several in one text would be one element with blanks in it.
  const isOneWord = (form === 'word' || form === 'string') && !/\s/.test(value.trim());
  return literalOf(value, isList && !isOneWord ? 'list' : form);
}

function replacements(current: Assignment, literal: Literal): Insertion[] {
  const { file, node } = current.placed;
  return node.value
    ? [{ file, edit: { start: node.value.start, end: node.value.end, content: literal.source } }]
    : [];
}

/**
 * Why the option does not have this value in that scope for certain; null where it has. A file that is not there sets
 * nothing: it makes an answer doubtful, but does not forbid an edit.
 */
function objection(config: Config, scope: readonly ScopeStep[], option: string, text: string): string | null {
  const answer = evaluate(withoutMissing(config), scope, option);
  if (answer.indeterminate) return answer.why;
  if (answer.text === text && answer.set) return null;
  return answer.origin.kind === 'file' ? `${answer.origin.file}:${answer.origin.line} decides` : answer.why;
}

const mendedUnread = new WeakMap<Config, Config>();

function withoutMissing(config: Config): Config {
  const unread = config.unread.filter((file) => file.problem !== 'missing');
  if (unread.length === config.unread.length) return config;
  let without = mendedUnread.get(config);
  if (!without) {
    without = { ...config, unread };
    shareModel(config, without);
    mendedUnread.set(config, without);
  }
  return without;
}

/** A line that a text with errors takes into another scope has no effect of its own, even where the value is the same. */
function misplaced(config: Config, path: readonly ScopeStep[], option: string): string | null {
  return assignmentsAt(config, path, option).length > 0 ? null : `it would not stand in ${formatScope(path)}`;
}

function refusal(config: Config, path: readonly ScopeStep[], current: Assignment | undefined): EditResult {
  if (current?.placed.file.readOnly)
    return { ok: false, why: `${placeOf(current)} sets it, and ${readOnlyReason(current.file)}` };
  const opening = scopeAt(modelOf(config), path)?.openings.at(-1)?.file;
  return {
    ok: false,
    why: opening?.readOnly ? readOnlyReason(opening.path) : `${config.main} cannot be edited`,
  };
}

function placeOf({ file, line }: Assignment): string {
  return `${file}:${line}`;
}
