import { formatScope, type ScopeStep } from '../ast/scopes.js';
import { hasModule } from '../evaluate/lookup.js';
import { modelOf, type Scope, scopeAt } from '../evaluate/model.js';
import type { Config } from '../files/config.js';
import { insertions } from './insert.js';
import { removal } from './layout.js';
import { breaks, firstThatWorks, reload } from './outcome.js';
import { type EditResult, editedFile, readOnlyReason, UNCHANGED } from './result.js';
import { targetOf } from './target.js';

/**
 * Adds an empty scope, and those around it that are missing: `securecreds { }`, a binding, a listen in its listener.
 * Nothing changes where it is there already. Refused where it is a module that is there and switched off: that is
 * another edit.
 */
export function addScope(config: Config, scope: readonly ScopeStep[]): EditResult {
  const [outer] = scope;
  if (!outer) return { ok: false, why: 'the top level is always there: name a scope' };
  const module = scope.length === 1 && outer.name === null ? hasModule(config, outer.type) : null;
  if (module?.enabled) return UNCHANGED;
  if (module) {
    return {
      ok: false,
      why: `${module.at.file}:${module.at.line} holds ${outer.type} and switches it off with "enabled": set that instead`,
    };
  }
  const path = targetOf(config, scope);
  if (isOpened(config, path)) return UNCHANGED;
  const objection = (after: Config) =>
    isOpened(after, path) ? null : `${formatScope(path)} would not stand there`;
  return firstThatWorks(config, insertions(config, path, null), objection) ?? refusal(config, path);
}

/** Removes every opening of a scope with all that stands in it. Nothing changes where there is none. */
export function removeScope(config: Config, scope: readonly ScopeStep[]): EditResult {
  if (scope.length === 0) return { ok: false, why: 'the top level cannot be removed: name a scope' };
  const path = targetOf(config, scope);
  const openings = scopeAt(modelOf(config), path)?.openings ?? [];
  if (openings.length === 0) return UNCHANGED;
  for (const { file, node } of openings) {
    const at = `${file.path}:${file.tree.lines.position(node.start).line}`;
    if (file.readOnly) return { ok: false, why: `${at} opens it, and ${readOnlyReason(file.path)}` };
    if (!node.close) return { ok: false, why: `${at} opens it and nothing closes it: mend that first` };
  }
  const files = [...new Set(openings.map(({ file }) => file))].map((file) => {
    const own = openings.filter((opening) => opening.file === file);
    return editedFile(
      file,
      own.map(({ node }) => removal(file.text, node.start, node.end)),
    );
  });
  const after = reload(config, ...files);
  if (breaks(config, after) || isOpened(after, path))
    return { ok: false, why: `the text around ${formatScope(path)} does not allow it: change it by hand` };
  return { ok: true, files, unchanged: false };
}

function isOpened(config: Config, path: readonly ScopeStep[]): boolean {
  return (scopeAt(modelOf(config), path)?.openings.length ?? 0) > 0;
}

/** Why no file could take it: the deepest scope that is there, or the main file, is not Momentum's to write. */
function refusal(config: Config, path: readonly ScopeStep[]): EditResult {
  const root = modelOf(config);
  const around = path
    .map((_, depth) => scopeAt(root, path.slice(0, depth)))
    .findLast((scope): scope is Scope => scope !== null && scope.openings.length > 0);
  const locked = around?.openings.find(({ file }) => file.readOnly)?.file.path;
  if (locked !== undefined) return { ok: false, why: readOnlyReason(locked) };
  return { ok: false, why: `${config.main} cannot be edited` };
}
