import {
  type Config,
  evaluate,
  formatScope,
  type ScopeStep,
  type TlsLibrary,
  type TlsScope,
  tlsScopes,
} from '@castellan/momentum';

export type OwnValue = readonly [path: readonly ScopeStep[], text: string];

/**
 * Every scope that says something of its own about an option, by the chains of the scopes of this library. OpenSSL's
 * include the top level always; GnuTLS's only where something speaks by it.
 */
export function ownValues(config: Config, library: TlsLibrary, option: string): OwnValue[] {
  const scopes = tlsScopes(config).filter((scope) => scope.library === library);
  const paths = new Map([[formatScope([]), [] as readonly ScopeStep[]]]);
  for (const { path } of scopes) {
    for (const index of path.keys())
      paths.set(formatScope(path.slice(0, index + 1)), path.slice(0, index + 1));
  }
  const own = new Map<string, OwnValue>();
  const top = library === 'openssl' || scopes.length > 0 ? [evaluate(config, [], option)] : [];
  for (const evaluation of [...top, ...scopes.map((scope) => scope.setting(option))]) {
    for (const { where, text } of evaluation.chain) {
      const path = paths.get(where);
      if (text !== null && path) own.set(where, [path, text]);
    }
  }
  return [...own.values()];
}

/** The libraries that scopes which speak TLS have; of none, the one of SMTP. */
export function librariesOf(config: Config): readonly TlsLibrary[] {
  const all = tlsScopes(config).filter(speaks);
  const of = new Set((all.length > 0 ? all : tlsScopes(config)).map(({ library }) => library));
  return of.size > 0 ? [...of].sort() : ['openssl'];
}

export function speaks({ enabled, posture }: TlsScope): boolean {
  return enabled && posture !== 'plain' && posture !== 'none';
}

/**
 * A scope of the other library that would inherit TLS_Ciphers from the top level and read it otherwise (Manual 4.x,
 * config.tls_ciphers); null: none.
 */
export function otherReader(config: Config, library: TlsLibrary): TlsScope | null {
  return (
    tlsScopes(config).find(
      (scope) => speaks(scope) && scope.library !== library && !scope.setting('tls_ciphers').set,
    ) ?? null
  );
}
