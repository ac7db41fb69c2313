import { spawnSync } from 'node:child_process';
import type { Stats } from 'node:fs';

/** Who may write by an access control list, beside what the mode says; and whether what is made inside inherits one. */
export interface Acl {
  readonly users: readonly number[];
  /** Null stands for the folder's own group. */
  readonly groups: readonly (number | null)[];
  readonly isInherited: boolean;
}

/** `unreadable`: there is a list, and no getfacl on this node to read it with. */
export type AclOfFolder = Acl | 'none' | 'unreadable';

const TOOL_MS = 10_000;
const KNOWN_MAX = 4096;
/** By dev, ino and ctime: whoever changes a list changes ctime. */
const known = new Map<string, AclOfFolder>();

/**
 * Node has no call for ACLs, so the tools are asked, of inherited descriptors: first ls (coreutils, always there), whose
 * `+` tells that there is a list; what is in it only getfacl tells.
 */
export function aclsOf(folders: readonly { readonly fd: number; readonly stats: Stats }[]): AclOfFolder[] {
  const keyOf = ({ dev, ino, ctimeMs }: Stats): string => `${dev}:${ino}:${ctimeMs}`;
  const asked = folders.filter(({ stats }) => !known.has(keyOf(stats)));
  const flags = asked.length === 0 ? [] : listed(asked.map(({ fd }) => fd));
  if (known.size + asked.length > KNOWN_MAX) known.clear();
  const found = new Map<string, AclOfFolder>(
    asked.map(({ fd, stats }, index) => [keyOf(stats), flags[index] ? readAcl(fd) : 'none']),
  );
  const answers = folders.map(({ stats }) => {
    const key = keyOf(stats);
    return found.get(key) ?? known.get(key) ?? 'unreadable';
  });
  for (const [key, acl] of found) if (acl !== 'unreadable') known.set(key, acl);
  return answers;
}

/** Whether each has a list. Where ls does not answer as it should, each counts as having one. */
function listed(fds: readonly number[]): boolean[] {
  const lines = run('ls', ['-ldnU'], fds)?.split('\n') ?? [];
  return fds.map((_, index) => !/^d[-rwxsStT]{9}\.? /.test(lines[index] ?? ''));
}

function readAcl(fd: number): AclOfFolder {
  const text = run('getfacl', ['-cpnE'], [fd]);
  return text === null ? 'unreadable' : parseAcl(text);
}

/** By number and without comments, as `getfacl -cpnE` prints it (acl(5), long text form). */
export function parseAcl(text: string): AclOfFolder {
  const entries = text.split('\n').flatMap((line) => {
    const match = /^(default:)?(user|group|mask|other):(\d*):([-r][-w][-x])$/.exec(line.trim());
    return match
      ? [
          {
            isDefault: match[1] !== undefined,
            tag: match[2],
            id: match[3] ?? '',
            mayWrite: match[4]?.[1] === 'w',
          },
        ]
      : [];
  });
  const mine = entries.filter(({ isDefault }) => !isDefault);
  if (!mine.some(({ tag }) => tag === 'user')) return 'unreadable';
  const isMasked = mine.some(({ tag, mayWrite }) => tag === 'mask' && !mayWrite);
  const writers = mine.filter(({ mayWrite }) => mayWrite && !isMasked);
  return {
    users: writers.flatMap(({ tag, id }) => (tag === 'user' && id !== '' ? [Number(id)] : [])),
    groups: writers.flatMap(({ tag, id }) => (tag === 'group' ? [id === '' ? null : Number(id)] : [])),
    isInherited: entries.some(({ isDefault }) => isDefault),
  };
}

/** Null: the tool is not there, or did not end well. */
function run(tool: string, options: readonly string[], fds: readonly number[]): string | null {
  const ran = spawnSync(tool, [...options, ...fds.map((_, index) => `/proc/self/fd/${index + 3}/.`)], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore', ...fds],
    timeout: TOOL_MS,
  });
  return ran.status === 0 ? `${ran.stdout}` : null;
}
