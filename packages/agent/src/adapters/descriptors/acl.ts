import type { Stats } from 'node:fs';
import { aclEntries } from './acl-text.js';
import { runOnDescriptors } from './tool.js';

/** Who may write by an access control list, beside what the mode says; and whether what is made inside inherits one. */
export interface Acl {
  readonly users: readonly number[];
  /** Null stands for the folder's own group. */
  readonly groups: readonly (number | null)[];
  readonly isInherited: boolean;
}

/** `unreadable`: there is a list, and no getfacl on this node to read it with. */
export type AclOfFolder = Acl | 'none' | 'unreadable';

/** Of a folder in which nobody else can write by its mode no list lets anybody: the group bits are the list's mask. */
export function mayLetWrite({ mode }: Stats): boolean {
  return (mode & 0o020) !== 0;
}

/**
 * Node has no call for ACLs, so the tools are asked, of inherited descriptors: first ls (coreutils, always there), whose
 * `+` tells that there is a list; what is in it only getfacl tells.
 */
export function aclOf(fd: number): AclOfFolder {
  return hasAcl(fd) ? readAcl(fd) : 'none';
}

const KNOWN_MAX = 1024;
/** Only root gives lists to the folders that are asked here: one that comes within this time is seen the next time. */
const KNOWN_MS = 10_000;
const known = new Map<string, { readonly has: boolean; readonly atMs: number }>();

/** Whether what is made in a folder may inherit a list; remembered for a while, since it is asked for each stage. */
export function mayHandOn(fd: number, { dev, ino, mode, birthtimeMs }: Stats): boolean {
  const key = `${dev}:${ino}:${mode}:${birthtimeMs}`;
  const before = known.get(key);
  if (before && performance.now() - before.atMs < KNOWN_MS) return before.has;
  if (known.size >= KNOWN_MAX) known.clear();
  const has = hasAcl(fd);
  known.set(key, { has, atMs: performance.now() });
  return has;
}

/** Where ls does not answer as it should, there counts as being one. */
function hasAcl(fd: number): boolean {
  return !/^d[-rwxsStT]{9}\.? /.test(run('ls', ['-ldn'], fd) ?? '');
}

function readAcl(fd: number): AclOfFolder {
  const text = run('getfacl', ['-cpnE'], fd);
  return text === null ? 'unreadable' : parseAcl(text);
}

/** By number and without comments, as `getfacl -cpnE` prints it (acl(5), long text form). */
export function parseAcl(text: string): AclOfFolder {
  const entries = aclEntries(text).map((entry) => ({ ...entry, mayWrite: (entry.bits & 2) !== 0 }));
  const mine = entries.filter(({ isDefault }) => !isDefault);
  if (!mine.some(({ tag }) => tag === 'user')) return 'unreadable';
  const isMasked = mine.some(({ tag, mayWrite }) => tag === 'mask' && !mayWrite);
  const writers = mine.filter(({ mayWrite }) => mayWrite && !isMasked);
  return {
    users: writers.flatMap(({ tag, id }) => (tag === 'user' && id !== null ? [id] : [])),
    groups: writers.flatMap(({ tag, id }) => (tag === 'group' ? [id] : [])),
    isInherited: entries.some(({ isDefault }) => isDefault),
  };
}

/** Null: the tool is not there, or did not end well. */
function run(tool: string, options: readonly string[], fd: number): string | null {
  const ran = runOnDescriptors(tool, [...options, '/proc/self/fd/3/.'], fd);
  return ran.status === 0 ? `${ran.stdout}` : null;
}
