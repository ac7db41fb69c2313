import { formatScope, type ScopeStep } from '../ast/scopes.js';
import { maskSecrets } from '../ast/secrets.js';
import { unifiedDiff } from '../diff.js';
import type { EditResult } from '../edit/result.js';
import { addScope, removeScope } from '../edit/scope.js';
import { setOption, unsetOption } from '../edit/set-option.js';
import { encodeText } from '../text/bytes.js';
import { EXIT } from './exit-code.js';
import { type Io, STDIN } from './io.js';
import { type Loaded, type LoadFlags, load } from './load.js';
import { unknownOption } from './names.js';
import { CommandFailure, readText } from './read.js';

export interface EditFlags extends LoadFlags {
  readonly scope: readonly ScopeStep[];
  readonly write?: boolean;
}

/** Sets an option; a value of `-` is read from stdin, so that a secret need not stand in the list of processes. */
export function set(
  io: Io,
  path: string,
  words: { readonly option: string; readonly value: string },
  flags: EditFlags,
): number {
  if (path === STDIN && words.value === STDIN)
    throw new CommandFailure(EXIT.usage, 'only one of FILE and VALUE can be -');
  const value = words.value === STDIN ? readText(io, STDIN).text.replace(/\r?\n$/, '') : words.value;
  const loaded = load(io, path, flags);
  // A module may have options that no table names: a name that looks like another one is only pointed out.
  const unknown = unknownOption(loaded.config, words.option);
  if (unknown !== null) io.err(`warning: ${unknown}\n`);
  return finish(io, loaded, setOption(loaded.config, flags.scope, words.option, value), flags);
}

export function unset(io: Io, path: string, option: string, flags: EditFlags): number {
  const loaded = load(io, path, flags);
  return finish(io, loaded, unsetOption(loaded.config, flags.scope, option), flags);
}

export function add(io: Io, path: string, flags: EditFlags): number {
  const loaded = load(io, path, flags);
  return finish(io, loaded, addScope(loaded.config, flags.scope), flags);
}

export function remove(io: Io, path: string, flags: EditFlags): number {
  const loaded = load(io, path, flags);
  return finish(io, loaded, removeScope(loaded.config, flags.scope), flags);
}

function finish(io: Io, loaded: Loaded, result: EditResult, flags: EditFlags): number {
  if (!result.ok) throw new CommandFailure(EXIT.failure, `refused: ${result.why}`);
  if (result.unchanged) {
    io.err(`nothing to change in ${formatScope(flags.scope)}\n`);
    return EXIT.ok;
  }
  for (const { path, before, after } of result.files) {
    const diff = unifiedDiff(path, maskSecrets(before), maskSecrets(after));
    io.out(diff);
    if (diff === '') io.err(`${path}: only a secret changes; it is not shown\n`);
  }
  if (flags.write) for (const { path, after } of result.files) write(io, path, after, loaded);
  else io.err('nothing was written; --write does it\n');
  return EXIT.ok;
}

function write(io: Io, path: string, text: string, { encodings }: Loaded): void {
  if (path === STDIN) throw new CommandFailure(EXIT.usage, 'what came from stdin cannot be written back');
  const encoding = encodings.get(path) ?? 'utf-8';
  if (encoding === 'latin1' && /[^\0-\xff]/.test(text)) {
    throw new CommandFailure(
      EXIT.failure,
      `refused: ${path} is not UTF-8, and the value cannot be written in its encoding`,
    );
  }
  io.replace(path, encodeText(text, encoding));
}
