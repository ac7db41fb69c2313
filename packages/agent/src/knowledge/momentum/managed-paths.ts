import { dirname } from 'node:path';
import type { FileReader, FileStat, TrustedUser } from '../../ports/files.js';
import { ownUid } from '../permissions/own-user.js';
import { groupsOf, parseGroup, parsePasswd } from '../permissions/passwd.js';
import { accessOf, grants, isBelow } from '../permissions/path-access.js';

export type ServiceUserName = 'ecuser' | 'msyspg';

/**
 * Where Momentum keeps what is its own (Manual, install.layout and install.security), and the one user of each place.
 * The configuration belongs to the service's user, and names paths: without this bound it could have root hand over
 * `/etc/shadow`, or another service's files, as somebody's key.
 */
const PLACES: readonly { readonly place: string; readonly user: ServiceUserName }[] = [
  { place: '/opt/msys', user: 'ecuser' },
  { place: '/var/ecconfigd', user: 'ecuser' },
  { place: '/var/db/msyspg', user: 'msyspg' },
];

export const CONFIG_ROOT = '/opt/msys/ecelerity/etc/conf';
/** Manual, install.security: what the service's user must be able to read. It owns the first, root the others. */
export const CONFIG_ROOTS: readonly string[] = [
  CONFIG_ROOT,
  '/opt/msys/etc/installer/ecelerity.d',
  '/opt/msys/etc/installer/eccmgr.d',
];

/** Where files of the configuration are edited: the roots, and `etc`, where a main file may stand as well. */
export const CONFIG_PLACES: readonly string[] = ['/opt/msys/ecelerity/etc', ...CONFIG_ROOTS.slice(1)];

/** Where the product's Apaches and its PostgreSQL have what they read besides keys. */
export const APACHE_PLACES: readonly string[] = [
  '/opt/msys/ecwebui',
  '/opt/msys/ecelerity/etc',
  '/var/ecconfigd',
];
export const DATABASE_PLACES: readonly string[] = ['/var/db/msyspg'];

/** Where the private keys of each user's services stand: nobody is given a key, or made its owner, anywhere else. */
export const KEY_PLACES: Readonly<Record<ServiceUserName, readonly string[]>> = {
  ecuser: ['/opt/msys/ecelerity/etc', '/opt/msys/ecwebui/config/site', '/var/ecconfigd/apache'],
  msyspg: ['/var/db/msyspg', '/opt/msys/3rdParty/share/postgresql'],
};

/** Where credmgr and the module keep the store (Manual, modules.securecreds and executable.credmgr). */
export const STORE_FOLDERS: readonly string[] = ['/opt/msys/etc', '/opt/msys/ecelerity/etc'];

/** Whether a path, links followed, is one that a remediation may change. What does not exist is judged by its folder. */
export function isOwnPlace(files: FileReader, path: string): boolean {
  const real = files.realpath(path);
  if (real.ok) return userOfPlace(real.value.path) !== null;
  if (real.problem !== 'missing' || files.lstat(path).ok) return false;
  const folder = files.realpath(dirname(path));
  return folder.ok && userOfPlace(`${folder.value.path}/`) !== null;
}

/** Whose place a path without links is in; null: not Momentum's. */
export function userOfPlace(path: string): ServiceUserName | null {
  return PLACES.find(({ place }) => isBelow(path, place))?.user ?? null;
}

export function ownPlaces(): string {
  return PLACES.map(({ place }) => place).join(', ');
}

const PASSWD_BYTES_MAX = 4 * 1024 * 1024;

/** Who, besides root, may write in the folders above a path of Momentum's: the one user of its place. */
export function trustedFor(files: FileReader, path: string): readonly TrustedUser[] {
  const name = userOfPlace(path);
  const passwd = files.read('/etc/passwd', { bytesMax: PASSWD_BYTES_MAX });
  if (name === null || !passwd.ok) return [];
  const user = parsePasswd(passwd.value.toString('latin1')).find((one) => one.name === name);
  return user ? [{ uid: user.uid, gid: user.gid }] : [];
}

/** Whether the user whose place a path without links is in can read a file of this owner and mode. */
export function isItsUsersToRead(files: FileReader, path: string, stat: FileStat): boolean {
  const name = userOfPlace(path);
  const text = (from: string): string => {
    const content = files.read(from, { bytesMax: PASSWD_BYTES_MAX });
    return content.ok ? content.value.toString('latin1') : '';
  };
  const user = parsePasswd(text('/etc/passwd')).find((one) => one.name === name);
  // Without such a user nobody can have put it there, and its folder is root's alone or refused.
  if (!user) return true;
  const acl = files.acl(path);
  if (!acl.ok) return false;
  return grants(
    accessOf(stat),
    { uid: user.uid, groups: groupsOf(user, parseGroup(text('/etc/group'))) },
    'read',
    acl.value,
  );
}

/**
 * The first link on the way to a path that somebody other than root could have put there; null: there is none. What
 * such a link leads to is never changed: its owner chose it.
 */
export function foreignLink(files: FileReader, path: string): string | null {
  const real = files.realpath(path);
  const links = real.ok ? real.value.links : files.lstat(path).ok ? [path] : [];
  return links.find((link) => !isRootsAlone(files, link)) ?? null;
}

/** The link is root's, and so is every folder that it stands in. */
function isRootsAlone(files: FileReader, link: string): boolean {
  const stat = files.lstat(link);
  return stat.ok && isRoots(stat.value) && openFolderAbove(files, link) === null;
}

/** A folder above a path without links that somebody other than root may write in; null: there is none. */
export function openFolderAbove(files: FileReader, path: string): string | null {
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
    const stat = files.stat(folder);
    if (!stat.ok || !isClosed(stat.value)) return folder;
  }
  return null;
}

function isRoots({ uid }: FileStat): boolean {
  return uid === 0 || uid === ownUid();
}

/** Nobody but root can put anything into it. */
export function isClosed(folder: FileStat): boolean {
  const isGroups = (folder.mode & 0o020) !== 0 && folder.gid !== 0;
  return isRoots(folder) && (folder.mode & 0o002) === 0 && (!isGroups || ownUid() !== 0);
}

/** The nearest folder above a path, on its file system, that only root can write in; its own folder where there is none. */
export function closedFolderAbove(files: FileReader, path: string): string {
  const own = dirname(path);
  const device = files.stat(own);
  const folders: { readonly path: string; readonly isClosed: boolean; readonly isNear: boolean }[] = [];
  for (let folder = own; folder !== '/'; folder = dirname(folder)) {
    const stat = files.stat(folder);
    if (!stat.ok || !device.ok) return own;
    folders.push({
      path: folder,
      isClosed: isClosed(stat.value),
      isNear: stat.value.dev === device.value.dev,
    });
  }
  // Closed all the way up: a folder of root's inside of one that another owns can be moved.
  const firstOpen = folders.findLastIndex((folder) => !folder.isClosed);
  return folders.slice(firstOpen + 1).find(({ isNear }) => isNear)?.path ?? own;
}
