import { type Severity, worst } from '@castellan/shared/model/severity';
import type { SeenCertificate } from '@castellan/shared/model/verdict';
import type { Facts } from '../../facts/facts.generated.js';
import type {
  CertificateEvidence,
  KeyEvidence,
  ParsedCertificate,
  PemProblem,
} from '../../facts/parts/pem-evidence.js';
import {
  fail,
  indeterminate,
  type Judgement,
  judgement,
  notApplicable,
  type Outcome,
  pass,
  type Violation,
} from '../../units/control.js';
import { countOf } from '../../units/wording.js';

export type ServiceCertificate = Facts['serviceCertificates']['services'][number];
type Service = ServiceCertificate['location']['service'];

const DAY_MS = 86_400_000;
const SUBJECT_LENGTH_MAX = 512;
/** ecconfigd always speaks TLS (Manual, executable.ecconfigd). */
const ENABLED_BY: Readonly<Record<Service, string | null>> = {
  ecconfigd: null,
  ecwebui: 'webui-tls-enable',
  msyspg: 'postgres-tls-enable',
};
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
  return facts.serviceCertificates.services.find(({ location }) => location.service === service) ?? null;
}

/**
 * A judgement for each pair of a service. Its subject is made of the host's name, the port and the certificate's path, so
 * that it stays the same when other pairs come and go. What was not understood is in doubt as a whole.
 */
export function judgeEach(
  { serviceCertificates }: Pick<Facts, 'serviceCertificates'>,
  service: Service,
  subjects: { readonly whole: string; readonly each: string },
  judge: (one: ServiceCertificate | null) => Outcome,
): Outcome | readonly Judgement[] {
  const all = serviceCertificates.services.filter(({ location }) => location.service === service);
  if (all.length === 0) return judge(null);
  const judged = all.map((one) => {
    const { name, doubt } = one.location;
    const outcome = named(judge(one), one, all.length > 1);
    return judgement(
      name === undefined ? subjects.whole : `${subjects.each} ${name}`.slice(0, SUBJECT_LENGTH_MAX),
      outcome.status === 'pass' && doubt !== undefined
        ? indeterminate(`What was not understood may change this host: ${doubt}.`)
        : outcome,
    );
  });
  const doubts = serviceCertificates.unknowns.filter((doubt) => doubt.service === service);
  const [first] = doubts;
  if (!first) return judged;
  const at = first.at.line === undefined ? '' : ` (${first.at.file}:${first.at.line})`;
  const more = doubts.length > 1 ? `, and ${countOf(doubts.length - 1, 'more place')}` : '';
  return [
    ...judged,
    judgement(
      subjects.whole,
      indeterminate(`Further hosts and certificates may be there: ${first.why}${at}${more}.`),
    ),
  ];
}

/** Of several pairs the remediation must be told which. */
function named(outcome: Outcome, { location }: ServiceCertificate, isOneOfMany: boolean): Outcome {
  return isOneOfMany && outcome.params?.['service'] !== undefined
    ? { ...outcome, params: { ...outcome.params, certificate: location.certificatePath } }
    : outcome;
}

/** Whether key and certificate are there, can be read, belong together, and are what the listener speaks with. */
export function judgePair(service: ServiceCertificate | null, name: Service): Outcome {
  return renewable(judgeFiles(service, name), name);
}

function judgeFiles(service: ServiceCertificate | null, name: Service): Outcome {
  if (!service) return notApplicable(`This node does not run ${NAMES[name]}.`);
  const { location, certificate, key, served } = service;
  if (location.tls === 'unknown')
    return indeterminate(
      `Whether ${NAMES[name]} speaks TLS is not known: ${location.doubt ?? 'its settings'}.`,
    );
  if (location.tls === 'off') {
    return {
      ...fail(`${NAMES[name]} speaks without TLS`, [
        { at: location.decidedBy, found: 'TLS is off', proposed: 'TLS on, with a key and a certificate' },
      ]),
      remediation: ENABLED_BY[name],
      params: {},
    };
  }
  const faults = pairFaults(service);
  if (faults.length > 0)
    return fail(
      `${NAMES[name]} cannot start with its key and certificate: ${faults[0]?.found ?? ''}`,
      faults,
    );
  if (served.kind === 'no-tls') {
    return fail(`${NAMES[name]} is set up for TLS and does not speak it`, [
      {
        at: { ...location.decidedBy, object: `port ${location.endpoint.port}` },
        found: served.detail,
        proposed: `restart ${name}, so that its settings take effect`,
      },
    ]);
  }
  const unread = [certificate, key].find((e): e is Unread => isUnlookable(e));
  if (unread) return indeterminate(`${NAMES[name]}: ${unread.detail}.${adviceFor(unread.problem)}`);
  if (key.state === 'encrypted')
    return indeterminate(
      `Whether the key in ${location.keyPath} is of the certificate cannot be told: it is encrypted, and its passphrase comes from ${location.passphraseFrom ?? 'nowhere'}.`,
    );
  return (
    judgePlainAccess(service) ?? pass(`${NAMES[name]} has a key and a certificate that belong together.`)
  );
}

