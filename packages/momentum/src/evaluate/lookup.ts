import { maskSecrets, secretSpans } from '../ast/secrets.js';
import type { ScopeStep } from '../ast/scopes.js';
import type { Config } from '../files/config.js';
import { parseBoolean } from '../values/boolean.js';
import { modelOf, scopesOfType } from './model.js';

export interface NamedScope {
  readonly path: readonly ScopeStep[];
  readonly at: { readonly file: string; readonly line: number };
}

/** Every instance of a scope type, its several openings merged; the path ends with the instance itself. */
export function scopesNamed(config: Config, type: string): NamedScope[] {
  return scopesOfType(modelOf(config), type).flatMap((scope) => (scope.at ? [{ path: scope.path, at: scope.at }] : []));
}

/** A module's block anywhere in the configuration, and whether `enabled = false` switches it off. */
export function hasModule(config: Config, name: string): (NamedScope & { readonly enabled: boolean }) | null {
  const scope = scopesOfType(modelOf(config), name)[0];
  if (!scope?.at) return null;
  const set = scope.options.get('enabled')?.at(-1)?.value;
  return { path: scope.path, at: scope.at, enabled: typeof set === 'string' ? parseBoolean(set) !== false : true };
}

export interface DatasourceUri {
  readonly scope: readonly ScopeStep[];
  readonly at: { readonly file: string; readonly line: number };
  /** The connection string, masked. */
  readonly uri: string;
  /** `pgsql`, `mysql`, `odbc`, `ldap` ... */
  readonly driver: string;
  readonly host: string | null;
  /** Where its secret stands in the file's text, or null where it holds none. */
  readonly secretAt: { readonly file: string; readonly start: number; readonly end: number } | null;
}

/** The connection strings of every Datasource (Manual, modules.ds_core). */
export function datasourceUris(config: Config): DatasourceUri[] {
  return scopesOfType(modelOf(config), 'datasource').flatMap((scope) =>
    (scope.options.get('uri') ?? []).flatMap((assignment) => {
      const { node, file } = assignment.placed;
      const texts = typeof assignment.value === 'string' ? [assignment.value] : Object.values(assignment.value);
      const spans = secretSpans(file.tree).filter((s) => s.start >= node.start && s.end <= node.end && !s.inComment);
      const first = spans[0];
      return texts.map((text) => ({
        scope: scope.path,
        at: { file: file.path, line: assignment.line },
        uri: maskUri(text),
        driver: (/^([a-z0-9_]+):/i.exec(text)?.[1] ?? '').toLowerCase(),
        host: /\bhost=([^;\s]+)/i.exec(text)?.[1] ?? /^\w+:\/\/([^/:?\s]+)/.exec(text)?.[1] ?? null,
        secretAt: first ? { file: file.path, start: first.start, end: first.end } : null,
      }));
    }),
  );
}

function maskUri(text: string): string {
  const masked = maskSecrets(`"${text.replaceAll('"', "'")}"`);
  return masked.slice(1, -1);
}

