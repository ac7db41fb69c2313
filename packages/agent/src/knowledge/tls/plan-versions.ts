import {
  compareVersions,
  libraryOffers,
  optionExists,
  type ProtocolList,
  parseGnutlsPriority,
  parseTlsProtocols,
  TLS_VERSIONS,
  type TlsVersion,
  tlsScopes,
} from '@castellan/momentum';
import type { PlanContext, Planned, RemediationParam } from '../../units/remediation.js';
import { CONFIG_EDIT_PARAMS, type CommitReads } from '../eccfg/commit.js';
import { planConfigEdit, refused } from '../eccfg/plan-edit.js';
import { switchOff } from './switch-off.js';

export type VersionReads = 'momentumConfig' | 'momentumVersion' | 'servedTls' | CommitReads;
export const VERSION_READS = [
  'momentumConfig',
  'momentumVersion',
  'servedTls',
  'credentialStore',
  'serviceCertificates',
  'install',
] as const satisfies readonly VersionReads[];

/** Manual 3.x and 4.x, conf.ref.tls_protocols: the option came with these. */
const SINCE_3 = '3.6.6';
const SINCE_4 = '4.1.0.2';

/** What every remediation asks for that switches versions of TLS off. */
export const VERSION_PARAMS = {
  protocols: {
    kind: 'text',
    required: false,
    text: 'value for TLS_Protocols where nothing is set, for OpenSSL; if not given, +ALL without what goes off',
  },
  priorities: {
    kind: 'text',
    required: false,
    text: 'value for TLS_Ciphers where nothing is set, for GnuTLS; if not given, NORMAL without what goes off',
  },
  unclear: {
    kind: 'text',
    required: false,
    default: 'refuse',
    oneOf: ['refuse', 'replace'],
    text: 'what to do with a list that leaves nothing, or whose meaning the manual leaves open: refuse, or put protocols (priorities) in its place',
  },
  ...CONFIG_EDIT_PARAMS,
} as const satisfies Readonly<Record<string, RemediationParam>>;

export interface VersionsRequest {
  readonly slug: string;
  readonly controls: readonly string[];
  /** To be off everywhere, SSLv2 and SSLv3 among them. */
  readonly versions: readonly TlsVersion[];
}

/** The plan that switches versions off in every scope that speaks TLS, by what its library reads. */
export async function planVersions(
  context: PlanContext<VersionReads>,
  { slug, controls, versions }: VersionsRequest,
): Promise<Planned> {
  const { facts, params } = context;
  const mta = facts.momentumConfig.configs.filter(({ kind }) => kind === 'mta').map(({ config }) => config);
  if (mta.length === 0) return refused('this node has no ecelerity.conf: its TLS is not set here');
  const unset = {
    openssl: params.text('protocols') ?? parseTlsProtocols('+ALL').without([...versions]),
    gnutls: params.text('priorities') ?? parseGnutlsPriority('NORMAL').without([...versions]),
  };
  const { name, version: libraryVersion } = facts.momentumVersion.tlsLibrary;
  const libraryVersions = {
    openssl: name === 'openssl' ? libraryVersion : null,
    gnutls: name === 'gnutls' ? libraryVersion : null,
  };
  const given =
    problemOf('protocols', parseTlsProtocols(unset.openssl), versions) ??
    problemOf('priorities', parseGnutlsPriority(unset.gnutls, libraryVersions.gnutls), versions);
  if (given !== null) return { kind: 'refused', code: 'CAS_PARAM_INVALID', why: given };
  const isOpenssl = mta.some((config) => tlsScopes(config).some(({ library }) => library === 'openssl'));
  const tooOld = isOpenssl
    ? (versionProblem(facts.momentumVersion.version) ??
      nothingLeft(versions, parseTlsProtocols(unset.openssl), libraryVersions.openssl))
    : null;
  if (tooOld !== null) return refused(tooOld);
  const unclear = params.text('unclear') === 'replace' ? 'replace' : 'refuse';
  const off = switchOff(mta, { versions, unset, unclear, libraryVersions });
  if (!off.ok) return refused(off.why);
  const names = versions.join(', ');
  return planConfigEdit(context, {
    slug,
    controls,
    changes: off.changes,
    none: `${names} are off in every scope`,
    verification: [`the running Momentum evaluates what decides the versions without ${names}`],
    notes: off.notes,
  });
}

function problemOf(name: string, list: ProtocolList, versions: readonly TlsVersion[]): string | null {
  const on = versions.filter((version) => list.allows(version) !== 'no');
  const says = list.warnings.join('; ');
  if (list.warnings.length === 0 && on.length === 0 && list.allows('TLSv1.2') === 'yes') return null;
  return `${name} must leave ${versions.join(', ')} off and TLSv1.2 on${says === '' ? '' : ` (${says})`}`;
}

/** OpenSSL before 1.0.1 knows neither TLS 1.1 nor 1.2: a list that names nothing else would end all TLS. */
function nothingLeft(
  versions: readonly TlsVersion[],
  list: ProtocolList,
  openssl: string | null,
): string | null {
  if (openssl === null)
    return versions.includes('TLSv1.0')
      ? 'which OpenSSL Momentum uses is not known, and one before 1.0.1 has nothing newer than TLSv1.0: no TLS might be left'
      : null;
  const left = TLS_VERSIONS.filter(
    (one) => list.allows(one) !== 'no' && libraryOffers('openssl', openssl, one).answer !== 'no',
  );
  return left.length > 0
    ? null
    : `OpenSSL ${openssl} knows none of the versions that this list leaves on: no TLS would be spoken at all`;
}

function versionProblem(version: string | null): string | null {
  if (version === null)
    return 'the version of Momentum is not known, and older ones do not start with TLS_Protocols: give it with --assume-momentum X.Y.Z, or assumeMomentum in the settings';
  const since = compareVersions(version, '4') >= 0 ? SINCE_4 : SINCE_3;
  return optionExists('tls_protocols', version) === false || compareVersions(version, since) < 0
    ? `Momentum ${version} does not know TLS_Protocols; it came with ${since}: upgrade first`
    : null;
}
