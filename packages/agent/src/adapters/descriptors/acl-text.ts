import type { Acl } from '../../ports/files.js';

interface Entry {
  readonly isDefault: boolean;
  readonly tag: string;
  /** Null: the owner, the file's own group. */
  readonly id: number | null;
  readonly bits: number;
}

/** The entries of a list in its long text form, by number (acl(5)), as `getfacl -n` prints it. */
export function aclEntries(text: string): Entry[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(default:)?(user|group|mask|other):(\d*):([-r])([-w])([-x])(\s+#effective:.*)?$/.exec(
      line.trim(),
    );
    if (!match) return [];
    const [, isDefault, tag = '', id = '', r, w, x] = match;
    const bits = (r === 'r' ? 4 : 0) + (w === 'w' ? 2 : 0) + (x === 'x' ? 1 : 0);
    return [{ isDefault: isDefault !== undefined, tag, id: id === '' ? null : Number(id), bits }];
  });
}

/** Null: this is no list. The bits of owner and others are those of the mode. */
export function parseAccessList(text: string): Acl | null {
  const entries = aclEntries(text).filter(({ isDefault }) => !isDefault);
  const own = entries.filter(({ id }) => id === null);
  if (!['user', 'group', 'other'].every((tag) => own.some((entry) => entry.tag === tag))) return null;
  return {
    users: entries.flatMap(({ tag, id, bits }) => (tag === 'user' && id !== null ? [{ uid: id, bits }] : [])),
    groups: entries.flatMap(({ tag, id, bits }) => (tag === 'group' ? [{ gid: id, bits }] : [])),
    mask: own.find(({ tag }) => tag === 'mask')?.bits ?? 7,
  };
}
