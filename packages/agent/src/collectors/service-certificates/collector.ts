import { X509Certificate } from 'node:crypto';
import type { Facts } from '../../facts/facts.generated.js';
import type { KeyPairLocation } from '../../facts/parts/key-pair-location.js';
import type { KeyEvidence, ParsedCertificate } from '../../facts/parts/pem-evidence.js';
import type {
  ServiceCertificate,
  ServiceCertificatesFact,
  ServiceUnknown,
} from '../../facts/service-certificates.js';
import { certificateEvidence, keyEvidence, parsed } from '../../knowledge/certificates/pem-reader.js';
import { keyPairLocations } from '../../knowledge/certificates/resolve-locations.js';
import { DATABASE_PLACES } from '../../knowledge/momentum/managed-paths.js';
import { namedBy } from '../../knowledge/permissions/named-files.js';
import { reachOf } from '../../knowledge/postgresql/file-reach.js';
import { plainAccess } from '../../knowledge/postgresql/hba.js';
import type { FileReader } from '../../ports/files.js';
import type { ProbeResult } from '../../ports/net.js';
import { defineCollector } from '../../units/fact.js';

const PROBE_TIMEOUT_MS = 3_000;

export default defineCollector({
  name: 'serviceCertificates',
  needs: ['install', 'webuiHttpd'],
  title: 'Keys and certificates of ecconfigd, the web UI and PostgreSQL, on disk and as they are served',
  timeoutMs: 15_000,
  evidence: 'files-and-system',
  async collect({ files, net, settings, facts }): Promise<ServiceCertificatesFact> {
    const probe = async (location: KeyPairLocation): Promise<ProbeResult> => {
      if (!settings.probe) return { kind: 'forbidden', detail: 'probing is switched off' };
      if (location.tls === 'off') return { kind: 'forbidden', detail: 'the service speaks no TLS' };
      return net.probeTls({
        ...location.endpoint,
        servername: location.hostname,
        timeoutMs: PROBE_TIMEOUT_MS,
      });
    };
    const database = namedBy(files, facts.install.databaseUser, DATABASE_PLACES);
    const { locations, unknowns } = keyPairLocations(files, facts.install);
    const services: ServiceCertificate[] = [];
    const answers = new Map<string, ProbeResult>();
    // One connection at a time: these are production listeners. Pairs of one host are asked for once.
    for (const location of locations) {
      const host = hostKey(location);
      const served = answers.get(host) ?? (await probe(location));
      answers.set(host, served);
      const consumer = location.service === 'msyspg' ? 'postgresql' : 'apache';
      const certificate = certificateEvidence(files, location.certificatePath, consumer);
      const key = unlessGiven(location, keyEvidence(files, location.keyPath, consumer));
      const matches =
        certificate.state === 'parsed' && key.state === 'parsed'
          ? certificate.leaf.spkiSha256 === key.spkiSha256
          : null;
      services.push({
        location,
        certificate,
        key,
        ...(location.chainPath === undefined
          ? {}
          : { chain: certificateEvidence(files, location.chainPath, consumer) }),
        matches,
        served,
        servedNotAfterMs: servedOf(served)?.notAfterMs ?? null,
        plainAccess:
          location.accessFile === undefined
            ? null
            : plainAccess(database, location.accessFile, location.databaseVersion ?? null),
        ...databaseReach(files, location, facts.install),
      });
    }
    const differs = differenceOf(facts.webuiHttpd);
    return {
      services: services.map((one) => withoutOthers(one, services)),
      unknowns: differs === null ? unknowns : [...unknowns, differs],
    };
  },
});

/** A pass phrase that PostgreSQL asks a program for is no obstacle; whether the program gives the right one is not known. */
function unlessGiven({ passphraseCommand }: KeyPairLocation, key: KeyEvidence): KeyEvidence {
  if (key.state !== 'encrypted' || passphraseCommand !== true) return key;
  const detail = 'the key is encrypted, and whether ssl_passphrase_command opens it is not known';
  return { state: 'unread', problem: 'unclear', detail };
}

/** Apache reads its files as root, before it becomes another user; PostgreSQL is never root. */
function databaseReach(
  files: FileReader,
  location: KeyPairLocation,
  install: Facts['install'],
): Pick<ServiceCertificate, 'reach'> {
  if (location.service !== 'msyspg') return {};
  const of = (path: string) => reachOf(files, path, install.databaseUser, 'msyspg');
  return { reach: { certificate: of(location.certificatePath), key: of(location.keyPath) } };
}

/** httpd itself and the reader do not see the same virtual hosts. */
function differenceOf({ path, authority }: Facts['webuiHttpd']): ServiceUnknown | null {
  if (authority.kind !== 'differs') return null;
  const list = (names: readonly string[]) => names.slice(0, 5).join(', ') || 'none';
  return {
    service: 'ecwebui',
    at: { file: path },
    why: `${authority.program} -t -D DUMP_VHOSTS and the files do not name the same virtual hosts (only httpd: ${list(authority.onlyHttpd)}; only the files: ${list(authority.onlyFiles)})`,
  };
}

function hostKey({ service, hostname, endpoint }: KeyPairLocation): string {
  return `${service} ${hostname} ${endpoint.host} ${endpoint.port}`;
}

/** A handshake shows one pair of its host: of the others it says nothing. */
function withoutOthers(one: ServiceCertificate, all: readonly ServiceCertificate[]): ServiceCertificate {
  const { served, certificate } = one;
  const others = all.filter((other) => other !== one && hostKey(other.location) === hostKey(one.location));
  if (served.kind !== 'served' || certificate.state !== 'parsed' || others.length === 0) return one;
  if (served.fingerprint === certificate.leaf.fingerprint) return one;
  const isOthers = others.some(
    (other) =>
      other.certificate.state === 'parsed' && other.certificate.leaf.fingerprint === served.fingerprint,
  );
  const isOtherKind = servedOf(served)?.keyType !== certificate.leaf.keyType;
  if (!isOthers && !isOtherKind) return one;
  return {
    ...one,
    served: { kind: 'forbidden', detail: 'the handshake showed another certificate of the same host' },
    servedNotAfterMs: null,
  };
}

/** Null also for a certificate that this Node cannot decode: its fingerprint is compared all the same. */
function servedOf(served: ProbeResult): ParsedCertificate | null {
  if (served.kind !== 'served') return null;
  try {
    return parsed(new X509Certificate(served.leafDer));
  } catch {
    return null;
  }
}
