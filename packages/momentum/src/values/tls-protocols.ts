/** The versions that `tls_protocols` can name (Manual, conf.ref.tls_protocols). */
export const TLS_VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2'] as const;
/** A version that `tls_protocols` can name. */
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** Every version that a connection can have, the oldest first. */
export const PROTOCOL_VERSIONS = [...TLS_VERSIONS, 'TLSv1.3'] as const;
/** A version of SSL or TLS, as the manual spells it. */
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** `unclear` where the manual leaves two readings that differ. */
export type Allowed = 'yes' | 'no' | 'unclear';

/** What a list of protocols says of each version. */
export interface ProtocolList {
  allows(version: ProtocolVersion): Allowed;
  readonly warnings: readonly string[];
  /** The text with these versions taken away; the operator's other choices stay. */
  without(versions: readonly TlsVersion[]): string;
}

interface Step {
  readonly adds: boolean;
  readonly versions: readonly TlsVersion[];
}

/**
 * Reads `tls_protocols` (Manual, conf.ref.tls_protocols): tokens between colons, `+NAME` adds, `-NAME` takes away, from
 * left to right. What the list holds before a leading `-` is not said, so both readings are kept and compared.
 */
export function parseTlsProtocols(text: string): ProtocolList {
  const warnings: string[] = [];
  const steps = text
    .split(':')
    .map((token) => token.trim())
    .filter((token) => token !== '')
    .flatMap((token) => readStep(token, warnings));
  const beginsByTaking = steps[0]?.adds === false;
  const fromNothing = run(steps, []);
  const fromAll = run(steps, TLS_VERSIONS);
  if (steps.length === 0) warnings.push('no protocol is named');

  return {
    warnings,
    allows(version) {
      // No list can name TLS 1.3: whether it is on is the library's matter.
      if (steps.length === 0 || version === 'TLSv1.3') return 'unclear';
      const inFirst = fromNothing.has(version);
      if (!beginsByTaking) return inFirst ? 'yes' : 'no';
      return inFirst === fromAll.has(version) ? (inFirst ? 'yes' : 'no') : 'unclear';
    },
    without(versions) {
      const offered = versions.filter(
        (version) => this.allows(version) !== 'no' || beginsByTaking || steps.length === 0,
      );
      if (steps.length === 0) return ['+ALL', ...versions.map((v) => `-${v}`)].join(':');
      // A leading `-` stays one: what the list begins with is not known, and nothing may be switched on by guessing.
      const kept = text;
      const already = new Set(kept.split(':').map((t) => t.trim().toLowerCase()));
      const added = offered.filter(
        (v) => !already.has(`-${v.toLowerCase()}`) || parseTlsProtocols(kept).allows(v) === 'yes',
      );
      return [kept, ...added.map((v) => `-${v}`)].join(':');
    },
  };
}

function readStep(token: string, warnings: string[]): Step[] {
  const sign = /^[+-]/.exec(token)?.[0];
  const name = sign ? token.slice(1) : token;
  if (!sign) warnings.push(`"${token}" has no sign; it is read as +${token}`);
  if (name.toLowerCase() === 'all') return [{ adds: sign !== '-', versions: TLS_VERSIONS }];
  const canonical =
    name.toLowerCase() === 'tlsv1'
      ? 'TLSv1.0'
      : TLS_VERSIONS.find((v) => v.toLowerCase() === name.toLowerCase());
  if (!canonical) {
    warnings.push(`"${name}" is not a protocol that the manual names`);
    return [];
  }
  if (name.toLowerCase() === 'tlsv1') warnings.push('TLSv1 is read as TLSv1.0');
  return [{ adds: sign !== '-', versions: [canonical] }];
}

function run(steps: readonly Step[], start: readonly TlsVersion[]): Set<TlsVersion> {
  const set = new Set<TlsVersion>(start);
  for (const step of steps) {
    for (const version of step.versions) {
      if (step.adds) set.add(version);
      else set.delete(version);
    }
  }
  return set;
}
