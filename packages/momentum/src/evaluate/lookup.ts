import { formatScope, type ScopeStep, textOf } from '../ast/scopes.js';
import { maskSecrets, secretSpans } from '../ast/secrets.js';
import type { Config } from '../files/config.js';
import { type Token, type ValueNode, wordOf } from '../syntax/tree.js';
import { parseBoolean } from '../values/boolean.js';
import { type Assignment, childrenOfType, modelOf, type Scope, scopesOfType } from './model.js';

/** An instance of a scope, and where it is opened first; the line counts from 1. */
export interface NamedScope {
  readonly path: readonly ScopeStep[];
  readonly at: { readonly file: string; readonly line: number };
}

/** Every instance of a scope type, its several openings merged; the path ends with the instance itself. */
export function scopesNamed(config: Config, type: string): NamedScope[] {
  return scopesOfType(modelOf(config), type).flatMap((scope) =>
    scope.at ? [{ path: scope.path, at: scope.at }] : [],
  );
}

/** A module's block at the top level, and whether `enabled = false` switches it off; of several, one that is on. */
export function hasModule(config: Config, name: string): (NamedScope & { readonly enabled: boolean }) | null {
  const blocks = childrenOfType(modelOf(config), name.toLowerCase()).flatMap((scope) => {
    const set = scope.options.get('enabled')?.at(-1)?.value;
    const enabled = typeof set === 'string' ? parseBoolean(set) !== false : true;
    return scope.at ? [{ path: scope.path, at: scope.at, enabled }] : [];
  });
  return blocks.find(({ enabled }) => enabled) ?? blocks[0] ?? null;
}

/** One line that sets an option. */
export interface NamedSetting {
  /** In lower case. */
  readonly option: string;
  readonly scope: readonly ScopeStep[];
  /** As `config locate` prints it. */
  readonly label: string;
  readonly at: { readonly file: string; readonly line: number };
  readonly text: string;
}

/** Every line that sets an option, in whatever scope, whether it counts there or not. */
export function settingsNamed(config: Config, option: string): NamedSetting[] {
  const name = option.toLowerCase();
  return settingsOf(config, (scope) => [[name, scope.options.get(name) ?? []]]);
}

/** Every line that sets any option. What stands in it may be a secret: see `maskSecrets`. */
export function allSettings(config: Config): NamedSetting[] {
  return settingsOf(config, (scope) => [...scope.options]);
}

function settingsOf(
  config: Config,
  optionsOf: (scope: Scope) => readonly (readonly [string, readonly Assignment[]])[],
): NamedSetting[] {
  const found: NamedSetting[] = [];
  const walk = (scope: Scope): void => {
    for (const [option, assignments] of optionsOf(scope))
      for (const { file, line, value } of assignments)
        found.push({
          option,
          scope: scope.path,
          label: formatScope(scope.path),
          at: { file, line },
          text: textOf(value),
        });
    for (const child of scope.children.values()) walk(child);
  };
  walk(modelOf(config));
  return found;
}

/** One connection string of a Datasource, its secret masked (Manual, modules.ds_core). */
export interface DatasourceUri {
  readonly scope: readonly ScopeStep[];
  readonly at: { readonly file: string; readonly line: number };
  /** The connection string, masked. */
  readonly uri: string;
  /** `pgsql`, `mysql`, `odbc`, `ldap` ... */
  readonly driver: string;
  readonly host: string | null;
  /** Where its secret stands in the file's text, or null where it holds none. */
  readonly secretAt: {
    readonly file: string;
    readonly line: number;
    readonly start: number;
    readonly end: number;
  } | null;
}

/** The connection strings of every Datasource (Manual, modules.ds_core). */
export function datasourceUris(config: Config): DatasourceUri[] {
  return scopesOfType(modelOf(config), 'datasource').flatMap((scope) =>
    (scope.options.get('uri') ?? []).flatMap(({ line, placed: { node, file } }) => {
      const secrets = secretSpans(file.tree).filter((span) => !span.inComment);
      return tokensOf(node.value).map((token) => {
        const text = wordOf(file.tree.text, token);
        const secret = secrets.find((span) => span.start >= token.start && span.end <= token.end);
        return {
          scope: scope.path,
          at: { file: file.path, line },
          uri: maskUri(text),
          driver: (/^\s*([a-z0-9_]+):/i.exec(text)?.[1] ?? '').toLowerCase(),
          host:
            /\bhost=([^;\s]+)/i.exec(text)?.[1] ??
            /^\s*\w+:\/\/(?:[^/@\s]*@)?([^/:?\s]+)/.exec(text)?.[1] ??
            null,
          secretAt: secret
            ? { file: file.path, line: secret.line, start: secret.start, end: secret.end }
            : null,
        };
      });
    }),
  );
}

function tokensOf(value: ValueNode | null): readonly Token[] {
  if (value?.kind === 'scalar') return [value.token];
  return value?.kind === 'array' ? value.elements : [];
}

function maskUri(text: string): string {
  return maskSecrets(`"${text.replaceAll('"', "'")}"`).slice(1, -1);
}
