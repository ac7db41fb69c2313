import { createHash } from 'node:crypto';
import { unifiedDiff } from '@castellan/momentum/diff';
import type { Access, PlannedChange } from '@castellan/shared/model/plan';
import type { Facts } from '../../facts/facts.generated.js';
import { type ServiceUser, type Wanted, type Wish, wantedOf } from '../../knowledge/access/wish.js';
import { foreignLink } from '../../knowledge/momentum/managed-paths.js';
import { accessOf, identityOf, isBelow, PathAccess } from '../../knowledge/permissions/path-access.js';
import type { Draft, PlanContext } from '../../units/remediation.js';
import type { FileReplacement } from '../../units/step.js';
import { strictClient } from './client-text.js';

type Files = PlanContext['look']['files'];

/** Of the product's own: the client's folder, and those that lead to it. */
const FOLDER = '/opt/msys/3rdParty/etc/openldap';
const WAYS = ['/opt/msys', '/opt/msys/3rdParty', '/opt/msys/3rdParty/etc'];
const CA_BYTES_MAX = 16 * 1024 * 1024;

/** Null: the certificates by which the directory is checked are there, and the user can read them. */
export function authorityProblem(
  files: Files,
  user: ServiceUser,
  ca: string,
  isFolder: boolean,
): string | null {
  const reach = new PathAccess(files, user).check(ca, isFolder ? 'search' : 'read');
  if (reach.kind === 'unknown')
    return `${ca} cannot be read (${reach.problem}): without it nobody could sign in, so name one that is there: ca=/etc/pki/tls/cert.pem`;
  if (reach.kind === 'denied' && !isOpenable(reach.path))
    return `${reach.path} bars ${user.name} from ${ca}, and is not Momentum's: a person must open it, or name another with ca=`;
  if (isFolder) return null;
  const read = files.read(ca, { bytesMax: CA_BYTES_MAX });
  if (!read.ok) return `${ca} cannot be read (${read.problem})`;
  return /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(read.value.toString('latin1'))
    ? null
    : `${ca} holds no certificate: nobody could sign in by it`;
}

const isOpenable = (path: string): boolean => WAYS.includes(path) || isBelow(path, FOLDER);

/** Readable by all, as the manual has it (chmod a+rx, a+r); a file that holds a password too, for the user's group. */
export function wantedAccess(
  files: Files,
  install: Facts['install'],
  {
    user,
    paths,
    hasPassword,
  }: { readonly user: ServiceUser; readonly paths: readonly string[]; readonly hasPassword: boolean },
): Wanted {
  const access = new PathAccess(files, user);
  const denied = paths.flatMap((path) =>
    access.obstacles(path, 'read').flatMap((one) => (one.kind === 'denied' ? [one] : [])),
  );
  const wishes = denied.map(
    ({ path, isFolder }): Wish => ({
      path,
      user,
      places: [FOLDER, ...WAYS].join(', '),
      isInPlace: isOpenable,
      why: `${user.name} asks the directory, and must be able to ${isFolder ? 'pass through it' : 'read it'}`,
      after: (before) => opened(before, user, isFolder, hasPassword),
    }),
  );
  return wantedOf(files, install, wishes, []);
}

function opened(before: Access, user: ServiceUser, isFolder: boolean, hasPassword: boolean): Access {
  if (isFolder) return { ...before, mode: before.mode | 0o555 };
  if (!hasPassword) return { ...before, mode: before.mode | 0o444 };
  return { uid: before.uid, gid: user.gid, mode: (before.mode & 0o700) | 0o440 };
}

export type ClientEdit =
  | { readonly ok: false; readonly why: string }
  | { readonly ok: true; readonly edit: null }
  | {
      readonly ok: true;
      readonly edit: {
        readonly replacements: readonly FileReplacement[];
        readonly changes: readonly PlannedChange[];
        readonly contents: Draft['contents'];
      };
    };

/** ldap.conf, strict. `access`: what its owner and mode are to be, where that changes too. */
export function clientEdit(files: Files, path: string, ca: string | null, access: Access | null): ClientEdit {
  const read = files.capture(path);
  if (!read.ok && read.problem !== 'missing')
    return { ok: false, why: `${path} cannot be read (${read.problem})` };
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (!read.ok && !files.stat(folder).ok)
    return { ok: false, why: `there is no ${folder}: mkdir -p it first, readable and passable by all` };
  const link = foreignLink(files, path);
  const real = read.ok ? read.value.path : path;
  if (link !== null || !isBelow(real, FOLDER))
    return { ok: false, why: `${path} leads to ${link ?? real}: a person must edit it` };
  if (read.ok && read.value.stat.nlink !== 1)
    return { ok: false, why: `${real} has several names (hard links)` };
  const before = read.ok ? read.value.content.toString('latin1') : '';
  const after = strictClient(before, ca);
  if (after === before) return { ok: true, edit: null };
  const [old, now] = [masked(before), masked(after)];
  return {
    ok: true,
    edit: {
      replacements: [
        {
          path: real,
          beforeSha256: read.ok ? createHash('sha256').update(read.value.content).digest('hex') : null,
          before: read.ok ? identityOf(read.value.stat) : null,
          content: real,
          access:
            access ??
            (read.ok
              ? accessOf(read.value.stat)
              : { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0, mode: 0o644 }),
        },
      ],
      changes: [
        {
          kind: 'file',
          target: real,
          summary: "the directory's certificate is demanded",
          before: createHash('sha256').update(old).digest('hex'),
          after: createHash('sha256').update(now).digest('hex'),
          diff: unifiedDiff(real, old, now),
        },
      ],
      contents: { [real]: () => Buffer.from(after, 'latin1') },
    },
  };
}

/** Sites have one file for all: nss_ldap and pam_ldap keep their password in a file of this form. */
const PASSWORD = /^([ \t]*\w*(?:pw|passwd|password|secret)[ \t]+)\S.*$/gim;

export function masked(text: string): string {
  return text.replace(PASSWORD, '$1********');
}
