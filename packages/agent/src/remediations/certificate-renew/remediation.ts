import { isWeaker, KEY_TYPES, type KeyType, keptType } from '../../knowledge/certificates/new-key.js';
import { pemBlocks } from '../../knowledge/certificates/pem-blocks.js';
import { HANDSHAKES, notServed } from '../../knowledge/certificates/served.js';
import { refused } from '../../knowledge/eccfg/plan-edit.js';
import { recheckAll } from '../../units/recheck.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import { notBefore, readAttempts } from './attempts.js';
import { chosenPair, type ServiceCertificate, servicesOf } from './chosen.js';
import { draftOf } from './draft.js';
import type { CertificateWanted, Issuer, IssuerLook } from './issuers/issuer.js';
import { issuers } from './issuers.generated.js';
import { listenerOf, type Taker, takersOf } from './shown.js';

type Reads = 'serviceCertificates' | 'install';

const CONTROLS = {
  ecconfigd: ['MOM-CRT-006'],
  ecwebui: ['MOM-CRT-003', 'MOM-CRT-004'],
  msyspg: ['MOM-CRT-001', 'MOM-CRT-002'],
} as const;
const DAY_MS = 86_400_000;
/** Longer to live than this is not renewed: the controls complain of nothing then. */
const FRESH_DAYS = 30;
/** A day less than the 398 after which browsers refuse a certificate, whoever signed it. */
const DAYS_MAX = 397;
const OLD_BYTES_MAX = 1024 * 1024;
/** Those that are asked for without being named, in this order, when somebody issued the old one: after whoever did. */
const OUTSIDE = ['acme', 'command'];

export default defineRemediation<Reads>({
  slug: 'certificate-renew',
  title: 'Renew the certificate of a service of Momentum',
  fixes: Object.values(CONTROLS).flat(),
  risk: 'Unless its init script knows how to reload it, the service is restarted: connections to it are cut for some seconds. Whoever pinned the old certificate must be given the new one.',
  reads: ['serviceCertificates', 'install'],
  params: {
    service: {
      kind: 'text',
      required: true,
      oneOf: ['ecconfigd', 'ecwebui', 'msyspg'],
      text: 'whose certificate',
    },
    certificate: {
      kind: 'text',
      required: false,
      text: "path of the certificate's file, where the service has several pairs",
    },
    issuer: {
      kind: 'text',
      required: false,
      default: 'auto',
      oneOf: ['auto', ...issuers.map(({ name }) => name)],
      text: `who makes it; auto: self-signed in the place of a self-signed one, server in the place of one of the server's, else the first of ${OUTSIDE.join(', ')} that the agent's settings name. ${issuers.map(({ name, text }) => `${name}: ${text}`).join('; ')}`,
    },
    keyType: {
      kind: 'text',
      required: false,
      default: 'keep',
      oneOf: ['keep', 'rsa2048', 'rsa3072', 'ecdsa-p256'],
      text: 'kind of the new key; keep: that of the old one',
    },
    days: {
      kind: 'number',
      required: false,
      default: '365',
      text: 'how long a self-signed one, or one that the server signs, is valid, in days; the server may give fewer',
    },
    now: {
      kind: 'boolean',
      required: false,
      default: 'false',
      text: 'ask an issuer outside of this node although it is to be left alone for a while after failures',
    },
  },
  timeoutMs: 300_000,
  datesByClock: true,
  plan,
  verify,
});

