import { formatScope, type ScopeStep } from '../ast/scopes.js';
import { modelOf, scopeAt } from '../evaluate/model.js';
import type { Config } from '../files/config.js';
import { quote } from './literal.js';
import { breaks, reload } from './outcome.js';
import { type EditResult, editedFile, readOnlyReason, UNCHANGED } from './result.js';
import { targetOf } from './target.js';

/**
 * Gives a scope another name (a Listen another address), with all that stands in it, in every file that opens it. Only the
 * name's characters change. Refused where the other name is taken: two scopes would become one.
 */
export function renameScope(config: Config, scope: readonly ScopeStep[], name: string): EditResult {
  const path = targetOf(config, scope);
  const old = path.at(-1);
  if (!old || old.name === null) return { ok: false, why: 'only a scope that has a name can get another' };
  if (old.name === name) return UNCHANGED;
  if ([...name].some((c) => c < ' ' || c === '\u007f') || name === '')
    return { ok: false, why: 'a name is one line of text, without control characters' };
  const renamed = [...path.slice(0, -1), { ...old, name }];
  const root = modelOf(config);
  const openings = scopeAt(root, path)?.openings ?? [];
  if (openings.length === 0) return { ok: false, why: `there is no ${formatScope(path)}` };
  if (scopeAt(root, renamed)) return { ok: false, why: `there is a ${formatScope(renamed)} already` };
  const locked = openings.find(({ file }) => file.readOnly);
  if (locked) return { ok: false, why: readOnlyReason(locked.file.path) };
  const files = [...new Set(openings.map(({ file }) => file))].map((file) =>
    editedFile(
      file,
      openings
        .flatMap((opening) => (opening.file === file && opening.node.name ? [opening.node.name] : []))
        .map(({ start, end }) => ({ start, end, content: quote(name) })),
    ),
  );
  const after = reload(config, ...files);
  const isMoved =
    scopeAt(modelOf(after), path) === null &&
    scopeAt(modelOf(after), renamed)?.openings.length === openings.length;
  return isMoved && !breaks(config, after)
    ? { ok: true, files, unchanged: false }
    : { ok: false, why: `the text around ${formatScope(path)} does not allow it: change it by hand` };
}
