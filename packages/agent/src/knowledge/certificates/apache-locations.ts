import type { KeyPairLocation } from '../../facts/parts/key-pair-location.js';
import type { ServiceUnknown } from '../../facts/service-certificates.js';
import type { ApacheConfig, ApacheUnknown } from '../apache/directives.js';
import { listenAddress } from '../apache/httpd-conf.js';
import { type ApacheHost, apacheHosts, passphraseProgram } from '../apache/virtual-hosts.js';

/** The pairs of one service, and what may make more of them. */
export interface ServiceLocations {
  readonly locations: readonly KeyPairLocation[];
  readonly unknowns: readonly ServiceUnknown[];
}

export interface ApacheService {
  readonly service: 'ecconfigd' | 'ecwebui';
  readonly conf: string;
  readonly config: ApacheConfig;
  /** The documented folder of the pair. */
  readonly folder: string;
  readonly port: number;
  /** How the node is called, where the configuration does not say. */
  readonly host: string;
  /** The service speaks TLS whatever its settings say. */
  readonly isAlwaysTls: boolean;
}

/** A location for each pair of each host that speaks TLS; where none does, one that says so. */
export function apacheLocations(given: ApacheService): ServiceLocations {
  const hosts = apacheHosts(given.config);
  const on = hosts.filter(({ engine }) => engine !== 'off');
  const seen = new Set<string>();
  const locations = on
    .flatMap((host) => locationsOf(given, host))
    .filter(({ name = '' }) => !seen.has(name) && seen.add(name) !== undefined);
  if (locations.length === 0) return withoutHosts(given, hosts);
  const elsewhere = given.config.unknowns.filter(
    (one) => !on.some(({ vhost, doubt }) => doubt === one && vhost !== null),
  );
  return { locations, unknowns: elsewhere.map((one) => doubtOf(given, one)) };
}

function doubtOf({ service }: ApacheService, { file, line, why }: ApacheUnknown): ServiceUnknown {
  return { service, at: line > 0 ? { file, line } : { file }, why };
}

function told({ file, line, why }: ApacheUnknown): string {
  return line > 0 ? `${file}:${line}: ${why}` : why;
}

/** No host is certain to speak TLS: what was not understood may make one. */
function withoutHosts(given: ApacheService, hosts: readonly ApacheHost[]): ServiceLocations {
  const main = hosts.find(({ pairs }) => pairs.length > 0) ?? hosts[0];
  const decides = hosts.findLast(({ decidedBy }) => decidedBy !== null)?.decidedBy;
  const unknowns = given.config.unknowns.filter(
    ({ file, line }) => !given.isAlwaysTls || file !== given.conf || line > 0,
  );
  const [first] = unknowns;
  const tls = given.isAlwaysTls ? 'on' : first ? 'unknown' : 'off';
  const [pair] = main?.pairs ?? [];
  const fallback = { certificatePath: `${given.folder}/server.crt`, keyPath: `${given.folder}/server.key` };
  const location: KeyPairLocation = {
    ...commonOf(given, main ?? null),
    ...(pair ?? fallback),
    ...(pair || given.isAlwaysTls ? {} : { isUnnamed: true }),
    tls,
    ...(tls === 'unknown' && first ? { doubt: told(first) } : {}),
    decidedBy: decides ?? { file: given.conf },
  };
  const { name: _, ...unnamed } = location;
  const isOne = given.isAlwaysTls;
  return {
    locations: [isOne ? { ...location, name: nameOf(location) } : unnamed],
    unknowns: isOne ? unknowns.map((one) => doubtOf(given, one)) : [],
  };
}

function locationsOf(given: ApacheService, host: ApacheHost): KeyPairLocation[] {
  const fallback = {
    certificatePath: `${given.folder}/server.crt`,
    keyPath: `${given.folder}/server.key`,
    isUnnamed: true,
  };
  const { doubt } = host;
  const isDoubtful = host.engine === 'unknown' || doubt !== null;
  return (host.pairs.length > 0 ? host.pairs : [fallback]).map((pair) => {
    const location: KeyPairLocation = {
      ...commonOf(given, host),
      ...pair,
      // A certain fault of the pair is one all the same.
      tls: host.engine === 'unknown' ? 'unknown' : 'on',
      ...(isDoubtful ? { doubt: doubt ? told(doubt) : 'SSLEngine is neither on nor off' } : {}),
      decidedBy:
        host.decidedBy ??
        (host.vhost ? { file: host.vhost.file, line: host.vhost.line } : { file: given.conf }),
      ...(host.chainPath === null ? {} : { chainPath: host.chainPath }),
    };
    return { ...location, name: nameOf(location) };
  });
}

function nameOf({ hostname, endpoint, certificatePath }: KeyPairLocation): string {
  return `${hostname}:${endpoint.port} ${certificatePath}`;
}

function commonOf(
  given: ApacheService,
  host: ApacheHost | null,
): Pick<KeyPairLocation, 'service' | 'owner' | 'hostname' | 'endpoint' | 'otherPlace' | 'passphraseFrom'> {
  const { config } = given;
  const at = listenAddress(host?.vhost?.address.split(' ')[0] ?? '');
  const listens = config.directives
    .filter(({ name }) => name === 'listen')
    .flatMap(({ args }) => listenAddress(args[0] ?? '') ?? []);
  const listen =
    listens.find(({ port }) => port === at?.port) ??
    listens.find(({ port }) => port === given.port) ??
    listens[0];
  const main = config.directives.findLast((d) => d.name === 'servername' && d.vhost === null)?.args[0];
  const name = host?.serverName ?? main?.replace(/^https?:\/\//, '').replace(/:\d+$/, '');
  const isOwnAddress = at !== null && /^[\d.]+$|:/.test(at.address) && listen?.port === at.port;
  const program = passphraseProgram(config) ?? dialogInDoubt(config);
  return {
    service: given.service,
    owner: 'ecuser',
    hostname: name && name !== 'localhost' ? name : given.host,
    endpoint: {
      host: loopback(isOwnAddress ? at.address : listen?.address),
      port: listen?.port ?? given.port,
      preamble: 'none',
    },
    otherPlace: null,
    ...(program === null ? {} : { passphraseFrom: program }),
  };
}

function dialogInDoubt({ unknowns }: ApacheConfig): string | null {
  const [first] = unknowns.filter(({ vhost }) => vhost === null);
  return first ? `a line that was not understood (${told(first)})` : null;
}

/** Where a listener is reached from this host. */
export function loopback(address: string | undefined): string {
  if (address === '::') return '::1';
  return address && !['*', '0.0.0.0', 'localhost'].includes(address) ? address : '127.0.0.1';
}
