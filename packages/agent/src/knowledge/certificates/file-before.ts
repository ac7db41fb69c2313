import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Access } from '@castellan/shared/model/plan';
import type { FileReader } from '../../ports/files.js';
import type { FileReplacement } from '../../units/step.js';
import { foreignLink, KEY_PLACES, type ServiceUserName } from '../momentum/managed-paths.js';
import { accessOf, identityOf, isBelow } from '../permissions/path-access.js';

type CapturedFile = Extract<ReturnType<FileReader['capture']>, { readonly ok: true }>['value'];

export type FileBefore =
  | {
      readonly ok: true;
      readonly path: string;
      readonly sha256: string | null;
      readonly identity: FileReplacement['before'];
      readonly access: Access | null;
    }
  | { readonly ok: false; readonly why: string };

export interface Location {
  readonly path: string;
  readonly owner: { readonly name: ServiceUserName; readonly uid: number };
  /** What should stand there, for a person. */
  readonly what: 'key' | 'certificate';
}

/**
 * What is at a path, links of root's followed; a file that is not there is no blocker. The service's user writes
 * the settings that name the path: what is replaced is a file of its own or one that holds what it should, in a place
 * of its own.
 */
export function fileBefore(files: FileReader, location: Location): FileBefore {
  const { path: named, owner, what } = location;
  const no = (why: string): FileBefore => ({ ok: false, why });
  const link = foreignLink(files, named);
  if (link !== null)
    return no(
      `${named} is reached by the link ${link}, which another user than root could point elsewhere: a person must renew it`,
    );
  const read = files.capture(named);
  if (!read.ok && read.problem !== 'missing')
    return no(`${named} cannot be read (${read.problem}), so it could not be put back`);
  const path = read.ok ? read.value.path : named;
  if (!KEY_PLACES[owner.name].some((place) => isBelow(path, place)) && !isOwners(files, path, owner.uid))
    return no(
      `${path} is not below ${KEY_PLACES[owner.name].join(', ')}, and not in a folder of ${owner.name}: a person must renew it`,
    );
  if (!read.ok) return { ok: true, path, sha256: null, identity: null, access: null };
  const { content, stat } = read.value;
  if (stat.nlink !== 1)
    return no(`${path} has ${stat.nlink} names (hard links), one of which may stand elsewhere`);
  if (stat.uid !== owner.uid && !holds(read.value, what))
    return no(`${path} belongs to user ${stat.uid} and holds no ${what}: a person must look at it`);
  return {
    ok: true,
    path,
    sha256: createHash('sha256').update(content).digest('hex'),
    identity: identityOf(stat),
    access: accessOf(stat),
  };
}

function isOwners(files: FileReader, path: string, uid: number): boolean {
  const folder = files.stat(dirname(path));
  return folder.ok && folder.value.uid === uid;
}

/** By its marks, so that a damaged one is renewed too; an empty file is nobody's loss. */
function holds({ content }: CapturedFile, what: Location['what']): boolean {
  if (content.length === 0) return true;
  const text = content.toString('latin1');
  return what === 'key'
    ? /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text)
    : /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----/.test(text);
}
