import {
  type Config,
  evaluate,
  formatScope,
  parseTlsProtocols,
  reload,
  type ScopeStep,
  setOption,
  tlsScopes,
} from '@castellan/momentum';
import type { TextChange } from '../../knowledge/eccfg/config-edit.js';

export const OLD = ['SSLv2', 'SSLv3'] as const;

const OPTION = 'TLS_Protocols';

export type Disabled =
  | { readonly ok: true; readonly changes: readonly TextChange[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** Sets the option globally where it is not set, and takes the old versions out of every value that leaves them on. */
export function disableOldProtocols(configs: readonly Config[], protocols: string): Disabled {
  const texts = new Map<string, { before: string; after: string; where: string[] }>();
  const notes = new Set<string>();
  for (const first of configs) {
    let config = first;
    for (const { path, value } of wanted(first, protocols)) {
      if (!leavesTls(value))
        return {
          ok: false,
          why: `${formatScope(path) || 'the global scope'} allows nothing but SSLv2 and SSLv3; without them there would be no TLS at all ("${value}"). Decide what it is to speak, and set that first`,
        };
      const result = setOption(config, path, OPTION, value);
      if (!result.ok) return { ok: false, why: result.why };
      for (const file of result.files) {
        const known = texts.get(file.path);
        texts.set(file.path, {
          before: known?.before ?? file.before,
          after: file.after,
          where: [...(known?.where ?? []), formatScope(path)],
        });
        config = reload(config, file);
      }
    }
    if (tlsScopes(first).some(({ library }) => library === 'gnutls'))
      notes.add('SMTP uses GnuTLS here (TLS_Engine): there TLS_Ciphers decides, and is left alone');
    if (first.unread.length > 0)
      notes.add(
        `not read, so not looked after: ${first.unread
          .map(({ path }) => path)
          .slice(0, 5)
          .join(', ')}`,
      );
  }
  const changes = [...texts].map(([path, { before, after, where }]) => ({
    path,
    before,
    after,
    summary: `${OPTION} without ${OLD.join(' and ')} in ${where.join(', ')}`,
  }));
  return { ok: true, changes: changes.filter(({ before, after }) => before !== after), notes: [...notes] };
}

interface WantedValue {
  readonly path: readonly ScopeStep[];
  readonly value: string;
}

function wanted(config: Config, protocols: string): WantedValue[] {
  const values: WantedValue[] = [];
  if (!evaluate(config, [], OPTION).set) values.push({ path: [], value: protocols });
  for (const [path, text] of ownValues(config)) {
    if (leavesOldOn(text)) values.push({ path, value: parseTlsProtocols(text).without([...OLD]) });
  }
  return values;
}

export function leavesOldOn(text: string): boolean {
  const parsed = parseTlsProtocols(text);
  return OLD.some((version) => parsed.allows(version) !== 'no');
}

const TLS_VERSIONS = ['TLSv1.0', 'TLSv1.1', 'TLSv1.2'] as const;

function leavesTls(text: string): boolean {
  const parsed = parseTlsProtocols(text);
  return TLS_VERSIONS.some((version) => parsed.allows(version) === 'yes');
}

/** Every scope that says something of its own, by the chains of the scopes that speak TLS. */
export function ownValues(config: Config): (readonly [readonly ScopeStep[], string])[] {
  const scopes = tlsScopes(config);
  const paths = new Map([[formatScope([]), [] as readonly ScopeStep[]]]);
  for (const { path } of scopes) {
    for (const index of path.keys())
      paths.set(formatScope(path.slice(0, index + 1)), path.slice(0, index + 1));
  }
  const own = new Map<string, readonly [readonly ScopeStep[], string]>();
  for (const evaluation of [evaluate(config, [], OPTION), ...scopes.map((scope) => scope.setting(OPTION))]) {
    for (const { where, text } of evaluation.chain) {
      const path = paths.get(where);
      if (text !== null && path) own.set(where, [path, text]);
    }
  }
  return [...own.values()];
}