async function plan(context: PlanContext<Reads>): Promise<Planned> {
  const { params, facts, look } = context;
  const days = Number(params.text('days'));
  if (days < 1 || days > DAYS_MAX)
    return { kind: 'refused', code: 'CAS_PARAM_INVALID', why: `days must be from 1 to ${DAYS_MAX}` };
  const { services } = facts.serviceCertificates;
  const chosen = chosenPair(services, params.text('service'), params.text('certificate'));
  if (!chosen.ok) return refused(chosen.why);
  const [pair] = chosen.pairs;
  const unclear = unclearness(context, chosen.pairs);
  if (unclear !== null) return refused(unclear);
  const owner = pair.location.owner === 'msyspg' ? facts.install.databaseUser : facts.install.serviceUser;
  if (!owner) return refused(`there is no user ${pair.location.owner} in etc/passwd to give the key to`);
  const taken = await takersOf(look, chosen.pairs, services);
  if (!taken.ok) return refused(taken.why);
  const wanted = wantedOf(context, chosen.pairs, days);
  if (typeof wanted === 'string') return refused(wanted);
  const found = issuerFor(context, pair, wanted);
  if (typeof found === 'string') return refused(found);
  const fresh = freshUntil(pair, taken.takers, look.clock.now());
  if (fresh !== null && !(await isDue(context, found, wanted))) return { kind: 'nothing', why: fresh };
  const waiting = found.isOutside && params.text('now') !== 'true' ? waitingFor(context, found, pair) : null;
  if (waiting !== null) return refused(waiting);
  const drafted = draftOf(context, {
    pair,
    takers: taken.takers,
    issuer: found,
    wanted,
    owner,
    controls: servicesOf(chosen.pairs).flatMap((service) => CONTROLS[service]),
  });
  return drafted.ok ? { kind: 'draft', draft: drafted.draft } : refused(drafted.why);
}

/** Why it is not certain enough which files are read, and by whom; null: it is. */
function unclearness({ facts }: PlanContext<Reads>, pairs: readonly ServiceCertificate[]): string | null {
  for (const { location } of pairs) {
    const { service, doubt, isUnnamed, tls, decidedBy } = location;
    const unknown = facts.serviceCertificates.unknowns.find((one) => one.service === service);
    if (unknown)
      return `${unknown.at.file ?? service} could not be understood as a whole (${unknown.why}): which pairs ${service} has is not known`;
    if (doubt !== undefined) return `which pair ${service} reads is not known: ${doubt}`;
    if (isUnnamed) return `${decidedBy.file} names no certificate for ${service}`;
    if (tls === 'off')
      return `${decidedBy.file} switches TLS off for ${service}: a certificate would not be used`;
  }
  return null;
}

/** A text: why nothing can be asked for. */
function wantedOf(
  { params, look }: PlanContext<Reads>,
  pairs: readonly [ServiceCertificate, ...ServiceCertificate[]],
  days: number,
): CertificateWanted | string {
  const [{ location, certificate, key }] = pairs;
  const old = certificate.state === 'parsed' ? certificate.leaf : null;
  const kept = keptType(key);
  const asked = KEY_TYPES.find((one) => one === params.text('keyType')) ?? null;
  const keyType: KeyType | null = asked ?? kept;
  if (keyType === null)
    return `the key in ${location.keyPath} is of a kind that is not made here: say which with keyType`;
  if (key.state === 'parsed' && kept !== null && isWeaker(keyType, kept))
    return `a key of ${keyType} would be weaker than the one that is there (${kept})`;
  const hosts = pairs.map((one) => `DNS:${one.location.hostname}`);
  const read = look.files.read(location.certificatePath, { bytesMax: OLD_BYTES_MAX });
  const [oldPem] = read.ok ? pemBlocks(read.value.toString('latin1'), 'CERTIFICATE') : [];
  return {
    service: location.service,
    hostname: location.hostname,
    commonName: old?.commonName ?? location.hostname,
    altNames: [...new Set([...(old?.subjectAltNames ?? []), ...hosts])].filter((name) =>
      /^(DNS|IP):/.test(name),
    ),
    days,
    keyType,
    oldPem: old === null ? null : (oldPem?.text ?? null),
    certificatePath: location.certificatePath,
  };
}

/** A text: why there is none. */
function issuerFor(
  context: PlanContext<Reads>,
  { location, certificate }: ServiceCertificate,
  wanted: CertificateWanted,
): Issuer | string {
  const asked = context.params.text('issuer') ?? 'auto';
  const isIssued = certificate.state === 'parsed' && !certificate.leaf.isSelfSigned;
  const by = isIssued ? `${location.certificatePath} was issued by ${certificate.leaf.issuer}` : '';
  const before = isIssued && wanted.oldPem !== null ? issuedBefore(wanted.oldPem, context) : [];
  const names = asked !== 'auto' ? [asked] : isIssued ? [...before, ...OUTSIDE] : ['self-signed'];
  const said: string[] = [];
  for (const name of names) {
    const issuer = issuers.find((one) => one.name === name);
    if (!issuer) continue;
    if (isIssued && issuer.isSelfSigned)
      return `${by}: ask there for a new one, or with issuer=${[...OUTSIDE, 'server'].join(' or ')}. A self-signed certificate in its place would be a step back`;
    const blocker = issuer.blocker(wanted, lookOf(context));
    if (blocker === null) return issuer;
    said.push(`${name}: ${blocker}`);
  }
  return isIssued && asked === 'auto'
    ? `${by}: ask there for a new one. No issuer is set up here (${said.join('; ')}), and a self-signed certificate in its place would be a step back`
    : said.join('; ');
}

