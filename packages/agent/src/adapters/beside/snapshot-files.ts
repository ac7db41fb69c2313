import {
  type Acl,
  type FileReader,
  type FileResult,
  LIST_NAMES_MAX,
  READ_BYTES_MAX,
} from '../../ports/files.js';
import { NotFetched } from '../../ports/snapshot.js';
import { byCodeUnit } from '../descriptors/names.js';
import { DEPTH_MAX } from '../descriptors/place.js';
import { problem, problemOfCode } from '../file-problems.js';
import { LINK_HOPS_MAX, startOf, unusable } from '../tree-paths.js';
import { readAclBytes } from './acl-bytes.js';
import type { FarLists } from './far-lists.js';
import { type FarFound, type FarLook, textsOf } from './far-looks.js';
import type { FarWalks } from './far-walk.js';
import type { Want } from './look-store.js';

/** Who answers of the node's files. Null: it is not known yet. */
export interface Looks {
  get(path: string, follow: boolean, want: Want | null, bytesMax?: number): FarFound | null;
}

/** A node's files as far as they are known; walks and many access lists are asked at once, for they only tell. */
export function snapshotFiles(store: Looks, walks: FarWalks, lists: FarLists): FileReader {
  const at = <T>(
    { path, follow, want, bytesMax }: { path: string; follow: boolean; want: Want | null; bytesMax?: number },
    tell: (look: FarLook) => FileResult<T>,
  ): FileResult<T> => {
    const fault = unusable(path);
    if (fault) return problem('failed', `${JSON.stringify(path.slice(0, 200))}: ${fault}`);
    const found = store.get(path, follow, want, bytesMax);
    if (!found) return problem('failed', `${path}: was not fetched yet`);
    return found.kind === 'found' ? tell(found.look) : unreached(path, found);
  };
  const content = (path: string, follow: boolean, bytesMax: number) =>
    at({ path, follow, want: 'r', bytesMax }, (look) => contentOf(path, look, bytesMax));
  return {
    read: (path, { bytesMax = READ_BYTES_MAX } = {}) => {
      const read = content(path, true, bytesMax);
      return read.ok ? { ok: true, value: read.value.content } : read;
    },
    capture: (path, { bytesMax = READ_BYTES_MAX, follow = true } = {}) => content(path, follow, bytesMax),
    stat: (path) => at({ path, follow: true, want: null }, ({ stat }) => ({ ok: true, value: stat })),
    lstat: (path) => at({ path, follow: false, want: null }, ({ stat }) => ({ ok: true, value: stat })),
    list: (path) =>
      at({ path, follow: true, want: 'n' }, ({ names: { code, value } }) =>
        code === 'ok'
          ? { ok: true, value: textsOf(value).sort(byCodeUnit) }
          : code === 'EMANY'
            ? problem('too-large', `${path}: more than ${LIST_NAMES_MAX} names`)
            : problemOfCode(code, path),
      ),
    readlink: (path) =>
      at({ path, follow: false, want: null }, ({ stat, target }) =>
        stat.kind === 'symlink' ? { ok: true, value: target } : problemOfCode('EINVAL', path),
      ),
    realpath: (path) =>
      at({ path, follow: true, want: null }, ({ inside, links }) => ({
        ok: true,
        value: { path: inside, links },
      })),
    acl: (path) =>
      at({ path, follow: true, want: 'a' }, (look) => {
        const list = aclOf(look);
        return list === 'unread'
          ? problem(
              'failed',
              look.acl.code === 'unasked'
                ? `${path}: whether it has an access list (ACL) cannot be asked on this node`
                : `${path}: has an access list (ACL) that could not be read`,
            )
          : { ok: true, value: list };
      }),
    acls: async (folder, names) => ({
      ok: true,
      value: await lists.below(startOf(folder), names),
    }),
    walk: (path, visitor, limits) => {
      const fault = unusable(path);
      if (fault === null) {
        return walks.walk(path, visitor, limits);
      }
      visitor.problem(path, 'failed', `${JSON.stringify(path.slice(0, 200))}: ${fault}`);
      return Promise.resolve({ entriesSeen: 0, isTruncated: false });
    },
  };
}

/** Refuses work on a node for whoever does not know enough yet. */
export function refuseUnlessSure(isSure: boolean): void {
  if (!isSure) throw new NotFetched('what it depends on was not fetched yet');
}

/** Why a path leads nowhere, in the words of a look on the node itself. */
export function unreached<T>(
  path: string,
  { code, at }: Extract<FarFound, { kind: 'problem' }>,
): FileResult<T> {
  switch (code) {
    case 'ENOENT':
      return problem('missing', at === path ? `${at}: ENOENT` : `${path}: ${at} does not exist`);
    case 'ENOTDIR':
      return problem('not-directory', `${path}: ${at} is not a folder`);
    case 'ELOOP':
      return problem('loop', `${path}: more than ${LINK_HOPS_MAX} links`);
    case 'EDEPTH':
      return problem('failed', `${path}: more than ${DEPTH_MAX} folders below one another`);
    case 'ESTALE':
      return problem('failed', `${path}: was exchanged while it was inspected`);
    case 'ETIMEDOUT':
      return problem('failed', `${path}: the node took too long`);
    default:
      return problemOfCode(code, at);
  }
}

function contentOf(
  path: string,
  { inside, stat, content: { code, value } }: FarLook,
  bytesMax: number,
): FileResult<{ path: string; content: Buffer; stat: FarLook['stat'] }> {
  switch (code) {
    case 'ok':
      return value.length > bytesMax
        ? problem('too-large', `${path}: ${stat.sizeBytes} bytes, more than ${bytesMax}`)
        : { ok: true, value: { path: inside, content: value, stat } };
    case 'EISDIR':
      return problem('directory', `${path}: is a folder`);
    case 'ELOOP':
      return problem('loop', `${path}: is a link`);
    case 'ENOTFILE':
      return problem('failed', `${path}: neither a file nor a folder`);
    case 'EKERNEL':
      return problem('failed', `${path}: is made by the kernel, and is no file of the node`);
    case 'EFBIG':
      return problem(
        'too-large',
        stat.sizeBytes > bytesMax
          ? `${path}: ${stat.sizeBytes} bytes, more than ${bytesMax}`
          : `${path}: more than ${bytesMax} bytes`,
      );
    case 'EBUDGET':
      return problem('too-large', `${path}: more than the node gives of its files in one look`);
    default:
      return problemOfCode(code, path);
  }
}

function aclOf({ stat, acl: { code, value } }: FarLook): Acl | null | 'unread' {
  // The group bits of the mode are the list's mask: where they are empty it gives nothing.
  if ((stat.mode & 0o070) === 0 || code === 'none') return null;
  return code === 'raw' ? (readAclBytes(value) ?? 'unread') : 'unread';
}
