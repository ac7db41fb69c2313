import type { Access } from '@castellan/shared/model/plan';
import type { Facts } from '../../facts/facts.generated.js';
import type { PlanContext } from '../../units/remediation.js';
import type { AccessChange } from '../../units/step.js';
import { keyOf } from '../certificates/pem-reader.js';
import { foreignLink } from '../momentum/managed-paths.js';
import { ownUid } from '../permissions/own-user.js';
import { accessOf, identityOf, sameAccess } from '../permissions/path-access.js';

type Files = PlanContext['look']['files'];
type FileStat = Extract<ReturnType<Files['lstat']>, { readonly ok: true }>['value'];
type Install = Facts['install'];
export type ServiceUser = NonNullable<Install['serviceUser']>;

export interface WantedChange extends AccessChange {
  readonly why: string;
  /** Who can do more with it afterwards; null: nobody. */
  readonly opensTo: string | null;
}

/** What should change, by paths without links, each once; and what has to be left to a person, a line each. */
export interface Wanted {
  readonly entries: readonly WantedChange[];
  readonly notes: readonly string[];
}

/** What owner, group and mode something should have, and within which bounds root may see to it. */
export interface Wish {
  readonly path: string;
  readonly why: string;
  /** The user whose service it is: nobody but root and this one is ever given a file. */
  readonly user: ServiceUser;
  /** Which paths, without links, may be changed for this reason; in words for a person. */
  readonly places: string;
  isInPlace(path: string): boolean;
  /** A file that is to be private must be what it is said to be. */
  readonly must?: 'hold a key';
  after(before: Access): Access;
}

const ENTRIES_MAX = 2000;
const KEY_BYTES_MAX = 1024 * 1024;

/** What the wishes come to on this node, `notes` of who made them first. */
export function wantedOf(
  files: Files,
  install: Install,
  wishes: readonly Wish[],
  before: readonly string[],
): Wanted {
  const notes = [...before];
  const entries = new Map<string, WantedChange>();
  for (const wish of wishes) {
    const found = lookAt(files, wish);
    if ('note' in found) {
      if (found.before === null || !sameAccess(found.before, wish.after(found.before)))
        notes.push(found.note);
      continue;
    }
    const { path, stat } = found;
    const now = accessOf(stat);
    const first = entries.get(path);
    const after = permitted(now, wish.after(first?.after ?? now), path, notes);
    if (!after || sameAccess(now, after)) continue;
    entries.set(path, {
      path,
      identity: identityOf(stat),
      before: now,
      after,
      why: first?.why ?? wish.why,
      opensTo: first?.opensTo ?? openedTo(now, after, wish.user, rootOf(install)),
    });
  }
  const sorted = [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (sorted.length > ENTRIES_MAX) notes.push(`${sorted.length - ENTRIES_MAX} more are left for another run`);
  return { entries: sorted.slice(0, ENTRIES_MAX), notes: [...new Set(notes)] };
}

/** In a tree of one user, root has that user's number. */
export function rootOf(install: Install): number {
  return install.users.find(({ name }) => name === 'root')?.uid ?? 0;
}

/** A list is not taken away here: whom it was made for, only a person knows. */
export function listNote(path: string): string {
  return `${path} has an access list, which is left as it is: who may get at it by the list must be decided by a person (setfacl -b)`;
}

type Found =
  | { readonly path: string; readonly stat: FileStat }
  | { readonly note: string; readonly before: Access | null };

/** The thing itself, and why it is not touched even by root: the service's user could have chosen it. */
function lookAt(files: Files, wish: Wish): Found {
  const real = files.realpath(wish.path);
  const path = real.ok ? real.value.path : wish.path;
  const stat = files.lstat(path);
  if (!stat.ok)
    return { note: `${wish.path} could not be inspected (${stat.problem}) and is left alone`, before: null };
  const link = foreignLink(files, wish.path);
  const blocker =
    link === null
      ? blockerOf(files, path, stat.value, wish)
      : `is reached by the link ${link}, which another user than root could point elsewhere`;
  return blocker === null
    ? { path, stat: stat.value }
    : { note: `${path} ${blocker}; it is left alone`, before: accessOf(stat.value) };
}

function blockerOf(files: Files, path: string, stat: FileStat, wish: Wish): string | null {
  if (!wish.isInPlace(path))
    return `is outside of the places that this is done in (${wish.places}): whether it may change must be decided by a person`;
  if (stat.kind === 'file' && stat.nlink > 1)
    return `has ${stat.nlink} names (hard links), one of which may stand elsewhere`;
  if (stat.kind !== 'file' && stat.kind !== 'directory') return 'is neither a file nor a folder';
  return wish.must === undefined ? null : keyBlocker(files, path, stat);
}

/** Of the same file that is then given its access: another one under the name by then is refused. */
function keyBlocker(files: Files, path: string, stat: FileStat): string | null {
  const file = files.capture(path, { follow: false, bytesMax: KEY_BYTES_MAX });
  if (!file.ok) return `cannot be read as a key (${file.problem})`;
  if (file.value.stat.dev !== stat.dev || file.value.stat.ino !== stat.ino)
    return 'was exchanged while it was inspected';
  if ((stat.mode & 0o111) !== 0) return 'can be run as a program, which no key is';
  const key = keyOf(file.value.content);
  return key.state === 'parsed' || key.state === 'encrypted' ? null : `holds no private key (${key.detail})`;
}

/** Who but root can do more afterwards. */
function openedTo(before: Access, after: Access, user: ServiceUser, rootUid: number): string | null {
  const added = after.mode & ~before.mode;
  if ((added & 0o007) !== 0) return 'everybody';
  const isMore =
    (after.uid !== before.uid && after.uid !== rootUid) ||
    (after.gid !== before.gid && (after.mode & 0o070) !== 0) ||
    (added & 0o070) !== 0 ||
    ((added & 0o700) !== 0 && after.uid !== rootUid);
  return isMore ? user.name : null;
}

/** An agent that is not root can change the mode of what it owns, and nothing else. Null: it can do nothing. */
function permitted(before: Access, after: Access, path: string, notes: string[]): Access | null {
  const own = ownUid();
  if (own === 0 || sameAccess(before, after)) return after;
  if (before.uid !== own) {
    notes.push(`${path} belongs to another user: run as root to repair it`);
    return null;
  }
  if (after.uid === before.uid && after.gid === before.gid) return after;
  notes.push(`${path} should also change owner or group: run as root for that`);
  // Bits are only taken away: with the wrong group, more of them could let the wrong people in.
  return { ...before, mode: before.mode & after.mode };
}
