import { type ScopeStep, scopeType } from '../src/ast/scopes.js';
import type { EditResult } from '../src/edit/result.js';
import type { Config } from '../src/files/config.js';
import { type LoadOptions, loadConfig } from '../src/files/load.js';

export const MAIN = '/etc/ecelerity.conf';

/** Absolute paths with their texts; a text that begins with `!` is the problem that reading the file meets. */
export type Files = Readonly<Record<string, string>>;

/** A configuration in memory: the main file alone, or several files by their paths below /etc. */
export function configOf(source: string | Files, options: LoadOptions = {}): Config {
  const files: Files = typeof source === 'string' ? { [MAIN]: source } : source;
  return loadConfig(
    {
      read: (path) => {
        const text = files[path];
        if (text === undefined) return { ok: false, problem: 'missing', detail: 'not there' };
        return text.startsWith('!')
          ? { ok: false, problem: text.slice(1), detail: 'as the test says' }
          : { ok: true, text };
      },
      list: () => null,
    },
    MAIN,
    options,
  );
}

/** `binding bulk > domain example.com` as a path; the empty text is the top level. */
export function scope(path: string): ScopeStep[] {
  if (path === '') return [];
  return path.split(' > ').map((step) => {
    const blank = step.indexOf(' ');
    return blank === -1
      ? { type: scopeType(step), name: null }
      : { type: scopeType(step.slice(0, blank)), name: step.slice(blank + 1) };
  });
}

/** The text of a file after an edit; throws the reason of a refusal. */
export function textAfter(before: string, result: EditResult, path: string = MAIN): string {
  if (!result.ok) throw new Error(result.why);
  return result.files.find((file) => file.path === path)?.after ?? before;
}
