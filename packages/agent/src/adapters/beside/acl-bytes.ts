import type { Acl } from '../../ports/files.js';

/** linux/posix_acl_xattr.h: a version, then tag, permissions and number of each entry, little end first. */
const VERSION = 2;
const HEAD_BYTES = 4;
const ENTRY_BYTES = 8;
const TAGS = { userObj: 0x01, user: 0x02, groupObj: 0x04, group: 0x08, mask: 0x10, other: 0x20 } as const;

/** The value of `system.posix_acl_access`. Null: it is none. */
export function readAclBytes(value: Buffer): Acl | null {
  if (value.length < HEAD_BYTES || (value.length - HEAD_BYTES) % ENTRY_BYTES !== 0) return null;
  if (value.readUInt32LE(0) !== VERSION) return null;
  const entries: { tag: number; bits: number; id: number }[] = [];
  for (let at = HEAD_BYTES; at < value.length; at += ENTRY_BYTES)
    entries.push({
      tag: value.readUInt16LE(at),
      bits: value.readUInt16LE(at + 2) & 7,
      id: value.readUInt32LE(at + 4),
    });
  const has = (tag: number) => entries.some((entry) => entry.tag === tag);
  if (![TAGS.userObj, TAGS.groupObj, TAGS.other].every(has)) return null;
  return {
    users: entries.flatMap(({ tag, id, bits }) => (tag === TAGS.user ? [{ uid: id, bits }] : [])),
    groups: entries.flatMap(({ tag, id, bits }) =>
      tag === TAGS.groupObj || tag === TAGS.group ? [{ gid: tag === TAGS.group ? id : null, bits }] : [],
    ),
    mask: entries.find(({ tag }) => tag === TAGS.mask)?.bits ?? 7,
  };
}
