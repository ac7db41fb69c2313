import { type Cidr, contains, parseCidr } from '@castellan/momentum';

/** From where the socket of a Listen can be reached. */
export type Reach = 'socket' | 'loopback' | 'network';

/**
 * By the name of a Listen: `/tmp/2025`, `:25`, `*:25`, `127.0.0.1:2025`, `[::1]:25` (Manual, ecelerity.conf). A private
 * address is the network too: what forwards to it is not in the file.
 */
export function reachOf(listen: string): Reach {
  if (listen.startsWith('/')) return 'socket';
  const host = hostOf(listen);
  const block = parseCidr(host);
  const isLoopback =
    host.toLowerCase() === 'localhost' || (block !== null && LOOPBACK.some((own) => contains(own, block)));
  return isLoopback ? 'loopback' : 'network';
}

/** `*` and the empty host are every address of IPv4, and on some systems of IPv6 as well. */
export function hostOf(listen: string): string {
  return listen
    .trim()
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1');
}

const blocks = (...texts: readonly string[]): Cidr[] => texts.flatMap((text) => parseCidr(text) ?? []);

const LOOPBACK = blocks('127.0.0.0/8', '::1', '::ffff:7f00:0/104');

/** Loopback, RFC 1918, RFC 4193 and link-local: nobody outside has such an address. */
const PRIVATE = [
  ...LOOPBACK,
  ...blocks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'),
];

export function isLoopback(block: Cidr): boolean {
  return LOOPBACK.some((own) => contains(own, block));
}

export function isPrivate(block: Cidr): boolean {
  return PRIVATE.some((own) => contains(own, block));
}

const bitsOf = (family: Cidr['family']): bigint => (family === 4 ? 32n : 128n);

/** How many addresses of a family these blocks have together, those of private networks left out. */
export function publicAddresses(all: readonly Cidr[], family: Cidr['family']): bigint {
  return sizeOf(all.filter((block) => block.family === family && !isPrivate(block)));
}

/** Whether these blocks are, together, every address of a family: one of /0, or two halves. */
export function isEverybody(all: readonly Cidr[], family: Cidr['family']): boolean {
  return sizeOf(all.filter((block) => block.family === family)) === 1n << bitsOf(family);
}

function sizeOf(blocksOfFamily: readonly Cidr[]): bigint {
  const ranges = blocksOfFamily.map(({ family, address, prefix }) => {
    const size = 1n << (bitsOf(family) - BigInt(prefix));
    const start = (address / size) * size;
    return { start, end: start + size };
  });
  ranges.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  let total = 0n;
  let reached = 0n;
  for (const { start, end } of ranges) {
    const from = start > reached ? start : reached;
    if (end <= from) continue;
    total += end - from;
    reached = end;
  }
  return total;
}
