import type { Access } from '@castellan/shared/model/plan';
import type { Facts } from '../../facts/facts.generated.js';
import { selfSigned } from '../../knowledge/certificates/self-signed.js';
import { HANDSHAKES, notServed } from '../../knowledge/certificates/served.js';
import { serviceCommand } from '../../knowledge/momentum/programs.js';
import { grants } from '../../knowledge/permissions/path-access.js';
import { recheckAll } from '../../units/recheck.js';
import {
  defineRemediation,
  type PlanContext,
  type Planned,
  type Verified,
  type VerifyContext,
} from '../../units/remediation.js';
import type { FileReplacement } from '../../units/step.js';
import { fileBefore } from './file-before.js';

type ServiceCertificate = Facts['serviceCertificates']['services'][number];
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
const KEY_MODE_MAX = 0o640;
const CERTIFICATE_MODE_MAX = 0o644;

export default defineRemediation<Reads>({
  slug: 'certificate-renew',
  title: 'Renew the self-signed certificate of a service of Momentum',
  fixes: Object.values(CONTROLS).flat(),
  risk: 'The service is restarted: connections to it are cut for some seconds. Whoever pinned the old certificate must be given the new one.',
  reads: ['serviceCertificates', 'install'],
  params: {
    service: {
      kind: 'text',
      required: true,
      oneOf: ['ecconfigd', 'ecwebui', 'msyspg'],
      text: 'whose certificate',
    },
    days: { kind: 'number', required: false, default: '365', text: 'how long the new one is valid, in days' },
  },
  timeoutMs: 300_000,
  datesByClock: true,
  plan,
  verify,
});

function plan(context: PlanContext<Reads>): Planned {
  const service = context.params.text('service');
  const days = Number(context.params.text('days'));
  if (days < 1 || days > DAYS_MAX)
    return { kind: 'refused', code: 'CAS_PARAM_INVALID', why: `days must be from 1 to ${DAYS_MAX}` };
  const several = context.facts.serviceCertificates.services.filter(
    ({ location }) => location.service === service,
  );
  const [found] = several;
  if (!found) return refused(`this node has no ${service}`);
  if (several.length > 1)
    return refused(
      `${service} has ${several.length} key pairs (${several.map(({ location }) => location.certificatePath).join(', ')}), and which one is meant cannot be told: a person must renew it`,
    );
  const doubt = context.facts.serviceCertificates.unknowns.find((one) => one.service === service);
  if (doubt)
    return refused(
      `${doubt.at.file ?? service} could not be understood as a whole (${doubt.why}): which pairs ${service} has is not known`,
    );
  const { location, certificate, served } = found;
  if (location.doubt !== undefined)
    return refused(`which pair ${location.service} reads is not known: ${location.doubt}`);
  if (location.isUnnamed)
    return refused(`${location.decidedBy.file} names no certificate for ${location.service}`);
  if (location.tls === 'off')
    return refused(
      `${location.decidedBy.file} switches TLS off for ${location.service}: a certificate would not be used`,
    );
  if (served.kind !== 'served') {
    return refused(
      `${location.endpoint.host}:${location.endpoint.port} does not answer with a certificate (${served.kind}: ${served.detail}), so nobody could tell whether the new one is served. Start ${location.service}, or let listeners be inspected`,
    );
  }
  if (certificate.state === 'parsed' && !certificate.leaf.isSelfSigned) {
    return refused(
      `${location.certificatePath} was issued by ${certificate.leaf.issuer}: ask there for a new one. A self-signed certificate in its place would be a step back`,
    );
  }
  const fresh = freshUntil(found, context.look.clock.now());
  if (fresh !== null)
    return {
      kind: 'nothing',
      why: `the certificate of ${location.service} is valid until ${fresh}, is of its key, and is what is served`,
    };
  const endsMs = context.look.clock.now() + days * DAY_MS;
  if (certificate.state === 'parsed' && certificate.leaf.notAfterMs >= endsMs) {
    return {
      kind: 'refused',
      code: 'CAS_PARAM_INVALID',
      why: `in ${days} days the new certificate would end before the one that is there (${new Date(certificate.leaf.notAfterMs).toISOString()})`,
    };
  }
  return draftOf(context, found, days);
}

function refused(why: string): Planned {
  return { kind: 'refused', code: 'CAS_PLAN_REFUSED', why };
}

function freshUntil({ certificate, matches, served }: ServiceCertificate, nowMs: number): string | null {
  if (certificate.state !== 'parsed' || matches !== true || served.kind !== 'served') return null;
  const { leaf } = certificate;
  const isFresh = leaf.notBeforeMs <= nowMs && leaf.notAfterMs - nowMs > FRESH_DAYS * DAY_MS;
  return isFresh && served.fingerprint === leaf.fingerprint ? new Date(leaf.notAfterMs).toISOString() : null;
}

