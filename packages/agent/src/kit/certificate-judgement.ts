import type { Severity } from '@castellan/shared/model/severity';
import { fail, indeterminate, notApplicable, type Outcome, pass, type Violation } from './control.js';
import type { Facts } from './fact.js';
import type { ParsedCertificate } from './pem-evidence.js';

export type ServiceCertificate = Facts['serviceCertificates']['services'][number];
type Service = ServiceCertificate['slot']['service'];

const DAY_MS = 86_400_000;
const NAMES: Readonly<Record<Service, string>> = {
  ecconfigd: 'ecconfigd',
  ecwebui: 'the web UI',
  msyspg: 'PostgreSQL',
};

export const EXPIRY_PARAMS = {
  highDays: { default: 14, unit: 'days', text: 'fewer days left than this are high' },
  mediumDays: { default: 30, unit: 'days', text: 'fewer days left than this are medium' },
} as const;

export interface ExpiryLimits {
  readonly highDays: number;
  readonly mediumDays: number;
}

export function serviceOf(
  facts: Pick<Facts, 'serviceCertificates'>,
  service: Service,
): ServiceCertificate | null {
  return facts.serviceCertificates.services.find(({ slot }) => slot.service === service) ?? null;
}

/** Whether key and certificate are there, can be read, and belong together. */
export function judgePair(service: ServiceCertificate | null, name: Service): Outcome {
  if (!service) return notApplicable(`This node does not run ${NAMES[name]}.`);
  const { slot, certificate, key, matches } = service;
  if (slot.tls === 'unknown')
    return indeterminate(
      `${slot.decidedBy.file ?? 'The settings'} could not be read: whether ${NAMES[name]} speaks TLS is unknown. Run as root.`,
    );
  if (slot.tls === 'off') {
    return fail(`${NAMES[name]} speaks without TLS`, [
      { at: slot.decidedBy, found: 'TLS is off', proposed: 'TLS on, with a key and a certificate' },
    ]);
  }
  const denied = [certificate, key].find((e) => e.state === 'unread' && e.problem === 'denied');
  const faults: Violation[] = [];
  if (certificate.state === 'unread' && certificate.problem !== 'denied')
    faults.push({
      at: { file: slot.certificatePath },
      found: `no usable certificate: ${certificate.detail}`,
    });
  if (key.state === 'unread' && key.problem !== 'denied')
    faults.push({ at: { file: slot.keyPath }, found: `no usable key: ${key.detail}` });
  if (key.state === 'encrypted')
    faults.push({ at: { file: slot.keyPath }, found: `the key is encrypted: ${key.detail}` });
  if (matches === false)
    faults.push({
      at: { file: slot.certificatePath },
      found: `the certificate is not of the key in ${slot.keyPath}`,
      proposed: 'a key and a certificate that belong together',
    });
  if (faults.length > 0)
    return fail(
      `${NAMES[name]} cannot start with its key and certificate: ${faults[0]?.found ?? ''}`,
      faults,
    );
  if (denied)
    return indeterminate(`The key or the certificate of ${NAMES[name]} could not be read. Run as root.`);
  return pass(`${NAMES[name]} has a key and a certificate that belong together.`);
}

/** Whether the certificate is in its time, by its file and as it is served. */
export function judgeExpiry(
  service: ServiceCertificate | null,
  name: Service,
  nowMs: number,
  limits: ExpiryLimits,
): Outcome {
  if (!service) return notApplicable(`This node does not run ${NAMES[name]}.`);
  const { slot, certificate, served } = service;
  if (slot.tls === 'off') return notApplicable(`${NAMES[name]} speaks without TLS.`);
  if (certificate.state === 'unread') {
    const advice = certificate.problem === 'denied' ? ' Run as root.' : '';
    return indeterminate(`${slot.certificatePath}: ${certificate.detail}.${advice}`);
  }
  const { leaf } = certificate;
  const at = { file: slot.certificatePath };
  const time = outOfTime(leaf, nowMs, limits);
  if (time)
    return fail(
      `The certificate of ${NAMES[name]} ${time.text}`,
      [{ at, found: `${leaf.subject}: ${time.text}`, proposed: 'a new certificate, valid for a year' }],
      time.severity,
    );
  if (served.kind === 'served' && served.fingerprint !== leaf.fingerprint) {
    return fail(`${NAMES[name]} still serves another certificate than the one on disk`, [
      {
        at: { ...at, object: `port ${slot.endpoint.port}` },
        found: `served ${served.fingerprint.slice(0, 16)}…, on disk ${leaf.fingerprint.slice(0, 16)}…: renewed but not served`,
        proposed: `restart ${name}`,
      },
    ]);
  }
  const days = Math.floor((leaf.notAfterMs - nowMs) / DAY_MS);
  const seen =
    served.kind === 'served' ? 'and it is the one that is served' : `by its file only (${served.detail})`;
  return pass(`The certificate of ${NAMES[name]} is valid for ${days} more days, ${seen}.`);
}

function outOfTime(
  leaf: ParsedCertificate,
  nowMs: number,
  limits: ExpiryLimits,
): { readonly text: string; readonly severity: Severity } | null {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  if (leaf.notBeforeMs > nowMs)
    return {
      text: `is not valid before ${day(leaf.notBeforeMs)}; if that is past, this node's clock is wrong`,
      severity: 'high',
    };
  const left = leaf.notAfterMs - nowMs;
  if (left < 0) return { text: `expired on ${day(leaf.notAfterMs)}`, severity: 'critical' };
  if (left < limits.highDays * DAY_MS)
    return { text: `expires on ${day(leaf.notAfterMs)}`, severity: 'high' };
  return left < limits.mediumDays * DAY_MS
    ? { text: `expires on ${day(leaf.notAfterMs)}`, severity: 'medium' }
    : null;
}
