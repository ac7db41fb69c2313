const TAGS = { user: 0x02, group: 0x08, mask: 0x10, other: 0x20 } as const;
const OWN = { user: 0x01, group: 0x04 } as const;
const NO_ID = 0xffffffff;
const LINE = /^(user|group|mask|other):(\d{0,10}):([r-])([w-])([x-])(?:\s+#effective:[rwx-]{3})?$/;

/** A list as a file has it, `none`, or `unread`: what getfacl said is no list. */
export type ListSaid =
  | { readonly code: 'raw'; readonly value: Buffer }
  | { readonly code: 'none' | 'unread' };

/** The lists that getfacl said of so many names, in their order. Null: not of all of them, or it failed. */
export function readLists(said: Buffer, count: number): ListSaid[] | null {
  const text = said.toString('latin1');
  if (!text.endsWith('\n\n/0')) return null;
  const blocks = text.slice(0, -4).split('\n\n');
  return blocks.length === count ? blocks.map(listOf) : null;
}

/** As linux/posix_acl_xattr.h lays it down: the rest of the near side reads that. */
function listOf(block: string): ListSaid {
  const entries: Buffer[] = [];
  for (const line of block.split('\n')) {
    const match = LINE.exec(line);
    if (!match) return { code: 'unread' };
    const [, tag = '', id = '', r, w, x] = match;
    const isOwn = id === '' && (tag === 'user' || tag === 'group');
    const entry = Buffer.alloc(8);
    entry.writeUInt16LE(isOwn ? OWN[tag as keyof typeof OWN] : TAGS[tag as keyof typeof TAGS]);
    entry.writeUInt16LE((r === 'r' ? 4 : 0) | (w === 'w' ? 2 : 0) | (x === 'x' ? 1 : 0), 2);
    entry.writeUInt32LE(id === '' ? NO_ID : Number(id) % 2 ** 32, 4);
    entries.push(entry);
  }
  if (entries.length < 3) return { code: 'unread' };
  const version = Buffer.from([2, 0, 0, 0]);
  // The three that every mode has are no list.
  return entries.length === 3
    ? { code: 'none' }
    : { code: 'raw', value: Buffer.concat([version, ...entries]) };
}
