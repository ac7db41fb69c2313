import {
  type Config,
  type OwnSetting,
  ownSettings,
  type ScopeStep,
  type TlsLibrary,
  type TlsScope,
  tlsScopes,
} from '@castellan/momentum';

/**
 * Every scope that says something of its own about an option, by the fallback of the scopes of this library. OpenSSL's
 * include the top level always; GnuTLS's only where something speaks by it.
 */
export function ownValues(config: Config, library: TlsLibrary, option: string): OwnSetting[] {
  const paths = tlsScopes(config)
    .filter((scope) => scope.library === library)
    .map(({ path }) => path);
  const top: readonly ScopeStep[] = [];
  return ownSettings(config, library === 'openssl' || paths.length > 0 ? [top, ...paths] : [], option);
}

/** The libraries that scopes which speak TLS have; of none, the one of SMTP. */
export function librariesOf(config: Config): readonly TlsLibrary[] {
  const scopes = tlsScopes(config);
  const of = new Set<TlsLibrary>();
  // One scope tells of its library: the others of it need not be asked.
  for (const scope of scopes) if (!of.has(scope.library) && speaks(scope)) of.add(scope.library);
  if (of.size === 0) for (const { library } of scopes) of.add(library);
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
      (scope) => scope.library !== library && speaks(scope) && !scope.setting('tls_ciphers').set,
    ) ?? null
  );
}
