import type { Facts } from '../../facts/facts.generated.js';
import { dkimAccess } from '../../knowledge/certificates/dkim-access.js';
import { describeHolders, type Expected, expectedOf } from '../../knowledge/permissions/holders.js';
import { describeAccess } from '../../knowledge/permissions/path-access.js';
import {
  defineControl,
  fail,
  indeterminate,
  judgement,
  notApplicable,
  type Outcome,
  pass,
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type DkimKey = Facts['dkimKeys']['keys'][number];
/** What mends owners and modes; a short key takes a new one. */
const ACCESS = 'dkim-key-permissions';

interface Limits {
  readonly rsaBits: number;
  readonly rsaBitsLeast: number;
}

export default defineControl({
  id: 'MOM-DKIM-001',
  slug: 'dkim-keys',
  title: 'DKIM key hygiene',
  severity: 'medium',
  otherSeverities: ['low'],
  subject: 'dkim',
  reads: ['dkimKeys', 'momentumConfig', 'install'],
  sources: [
    manual3('modules.opendkim'),
    manual3('modules.dkim'),
    { cite: 'RFC 8301', url: 'https://www.rfc-editor.org/rfc/rfc8301' },
  ],
  remediation: null,
  otherRemediations: [ACCESS],
  params: {
    rsaBits: { default: 2048, unit: 'bits', text: 'RSA keys with fewer fail, low' },
    rsaBitsLeast: {
      default: 1024,
      unit: 'bits',
      text: 'RSA keys with fewer fail: receivers do not take them',
    },
  },

  evaluate({ facts: { dkimKeys, momentumConfig, install }, params }) {
    const { keys, sha1 } = dkimKeys;
    const { runUser } = momentumConfig;
    const expected = expectedOf(install.serviceUser, runUser.principal);
    const judged = keys.map((key) =>
      judgement(key.path, judge(key, expected, install, runUser.name, params)),
    );
    if (sha1.length > 0)
      judged.push(
        judgement(
          'digest',
          fail(
            'Mail is signed with rsa-sha1, which receivers must not take (RFC 8301).',
            sha1.map((at) => ({ at, found: 'digest = rsa-sha1', proposed: 'digest = "rsa-sha256"' })),
            'low',
          ),
        ),
      );
    return judged.length > 0 ? judged : notApplicable('No key of opendkim or dkim_sign is named.');
  },
});

function judge(
  found: DkimKey,
  expected: Expected,
  names: Facts['install'],
  user: string,
  limits: Limits,
): Outcome {
  const { path, at, isMissing, key, access, acl, reach } = found;
  const { denied, others } = dkimAccess(found, expected);
  const faults: Violation[] = [];
  const add = (what: string, proposed: string, file = path) =>
    faults.push({ at: { file }, found: what, proposed });
  if (isMissing) add(`there is no such file (named in ${at.file}:${at.line})`, 'an RSA key in PEM form');
  else if (key.state === 'encrypted') add('the key is encrypted', 'a key without a pass phrase');
  else if (key.state === 'unread' && !['denied', 'failed', 'too-large', 'unclear'].includes(key.problem))
    add(`no usable key: ${key.detail}`, 'an RSA key in PEM form');
  if (denied)
    add(
      `${describeAccess(denied.access, names)}: ${user} cannot read ${path}`,
      `readable by ${user}`,
      denied.path,
    );
  if (access && others.length > 0)
    add(describeHolders(access, 'readable', others, names), `root:${user} 0640`);
  const bits = key.state === 'parsed' && /^rsa/.test(key.keyType) ? key.keyBits : null;
  const isShort = bits !== null && bits < limits.rsaBits;
  if (isShort) add(`its RSA key has ${bits} bits`, `${limits.rsaBits} bits, with a new selector`);
  const [first] = faults;
  if (first) {
    const isMild = isShort && faults.length === 1 && bits >= limits.rsaBitsLeast;
    return {
      ...fail(`${path}: ${first.found}.`, faults, isMild ? 'low' : 'medium'),
      ...(denied || others.length > 0 ? { remediation: ACCESS } : {}),
    };
  }
  if (acl === 'unread') return indeterminate(`The access list of ${path} could not be read. Run as root.`);
  if (key.state === 'unread') return indeterminate(`${path}: ${key.detail}. Run as root.`);
  if (reach === null) return indeterminate(`There is no user ${user} in etc/passwd, as whom Momentum runs.`);
  return reach.kind === 'unknown'
    ? indeterminate(`Whether ${user} can read ${path} is not known (${reach.problem}).`)
    : pass(`${path} is strong enough, and for ${user} only.`);
}
