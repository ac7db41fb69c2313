import type { ScopeStep } from '../ast/scopes.js';
import { modelOf, type Scope, scopeAt } from '../evaluate/model.js';
import type { Config, ConfigFile } from '../files/config.js';
import type { TextEdit } from '../text/edit.js';
import { type Block, insertAfterOptions, insertAtEnd, insertInScope } from './layout.js';
import { quote } from './literal.js';

/** One way to bring a statement into the configuration. */
export interface Insertion {
  readonly file: ConfigFile;
  readonly edit: TextEdit;
}

/** Openings of one scope that are tried, the last first. */
const OPENINGS_TRIED_MAX = 8;

/**
 * Every way to put a statement into a scope, the best first; none where no file that holds the scope can be edited. The
 * scopes that are missing come with it; without a statement, they alone.
 */
export function insertions(
  config: Config,
  path: readonly ScopeStep[],
  statement: string | null,
): Insertion[] {
  const root = modelOf(config);
  const outer = path.slice(0, firstMissing(root, path));
  const block = wrap(path.slice(outer.length), statement);
  if (outer.length === 0) return atTopLevel(config, block);
  const openings = [...(scopeAt(root, outer)?.openings ?? [])]
    .reverse()
    .filter((opening) => !opening.file.readOnly);
  return openings.slice(0, OPENINGS_TRIED_MAX).flatMap(({ file, node }) => {
    const edit = insertInScope(file, node, block);
    return edit ? [{ file, edit }] : [];
  });
}

function firstMissing(root: Scope, path: readonly ScopeStep[]): number {
  const index = path.findIndex((_, i) => scopeAt(root, path.slice(0, i + 1)) === null);
  return index === -1 ? path.length : index;
}

/** An option goes beside the other options of the main file, a scope to its end. */
function atTopLevel(config: Config, block: Block): Insertion[] {
  const file = config.files.find((f) => f.path === config.main);
  if (!file || file.readOnly) return [];
  const beside = block.length === 1 ? insertAfterOptions(file, block) : null;
  return [...(beside ? [beside] : []), insertAtEnd(file, block)].map((edit) => ({ file, edit }));
}

/** The statement inside the scopes that are missing. */
function wrap(missing: readonly ScopeStep[], statement: string | null): Block {
  return [
    ...missing.map((step, depth) => ({
      depth,
      text: `${step.type}${step.name === null ? '' : ` ${quote(step.name)}`} {`,
    })),
    ...(statement === null ? [] : [{ depth: missing.length, text: statement }]),
    ...missing.map((_, i) => ({ depth: missing.length - 1 - i, text: '}' })),
  ];
}
