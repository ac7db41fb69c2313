import {
  type Config,
  DECIDING_OPTION,
  evaluate,
  formatScope,
  libraryOffers,
  type ProtocolList,
  parseGnutlsPriority,
  parseTlsProtocols,
  type TlsLibrary,
  type TlsVersion,
} from '@castellan/momentum';
import { type OptionEdits, optionEdits, type WantedOption } from '../eccfg/option-edits.js';
import { librariesOf, otherReader, ownValues } from './own-values.js';

/** As the manual writes them; the language does not tell cases apart. */
const SPELLING = { openssl: 'TLS_Protocols', gnutls: 'TLS_Ciphers' } as const;

/** What is to be off, and with what. */
export interface SwitchOff {
  readonly versions: readonly TlsVersion[];
  /** For where nothing is set, by library. */
  readonly unset: Readonly<Record<TlsLibrary, string>>;
  /** What stands where a list can be read in two ways: refused, or replaced by `unset`. */
  readonly unclear: 'refuse' | 'replace';
  readonly libraryVersions: Readonly<Record<TlsLibrary, string | null>>;
}

/** Of each library what it reads (Manual 4.x, config.tls_engine: under GnuTLS the priority string decides). */
export function listOf(library: TlsLibrary, text: string, libraryVersion: string | null): ProtocolList {
  return library === 'gnutls' ? parseGnutlsPriority(text, libraryVersion) : parseTlsProtocols(text);
}

/** Sets the option that decides where nothing sets it, and takes the versions out of every value that leaves them on. */
export function switchOff(configs: readonly Config[], off: SwitchOff): OptionEdits {
  let refusal: string | null = null;
  const edits = optionEdits(configs, (config) => {
    const wanted = wantedIn(config, off);
    refusal ??= wanted.refusal;
    return wanted.options;
  });
  if (refusal !== null) return { ok: false, why: refusal };
  if (!edits.ok) return edits;
  return edits;
}

function wantedIn(config: Config, off: SwitchOff) {
  const options: WantedOption[] = [];
  let refusal: string | null = null;
  for (const library of librariesOf(config)) {
    // Of ten thousand domains most say the same.
    const known = new Map<string, ReturnType<typeof changed>>();
    const { option } = DECIDING_OPTION[library];
    if (!evaluate(config, [], option).set) {
      // OpenSSL reads TLS_Ciphers too, as a list of ciphers; GnuTLS never reads TLS_Protocols.
      const other = library === 'gnutls' ? otherReader(config, library) : null;
      if (other !== null)
        refusal ??= `${option} at the top level would reach ${other.label} too, which speaks by ${other.library} and reads it otherwise: set ${option} there first`;
      options.push({ path: [], option: SPELLING[library], value: off.unset[library] });
    }
    for (const { path, text } of ownValues(config, library, option)) {
      const change = known.has(text) ? (known.get(text) ?? null) : changed(text, library, off);
      known.set(text, change);
      if (change === null) continue;
      if (change.refusal !== null)
        refusal ??= `${formatScope(path) || 'the global scope'}: ${change.refusal}`;
      options.push({ path, option: SPELLING[library], value: change.text });
    }
  }
  return { options, refusal };
}

/** Null: they are off already. */
function changed(
  text: string,
  library: TlsLibrary,
  { versions, unset, unclear, libraryVersions }: SwitchOff,
) {
  const list = listOf(library, text, libraryVersions[library]);
  if (versions.every((version) => list.allows(version) === 'no')) return null;
  const without = list.without([...versions]);
  const left = listOf(library, without, libraryVersions[library]);
  const rest = (['TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const)
    .filter((one) => libraryOffers(library, libraryVersions[library], one).answer !== 'no')
    .map((one) => left.allows(one));
  if (rest.includes('yes')) return { text: without, refusal: null };
  if (unclear === 'replace') return { text: unset[library], refusal: null };
  const why = rest.includes('unclear')
    ? `what "${text}" leaves on can be read in two ways, so nobody knows what would be left`
    : `it allows nothing but ${versions.join(', ')}; without them there would be no TLS at all ("${text}")`;
  return {
    text: without,
    refusal: `${why}. Decide what it is to speak, and set that first, or ask with unclear=replace`,
  };
}