/** What is certainly wrong with the two files. */
function pairFaults({ location, certificate, key, matches }: ServiceCertificate): Violation[] {
  const faults: Violation[] = [];
  if (location.isUnnamed)
    return location.doubt === undefined
      ? [{ at: location.decidedBy, found: 'TLS is on, and no SSLCertificateFile names a certificate' }]
      : [];
  if (certificate.state === 'unread' && !isUnlookable(certificate))
    faults.push({
      at: { file: location.certificatePath },
      found: `no usable certificate: ${certificate.detail}`,
    });
  if (key.state === 'unread' && !isUnlookable(key))
    faults.push({ at: { file: location.keyPath }, found: `no usable key: ${key.detail}` });
  if (key.state === 'encrypted' && location.passphraseFrom === undefined)
    faults.push({ at: { file: location.keyPath }, found: `the key is encrypted: ${key.detail}` });
  if (matches === false)
    faults.push({
      at: { file: location.certificatePath },
      found: `certificate and key do not match (key: ${location.keyPath})`,
      proposed: 'a key and a certificate that belong together',
    });
  return faults;
}

type Unread = Extract<CertificateEvidence, { readonly state: 'unread' }>;

/** Nobody could look into the file, or tell what its consumer makes of it: it may be good or bad. */
function isUnlookable(evidence: CertificateEvidence | KeyEvidence): boolean {
  return (
    evidence.state === 'unread' && ['denied', 'failed', 'too-large', 'unclear'].includes(evidence.problem)
  );
}

function adviceFor(problem: PemProblem): string {
  return problem === 'denied' ? ' Run as root.' : '';
}

/** TLS that is offered and not asked for protects nobody who does not ask. Null: nothing to say. */
function judgePlainAccess({ plainAccess }: ServiceCertificate): Outcome | null {
  if (!plainAccess) return null;
  const { lines, unread } = plainAccess;
  if (lines.length > 0)
    return {
      ...fail(
        `PostgreSQL lets other hosts in without TLS by ${countOf(lines.length, 'line')}`,
        lines.map(({ at, text }) => ({ at, found: text, proposed: 'hostssl in place of host' })),
        'low',
      ),
      remediation: ENABLED_BY.msyspg,
      params: { requireTls: 'yes' },
    };
  return unread ? indeterminate(`Whether other hosts get in without TLS is not known: ${unread}.`) : null;
}

/** Whether the certificate is in its time, by its file and as it is served; with the certificate, where it was read. */
export function judgeExpiry(
  service: ServiceCertificate | null,
  name: Service,
  nowMs: number,
  limits: ExpiryLimits,
): Outcome {
  const outcome = renewable(judgeTimes(service, name, nowMs, limits), name);
  return service?.certificate.state === 'parsed'
    ? {
        ...outcome,
        certificates: [
          seen(service.location.certificatePath, service.certificate.leaf, service.matches === true),
        ],
      }
    : outcome;
}

/** What certificate-renew is asked with. */
function renewable(outcome: Outcome, service: Service): Outcome {
  return outcome.status === 'fail' ? { params: { service }, ...outcome } : outcome;
}

/** What lists say of a certificate. `isKeyHere`: its private key was read, and is the certificate's. */
export function seen(path: string, leaf: ParsedCertificate, isKeyHere: boolean): SeenCertificate {
  const { subject, issuer, serial, fingerprint, notBeforeMs, notAfterMs, spkiSha256 } = leaf;
  const key = isKeyHere ? { keySha256: spkiSha256 } : {};
  return { path, subject, issuer, serial, fingerprint, ...key, notBeforeMs, notAfterMs };
}

