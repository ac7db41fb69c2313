import type { Access } from '@castellan/shared/model/plan';
import type { KeyPairLocation } from '../../facts/parts/key-pair-location.js';
import type { FileReader } from '../../ports/files.js';
import type { FileReplacement } from '../../units/step.js';
import { grants } from '../permissions/path-access.js';
import { type FileBefore, fileBefore } from './file-before.js';

const KEY_MODE_MAX = 0o640;
const CERTIFICATE_MODE_MAX = 0o644;

export interface PairOwner {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

export type PairFiles =
  | { readonly ok: true; readonly files: readonly FileReplacement[]; readonly isCombined: boolean }
  | { readonly ok: false; readonly why: string };

/**
 * What a new pair replaces: contents `key` and `certificate`, or `certificate` alone where one file holds both, and
 * `chain` if it is asked for and has a file. Owners are kept, and modes that are not wider than they may be.
 */
export function pairFiles(
  files: FileReader,
  location: KeyPairLocation,
  owner: PairOwner,
  withChain: boolean,
): PairFiles {
  const owned = { name: location.owner, uid: owner.uid };
  const place = (path: string, what: 'key' | 'certificate') =>
    fileBefore(files, { path, owner: owned, what });
  const key = place(location.keyPath, 'key');
  const certificate = place(location.certificatePath, 'certificate');
  const chain =
    location.chainPath === undefined || !withChain ? null : place(location.chainPath, 'certificate');
  if (!key.ok) return key;
  if (!certificate.ok) return certificate;
  if (chain !== null && !chain.ok) return chain;
  const narrowed = (access: Access | null, mode: number): Access =>
    access ? { ...access, mode: access.mode & mode } : { uid: owner.uid, gid: owner.gid, mode };
  const keyAccess = readableKey(location.owner, owner, narrowed(key.access, KEY_MODE_MAX));
  if (key.path === certificate.path)
    return { ok: true, isCombined: true, files: [replacement(key, 'certificate', keyAccess)] };
  return {
    ok: true,
    isCombined: false,
    files: [
      replacement(key, 'key', keyAccess),
      replacement(certificate, 'certificate', narrowed(certificate.access, CERTIFICATE_MODE_MAX)),
      ...(chain === null ? [] : [replacement(chain, 'chain', narrowed(chain.access, CERTIFICATE_MODE_MAX))]),
    ],
  };
}

function replacement(
  { path, sha256, identity }: Extract<FileBefore, { ok: true }>,
  content: string,
  access: Access,
): FileReplacement {
  return { path, beforeSha256: sha256, before: identity, content, access };
}

/**
 * PostgreSQL reads its key as its own user, and does not start when the group can read a key of that user. The Apaches
 * read theirs as root, before they give root up.
 */
function readableKey(user: KeyPairLocation['owner'], owner: PairOwner, access: Access): Access {
  if (user !== 'msyspg') return access;
  if (access.uid !== owner.uid && grants(access, owner, 'read')) return access;
  return { uid: owner.uid, gid: owner.gid, mode: 0o600 };
}
