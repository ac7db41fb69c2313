import type { Facts } from '../../facts/facts.generated.js';
import {
  EXPIRY_PARAMS,
  type ExpiryLimits,
  outOfTime,
  seen,
} from '../../knowledge/certificates/judge-pair.js';
import { describeAccess } from '../../knowledge/permissions/path-access.js';
import { withServed } from '../../knowledge/tls/with-served.js';
import {
  defineControl,
  fail,
  indeterminate,
  type Judgement,
  judgement,
  notApplicable,
  type Outcome,
  pass,
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { certificateServed } from './served.js';

type Fact = Facts['mtaCertificates'];
type Pair = Fact['pairs'][number];
type Authorities = Fact['authorities'][number];
type Reach = NonNullable<Authorities['reach']>;
type Names = Facts['install'];

/** Nothing is known of the file but that it could not be inspected, or that OpenSSL may take it or not. */
const UNSEEN = ['denied', 'failed', 'too-large', 'unclear'];

export default defineControl({
  id: 'MOM-CRT-007',
  slug: 'mta-certificates',
  title: 'MTA cert/key files in every scope valid',
  severity: 'high',
  otherSeverities: ['medium'],
  subject: 'certificates of the MTA',
  reads: ['mtaCertificates', 'momentumConfig', 'install', 'servedTls'],
  sources: [manual3('conf.ref.tls_certificate'), manual3('conf.ref.tls_key'), manual3('conf.ref.tls_ca')],
  remediation: null,
  otherRemediations: ['config-reload'],
  params: EXPIRY_PARAMS,

  evaluate({ facts: { mtaCertificates, momentumConfig, install, servedTls }, params, nowMs }) {
    const { pairs, authorities, unresolved } = mtaCertificates;
    const { name } = momentumConfig.runUser;
    const judged: Judgement[] = [
      ...pairs.map((pair) =>
        judgement(subjectOf(pair), { ...judgePair(pair, install, name, nowMs, params), ...seenOf(pair) }),
      ),
      ...authorities.map((one) => judgement(one.path, judgeAuthorities(one, install, name))),
      ...unresolved.map(({ path, problem }) =>
        judgement(
          path,
          indeterminate(
            problem === 'macro'
              ? `${path} is another file for each connection.`
              : `${path} is not an absolute path, and the manual does not say in which folder it is looked for.`,
          ),
        ),
      ),
    ];
    const disk =
      judged.length > 0
        ? merged(judged)
        : notApplicable('The configuration names no certificate for the MTA.');
    return withServed(disk, {
      servedTls,
      control: this.id,
      whole: this.subject,
      says: (served, listener) => certificateServed(served, listener, { pairs, nowMs, params }),
    });
  },
});

/** A file can be named as a certificate and as an authority: the worse answer is the subject's. */
function merged(judged: readonly Judgement[]): Judgement[] {
  const rank = ['fail', 'indeterminate', 'pass', 'not-applicable'];
  const all = new Map<string, Judgement>();
  for (const one of judged) {
    const before = all.get(one.subject);
    if (!before || rank.indexOf(one.status) < rank.indexOf(before.status)) all.set(one.subject, one);
  }
  return [...all.values()];
}

function seenOf({ certificatePath, certificate, matches }: Pair): Pick<Outcome, 'certificates'> {
  return certificate.state === 'parsed'
    ? { certificates: [seen(certificatePath, certificate.leaf, matches === true)] }
    : {};
}

function subjectOf({ certificatePath, keyPath }: Pair): string {
  return certificatePath === keyPath ? certificatePath : `${certificatePath} with ${keyPath}`;
}

function judgePair(pair: Pair, names: Names, user: string, nowMs: number, limits: ExpiryLimits): Outcome {
  const { certificatePath, keyPath, certificate, key, matches, at, reach } = pair;
  const faults: Violation[] = [
    ...fileFaults(certificatePath, 'certificate', certificate),
    ...fileFaults(keyPath, 'key', key),
    ...(reach ? denied(reach.certificate, certificatePath, names, user) : []),
    ...(reach && keyPath !== certificatePath ? denied(reach.key, keyPath, names, user) : []),
  ];
  if (matches === false)
    faults.push({
      at: { file: certificatePath },
      found: `certificate and key do not match (key: ${keyPath})`,
      proposed: 'a key and a certificate that belong together',
    });
  const time = certificate.state === 'parsed' ? outOfTime(certificate.leaf, nowMs, limits) : null;
  if (time)
    faults.push({
      at: { file: certificatePath },
      found: `${certificate.state === 'parsed' ? certificate.leaf.subject : ''}: ${time.text}`,
      proposed: 'a certificate that is in its time',
    });
  const where = at.file === undefined ? (at.scope ?? '') : `${at.file}:${at.line}`;
  if (faults.length > 0)
    return fail(
      `The certificate that ${where} names does not serve: ${faults[0]?.found ?? ''}`,
      faults,
      faults.length === 1 && time?.severity === 'medium' ? 'medium' : 'high',
    );
  const unseen = [certificate, key].find((one) => one.state === 'unread');
  if (unseen?.state === 'unread')
    return indeterminate(`${subjectOf(pair)} (${where}): ${unseen.detail}. Run as root.`);
  if (key.state === 'encrypted')
    return indeterminate(`Whether ${keyPath} opens is not known: ${key.detail}.`);
  const unknown = unknownReach(reach ? [reach.certificate, reach.key] : null, user);
  return unknown ?? pass(`${certificatePath} is in its time, and its key belongs to it.`);
}

function unknownReach(all: readonly Reach[] | null, user: string): Outcome | null {
  if (all === null)
    return indeterminate(`Whether ${user} can read it is not known: etc/passwd has no such user.`);
  const unknown = all.find(({ kind }) => kind === 'unknown');
  return unknown?.kind === 'unknown'
    ? indeterminate(`Whether ${user} can read it is not known (${unknown.problem}).`)
    : null;
}

function fileFaults(path: string, what: string, evidence: Pair['certificate'] | Pair['key']): Violation[] {
  if (evidence.state !== 'unread' || UNSEEN.includes(evidence.problem)) return [];
  return [
    { at: { file: path }, found: `no usable ${what}: ${evidence.detail}`, proposed: `a ${what} in PEM form` },
  ];
}

function denied(reach: Reach, path: string, names: Names, user: string): Violation[] {
  if (reach.kind !== 'denied') return [];
  return [
    {
      at: { file: reach.path },
      found: `${describeAccess(reach.access, names)}: ${user} cannot read ${path}`,
      proposed: `readable by ${user} by its group`,
    },
  ];
}

function judgeAuthorities(
  { path, option, at, state, detail, reach }: Authorities,
  names: Names,
  user: string,
): Outcome {
  const where = at.file === undefined ? (at.scope ?? '') : `${at.file}:${at.line}`;
  const faults = reach ? denied(reach, path, names, user) : [];
  if (state === 'missing' || state === 'unusable')
    faults.unshift({
      at: { file: path },
      found: state === 'missing' ? 'there is no such file' : `no usable authorities: ${detail}`,
      proposed: 'certificates of authorities in PEM form',
    });
  if (faults.length > 0)
    return fail(
      `${option} at ${where} names authorities that do not serve: ${faults[0]?.found ?? ''}`,
      faults,
    );
  if (state === 'unread') return indeterminate(`${path} could not be read: ${detail}.`);
  return unknownReach(reach ? [reach] : null, user) ?? pass(`${path} holds authorities that can be read.`);
}