function judgeTimes(
  service: ServiceCertificate | null,
  name: Service,
  nowMs: number,
  limits: ExpiryLimits,
): Outcome {
  if (!service) return notApplicable(`This node does not run ${NAMES[name]}.`);
  const { location, certificate, served } = service;
  if (location.tls === 'off') return notApplicable(`${NAMES[name]} speaks without TLS.`);
  if (location.isUnnamed)
    return indeterminate(
      `Which certificate ${NAMES[name]} has is not known: ${location.doubt ?? 'its settings name none'}.`,
    );
  if (certificate.state === 'unread')
    return indeterminate(
      `${location.certificatePath}: ${certificate.detail}.${adviceFor(certificate.problem)}`,
    );
  const { leaf } = certificate;
  const time = outOfTime(leaf, nowMs, limits);
  const own: Fault[] = time
    ? [{ file: location.certificatePath, found: `${leaf.subject}: ${time.text}`, time }]
    : [];
  const faults = [...own, ...chainFaults(service, leaf, nowMs, limits)];
  const [first] = faults;
  if (first)
    return fail(
      time
        ? `The certificate of ${NAMES[name]} ${time.text}`
        : `A certificate above that of ${NAMES[name]} is out of its time: ${first.found}`,
      faults.map(({ file, found }) => ({
        at: { file },
        found,
        proposed: 'certificates that are all in their time',
      })),
      worst(faults.map((one) => one.time.severity)) ?? 'high',
    );
  if (service.chain?.state === 'unread')
    return indeterminate(`${location.chainPath ?? ''}: ${service.chain.detail}.`);
  if (served.kind === 'served' && served.fingerprint !== leaf.fingerprint)
    return judgeOtherServed(service, leaf, served.fingerprint, nowMs);
  const days = Math.floor((leaf.notAfterMs - nowMs) / DAY_MS);
  const other = location.otherPlace
    ? ` ${location.otherPlace.certificatePath} exists too; ${NAMES[name]} does not read it.`
    : '';
  return pass(
    `The certificate of ${NAMES[name]} is valid for ${days} more days, ${seenHow(service)}.${other}`,
  );
}

interface Fault {
  readonly file: string;
  readonly found: string;
  readonly time: OutOfTime;
}

/**
 * Certificates above the leaf that are over, or soon will be: clients that check refuse the leaf with them. Of several
 * for one issuer the one that lasts longest counts, as clients look for one that fits; what signed nothing here is
 * nobody's link.
 */
function chainFaults(
  { location, certificate, chain }: ServiceCertificate,
  leaf: ParsedCertificate,
  nowMs: number,
  limits: ExpiryLimits,
): Fault[] {
  const linksIn = (evidence: CertificateEvidence | undefined, file: string, from: number) =>
    evidence?.state === 'parsed' ? evidence.chain.slice(from).map((link) => ({ file, link })) : [];
  const left = new Set([
    ...linksIn(certificate, location.certificatePath, 1),
    ...linksIn(chain, location.chainPath ?? location.certificatePath, 0),
  ]);
  const faults: Fault[] = [];
  for (let issuer = leaf.issuer; ; ) {
    const fitting = [...left].filter(({ link }) => link.subject === issuer);
    const above = fitting.toSorted((a, b) => b.link.notAfterMs - a.link.notAfterMs)[0];
    if (!above) return faults;
    for (const one of fitting) left.delete(one);
    const time = outOfTime(above.link, nowMs, limits);
    if (time) faults.push({ file: above.file, found: `issuer ${above.link.subject}: ${time.text}`, time });
    issuer = above.link.issuer;
  }
}

/** Renewed and not restarted. Once the served one is over, clients see that already. */
function judgeOtherServed(
  { location, servedNotAfterMs }: ServiceCertificate,
  leaf: ParsedCertificate,
  fingerprint: string,
  nowMs: number,
): Outcome {
  const isOver = servedNotAfterMs !== null && servedNotAfterMs < nowMs;
  const ended = isOver ? `, and expired on ${dayOf(servedNotAfterMs)}` : '';
  return fail(
    `${NAMES[location.service]} still serves another certificate than the one on disk${ended}`,
    [
      {
        at: { file: location.certificatePath, object: `port ${location.endpoint.port}` },
        found: `served ${fingerprint.slice(0, 16)}…${ended}; on disk ${leaf.fingerprint.slice(0, 16)}…: renewed but not served`,
        proposed: `restart ${location.service}`,
      },
    ],
    isOver ? 'critical' : 'high',
  );
}

function seenHow({ location, served }: ServiceCertificate): string {
  if (served.kind === 'served') return 'and it is the one that is served';
  if (served.kind === 'forbidden') return `by its file only (${served.detail})`;
  return `by its file only: ${NAMES[location.service]} should answer on port ${location.endpoint.port} and could not be asked (${served.detail})`;
}

interface OutOfTime {
  readonly text: string;
  readonly severity: Severity;
}

/** Null: it is in its time, and for longer than the limits. */
export function outOfTime(leaf: ParsedCertificate, nowMs: number, limits: ExpiryLimits): OutOfTime | null {
  if (leaf.notBeforeMs > nowMs)
    return {
      text: `is not valid before ${dayOf(leaf.notBeforeMs)}; if that is past, this node's clock is wrong`,
      severity: 'high',
    };
  const left = leaf.notAfterMs - nowMs;
  if (left < 0) return { text: `expired on ${dayOf(leaf.notAfterMs)}`, severity: 'critical' };
  if (left < limits.highDays * DAY_MS)
    return { text: `expires on ${dayOf(leaf.notAfterMs)}`, severity: 'high' };
  return left < limits.mediumDays * DAY_MS
    ? { text: `expires on ${dayOf(leaf.notAfterMs)}`, severity: 'medium' }
    : null;
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
