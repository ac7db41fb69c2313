import { X509Certificate } from 'node:crypto';
import type { Facts } from '../../facts/facts.generated.js';
import type { CertificateSlot } from '../../facts/parts/key-pair-location.js';
import type { KeyEvidence } from '../../facts/parts/pem-evidence.js';
import type { ServiceCertificate, ServiceCertificatesFact } from '../../facts/service-certificates.js';
import { certificateEvidence, keyEvidence, parsed } from '../../knowledge/certificates/pem-reader.js';
import { certificateSlots } from '../../knowledge/certificates/resolve-slots.js';
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
  needs: ['install'],
  title: 'Keys and certificates of ecconfigd, the web UI and PostgreSQL, on disk and as they are served',
  timeoutMs: 15_000,
  evidence: 'files-and-system',
  async collect({ files, net, settings, facts }): Promise<ServiceCertificatesFact> {
    const probe = async (slot: CertificateSlot): Promise<ProbeResult> => {
      if (!settings.probe) return { kind: 'forbidden', detail: 'probing is switched off' };
      if (slot.tls === 'off') return { kind: 'forbidden', detail: 'the service speaks no TLS' };
      return net.probeTls({ ...slot.endpoint, servername: slot.hostname, timeoutMs: PROBE_TIMEOUT_MS });
    };
    const services = [];
    const database = namedBy(files, facts.install.databaseUser, DATABASE_PLACES);
    // One connection at a time: these are production listeners.
    for (const slot of certificateSlots(files, facts.install)) {
      const consumer = slot.service === 'msyspg' ? 'postgresql' : 'apache';
      const certificate = certificateEvidence(files, slot.certificatePath, consumer);
      const key = unlessGiven(slot, keyEvidence(files, slot.keyPath, consumer));
      const matches =
        certificate.state === 'parsed' && key.state === 'parsed'
          ? certificate.leaf.spkiSha256 === key.spkiSha256
          : null;
      const served = await probe(slot);
      services.push({
        slot,
        certificate,
        key,
        matches,
        served,
        servedNotAfterMs: notAfterOf(served),
        plainAccess:
          slot.accessFile === undefined
            ? null
            : plainAccess(database, slot.accessFile, slot.databaseVersion ?? null),
        ...databaseReach(files, slot, facts.install),
      });
    }
    return { services };
  },
});

/** A pass phrase that PostgreSQL asks a program for is no obstacle; whether the program gives the right one is not known. */
function unlessGiven({ passphraseCommand }: CertificateSlot, key: KeyEvidence): KeyEvidence {
  if (key.state !== 'encrypted' || passphraseCommand !== true) return key;
  const detail = 'the key is encrypted, and whether ssl_passphrase_command opens it is not known';
  return { state: 'unread', problem: 'unclear', detail };
}

/** Apache reads its files as root, before it becomes another user; PostgreSQL is never root. */
function databaseReach(
  files: FileReader,
  slot: CertificateSlot,
  install: Facts['install'],
): Pick<ServiceCertificate, 'reach'> {
  if (slot.service !== 'msyspg') return {};
  const of = (path: string) => reachOf(files, path, install.databaseUser, 'msyspg');
  return { reach: { certificate: of(slot.certificatePath), key: of(slot.keyPath) } };
}

/** Null also for a certificate that this Node cannot decode: its fingerprint is compared all the same. */
function notAfterOf(served: ProbeResult): number | null {
  if (served.kind !== 'served') return null;
  try {
    return parsed(new X509Certificate(served.leafDer)).notAfterMs;
  } catch {
    return null;
  }
}