function draftOf(context: PlanContext<Reads>, found: ServiceCertificate, days: number): Planned {
  const { location, certificate, key } = found;
  const owner =
    location.owner === 'msyspg' ? context.facts.install.databaseUser : context.facts.install.serviceUser;
  if (!owner) return refused(`there is no user ${location.owner} in etc/passwd to give the key to`);
  const old = certificate.state === 'parsed' ? certificate.leaf : null;
  const commonName = old?.commonName ?? location.hostname;
  const altNames = [...new Set([...(old?.subjectAltNames ?? []), `DNS:${location.hostname}`])].filter(
    (name) => /^(DNS|IP):/.test(name),
  );
  const { clock, files } = context.look;
  const owned = { name: location.owner, uid: owner.uid };
  const keyFile = fileBefore(files, { path: location.keyPath, owner: owned, what: 'key' });
  const certificateFile = fileBefore(files, {
    path: location.certificatePath,
    owner: owned,
    what: 'certificate',
  });
  if (!keyFile.ok) return refused(keyFile.why);
  if (!certificateFile.ok) return refused(certificateFile.why);
  if (keyFile.path === certificateFile.path)
    return refused(
      `${keyFile.path} holds both the key and the certificate, which create_ssl_cert does not do: a person must renew it`,
    );
  const narrowed = (stat: Access | null, mode: number): Access =>
    stat ? { ...stat, mode: stat.mode & mode } : { uid: owner.uid, gid: owner.gid, mode };
  const keyAccess = readableKey(location.owner, owner, narrowed(keyFile.access, KEY_MODE_MAX));
  const replacements: FileReplacement[] = [
    {
      path: keyFile.path,
      beforeSha256: keyFile.sha256,
      before: keyFile.identity,
      content: 'key',
      access: keyAccess,
    },
    {
      path: certificateFile.path,
      beforeSha256: certificateFile.sha256,
      before: certificateFile.identity,
      content: 'certificate',
      access: narrowed(certificateFile.access, CERTIFICATE_MODE_MAX),
    },
  ];
  let made: ReturnType<typeof selfSigned> | null = null;
  const pair = () => {
    made ??= selfSigned({ commonName, altNames, nowMs: clock.now(), days });
    return made;
  };
  const restart = serviceCommand(location.service, 'restart');
  return {
    kind: 'draft',
    draft: {
      steps: [
        // The old key is a secret: its copy does not outlive the run.
        { kind: 'replace-files', id: 'key and certificate', files: replacements, secretBackup: true },
        {
          kind: 'service',
          id: `restart ${location.service}`,
          service: location.service,
          action: 'restart',
          // A service that was not restarted since its file changed shows the file's when it is put back.
          servedBefore: {
            endpoint: location.endpoint,
            servername: location.hostname,
            fingerprints: [
              ...new Set([
                ...(found.served.kind === 'served' ? [found.served.fingerprint] : []),
                ...(old ? [old.fingerprint] : []),
              ]),
            ],
          },
        },
      ],
      changes: [
        {
          kind: 'file',
          target: keyFile.path,
          summary: 'a new RSA 2048 key, made on this node',
          before: key.state === 'parsed' ? key.spkiSha256 : null,
          after: null,
        },
        {
          kind: 'certificate',
          target: certificateFile.path,
          summary: `a new self-signed certificate for ${commonName} (${altNames.join(', ')}), valid for ${days} days`,
          before: old?.fingerprint ?? null,
          after: null,
        },
        {
          kind: 'service',
          target: location.service,
          summary: `${restart.program} ${restart.argv.join(' ')}`,
          before: null,
          after: null,
        },
      ],
      effects: [`${location.service} is restarted`],
      verification: [
        `${HANDSHAKES} handshakes in a row with ${location.endpoint.host}:${location.endpoint.port} show the new certificate`,
        `${CONTROLS[location.service].join(' and ')} ${CONTROLS[location.service].length > 1 ? 'pass' : 'passes'}`,
      ],
      notes: location.otherPlace
        ? [
            `${location.otherPlace.certificatePath} exists too and is left alone: the service does not read it`,
          ]
        : [],
      contents: {
        key: async () => Buffer.from((await pair()).keyPem),
        certificate: async () => Buffer.from((await pair()).certificatePem),
      },
    },
  };
}

/**
 * PostgreSQL reads its key as its own user, and does not start when the group can read a key of that user. The Apaches
 * read theirs as root, before they give root up.
 */
function readableKey(
  locationOwner: 'ecuser' | 'msyspg',
  owner: NonNullable<Facts['install']['serviceUser']>,
  access: Access,
): Access {
  if (locationOwner !== 'msyspg') return access;
  if (access.uid !== owner.uid && grants(access, owner, 'read')) return access;
  return { uid: owner.uid, gid: owner.gid, mode: 0o600 };
}

async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const found = context.facts.serviceCertificates.services.find(
    ({ location }) => location.service === context.params.text('service'),
  );
  if (!found) return { ok: false, why: 'the service is not seen on this node any more' };
  const { endpoint, hostname, service } = found.location;
  const at = `${endpoint.host}:${endpoint.port}`;
  const wanted = context.madeFingerprint('certificate');
  const seen = await notServed(context.look, {
    endpoint,
    servername: hostname,
    fingerprints: wanted === null ? [] : [wanted],
  });
  if (seen !== null)
    return { ok: false, why: `${at} does not serve the new certificate; it answered with ${seen}` };
  context.note(`${at} serves the new certificate, ${HANDSHAKES} times in a row`);
  return recheckAll(context, CONTROLS[service]);
}