/** Who is known to have issued the old one. */
function issuedBefore(oldPem: string, { issuing }: PlanContext<Reads>): string[] {
  return issuers.filter((one) => one.hasIssued?.(oldPem, issuing)).map(({ name }) => name);
}

function lookOf({ look, issuing }: PlanContext<Reads>): IssuerLook {
  return { files: look.files, clock: look.clock, issuing };
}

async function isDue(
  context: PlanContext<Reads>,
  issuer: Issuer,
  wanted: CertificateWanted,
): Promise<boolean> {
  const { acme } = context;
  return acme !== undefined && ((await issuer.isDue?.(wanted, lookOf(context), { acme })) ?? false);
}

function waitingFor(
  { state, look }: PlanContext<Reads>,
  { name }: Issuer,
  { location }: ServiceCertificate,
): string | null {
  const attempts = readAttempts(state, name);
  const until = notBefore(attempts, location.certificatePath, look.clock.now());
  if (until === null) return null;
  return `${name} did not issue ${attempts.failures} times in a row, and is left alone until ${new Date(until).toISOString()}; now=true asks all the same`;
}

/** Why nothing is to be done: the pair is good for long, and is what is served, or what a service that is down would serve. */
function freshUntil(
  { location, certificate, matches }: ServiceCertificate,
  takers: readonly Taker[],
  nowMs: number,
): string | null {
  if (certificate.state !== 'parsed' || matches !== true) return null;
  const { leaf } = certificate;
  const isFresh = leaf.notBeforeMs <= nowMs && leaf.notAfterMs - nowMs > FRESH_DAYS * DAY_MS;
  if (!isFresh || takers.some(({ shows }) => shows !== null && shows !== leaf.fingerprint)) return null;
  const until = new Date(leaf.notAfterMs).toISOString();
  const down = takers.filter(({ shows }) => shows === null).map(({ service }) => service);
  return down.length === 0
    ? `the certificate of ${location.service} is valid until ${until}, is of its key, and is what is served`
    : `the certificate of ${location.service} is valid until ${until} and is of its key: ${down.join(' and ')} is down for another reason`;
}

async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const { params, facts } = context;
  const { services } = facts.serviceCertificates;
  const chosen = chosenPair(services, params.text('service'), params.text('certificate'));
  if (!chosen.ok) return { ok: false, why: `the service is not seen on this node any more: ${chosen.why}` };
  const wanted = context.madeFingerprint('certificate');
  const listeners = new Map(
    chosen.pairs.map((pair) => {
      const listener = listenerOf(pair, services);
      return [JSON.stringify(listener), listener];
    }),
  );
  for (const listener of listeners.values()) {
    const at = `${listener.endpoint.host}:${listener.endpoint.port}`;
    const fingerprints = wanted === null ? [] : [wanted];
    const seen = await notServed(context.look, { ...listener, fingerprints });
    if (seen !== null)
      return { ok: false, why: `${at} does not serve the new certificate; it answered with ${seen}` };
    context.note(`${at} serves the new certificate, ${HANDSHAKES} times in a row`);
  }
  return recheckAll(
    context,
    servicesOf(chosen.pairs).flatMap((service) => CONTROLS[service]),
    isOfPair(chosen.pairs, services),
  );
}

/** Subjects are cut where they are too long. */
const NAME_LENGTH = 400;

/** Another pair of the service may be as bad as ever: only this one was renewed. */
function isOfPair(
  pairs: readonly ServiceCertificate[],
  all: readonly ServiceCertificate[],
): (subject: string) => boolean {
  const names = pairs.map(({ location }) => location.name);
  const isOnly =
    all.filter(({ location }) => location.service === pairs[0]?.location.service).length === pairs.length;
  return (subject) =>
    isOnly || names.some((name) => name !== undefined && subject.includes(name.slice(0, NAME_LENGTH)));
}
