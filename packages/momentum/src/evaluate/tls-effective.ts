import { optionExists } from '../options/table.js';
import { parseBoolean } from '../values/boolean.js';
import { needsTls12 } from '../values/cipher-list.js';
import { parseGnutlsPriority } from '../values/gnutls-priority.js';
import { libraryOffers, type TlsLibrary } from '../values/library-protocols.js';
import {
  type Allowed,
  PROTOCOL_VERSIONS,
  type ProtocolVersion,
  parseTlsProtocols,
} from '../values/tls-protocols.js';
import type { Evaluation } from './evaluate.js';
import { isInForce, namesStarttls, type TlsScope } from './tls.js';

/** What runs the configuration. Versions as `3.6.23` and `1.0.1e`; null or absent: not known. */
export interface TlsRuntime {
  readonly momentumVersion?: string | null;
  readonly libraryVersions?: { readonly [library in TlsLibrary]?: string | null };
}

/** The versions that a connection through one scope can have, and what makes it so. */
export interface EffectiveTls {
  readonly versions: { readonly [version in ProtocolVersion]: Allowed };
  /** The option that the library reads for its versions, as it is in force; null where the release has none. */
  readonly decidedBy: Evaluation | null;
  /** Why an answer is what it is where the option alone does not say it, and settings that exclude each other. */
  readonly notes: readonly string[];
}

/** GnuTLS does not read TLS_Protocols: which option decides depends on the library (Manual 4.x, config.tls_engine). */
export const DECIDING_OPTION: Readonly<
  Record<TlsLibrary, { readonly option: string; readonly unset: string }>
> = {
  openssl: { option: 'tls_protocols', unset: '+ALL' },
  gnutls: { option: 'tls_ciphers', unset: 'NORMAL' },
};

/**
 * What a scope can speak: `yes` or `no` where configuration, release and library say so together, `unclear` where the
 * manual, the library's build or an unread file leaves it open. Null for a scope that speaks no TLS at all.
 */
export function effectiveTls(scope: TlsScope, runtime: TlsRuntime = {}): EffectiveTls | null {
  if (scope.posture === 'plain' || scope.posture === 'none') return null;
  const { library } = scope;
  const libraryVersion = runtime.libraryVersions?.[library] ?? null;
  const release = runtime.momentumVersion ?? null;
  const configured = configuredIn(scope, release, libraryVersion);
  const notes = [...configured.notes];
  const versions = Object.fromEntries(
    PROTOCOL_VERSIONS.map((version) => {
      const allowed = configured.allows(version);
      const offered = libraryOffers(library, libraryVersion, version);
      const answer = version === 'TLSv1.3' && isOfLine3(release) ? 'no' : both(allowed, offered.answer);
      // That the library has no TLS 1.3, which no list can name, is no news.
      const isNews = answer !== allowed && !(allowed === 'unclear' && answer === 'no');
      if (isNews || (answer === 'unclear' && offered.answer === 'unclear'))
        notes.push(`${version}: ${offered.because}`);
      return [version, answer];
    }),
  ) as EffectiveTls['versions'];
  return { versions, decidedBy: configured.decidedBy, notes: [...notes, ...exclusiveSettings(scope)] };
}

interface Configured {
  readonly decidedBy: Evaluation | null;
  readonly notes: readonly string[];
  allows(version: ProtocolVersion): Allowed;
}

function configuredIn(scope: TlsScope, release: string | null, libraryVersion: string | null): Configured {
  const { option, unset } = DECIDING_OPTION[scope.library];
  if (release !== null && optionExists(option, release) === false) {
    const notes = [
      `Momentum ${release} does not know ${option}: all that its ${nameOf(scope.library)} speaks is on`,
    ];
    // ASSUMED: such a release asks the library for everything; no page says how older ones choose.
    return { decidedBy: null, notes, allows: (version) => (version === 'TLSv1.3' ? 'unclear' : 'yes') };
  }
  const decidedBy = scope.setting(option);
  if (decidedBy.indeterminate) return { decidedBy, notes: [decidedBy.why], allows: () => 'unclear' };
  const text = decidedBy.text ?? unset;
  const list =
    scope.library === 'gnutls' ? parseGnutlsPriority(text, libraryVersion) : parseTlsProtocols(text);
  return withCiphers(scope, { decidedBy, notes: list.warnings, allows: (version) => list.allows(version) });
}

/** A cipher list of OpenSSL that has only suites of TLS 1.2 leaves the older versions nothing to speak with. */
function withCiphers(scope: TlsScope, configured: Configured): Configured {
  if (scope.library === 'gnutls') return configured;
  const ciphers = scope.setting('tls_ciphers');
  if (ciphers.text === null) return configured;
  if (ciphers.indeterminate)
    return {
      ...configured,
      notes: [...configured.notes, ciphers.why],
      allows: (version) => both(configured.allows(version), 'unclear'),
    };
  if (!needsTls12(ciphers.text)) return configured;
  return {
    ...configured,
    notes: [...configured.notes, 'tls_ciphers has only suites of TLS 1.2'],
    allows: (version) => (version === 'TLSv1.2' || version === 'TLSv1.3' ? configured.allows(version) : 'no'),
  };
}

/** Momentum 3 ran on systems whose OpenSSL is 1.0.1 at most (Manual 3.x, install). */
function isOfLine3(release: string | null): boolean {
  return release !== null && Number.parseInt(release, 10) === 3;
}

function both(a: Allowed, b: Allowed): Allowed {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'unclear' || b === 'unclear' ? 'unclear' : 'yes';
}

/** Settings of one listener of which each makes the other useless (Manual, conf.aaa; conf.ref.tls_certificate). */
function exclusiveSettings(scope: TlsScope): string[] {
  if (scope.direction === 'outbound' || scope.posture === 'unknown') return [];
  if (parseBoolean(scope.setting('use_ssl').text ?? 'false') !== true) return [];
  return [
    ...(namesStarttls(scope.setting('smtp_extensions'))
      ? ['Use_SSL and STARTTLS exclude each other: TLS begins with the first byte, STARTTLS is of no use']
      : []),
    ...(isInForce(scope.setting('tls_certificate'))
      ? []
      : ['Use_SSL needs a TLS_Certificate, and none is in force']),
  ];
}

function nameOf(library: TlsLibrary): string {
  return library === 'openssl' ? 'OpenSSL' : 'GnuTLS';
}
