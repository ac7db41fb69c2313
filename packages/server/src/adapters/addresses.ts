import { BlockList, isIP, isIPv4 } from 'node:net';

// Loopback, private, link-local, carrier-grade, documentation, benchmark, anycast relays, multicast, reserved; and the one
// public address at which a cloud shows a machine its own secrets.
const PRIVATE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** All of IPv6 that is routed in the Internet; whatever is not in it, embedded IPv4 of any spelling too, is private. */
const GLOBAL_V6 = '2000::/3';
// Within it: Teredo and other protocol assignments, documentation, 6to4, AS112, documentation again.
const PRIVATE_V6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const blocked = new BlockList();
for (const range of PRIVATE_V4) addRange(blocked, range, 'ipv4');
for (const range of PRIVATE_V6) addRange(blocked, range, 'ipv6');
const global = new BlockList();
addRange(global, GLOBAL_V6, 'ipv6');

function addRange(list: BlockList, range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', bits = '0'] = range.split('/');
  list.addSubnet(network, Number(bits), family);
}

/**
 * Whether an address is anything but a public one. What is not an address counts as private, as does one with a zone:
 * that names a link of this host.
 */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 0 || address.includes('%')) return true;
  if (isIPv4(address)) return blocked.check(address, 'ipv4');
  const mapped = mappedV4(address);
  // The system connects to the IPv4 address itself.
  if (mapped !== null) return blocked.check(mapped, 'ipv4');
  return !global.check(address, 'ipv6') || blocked.check(address, 'ipv6') || isIsatap(address);
}

/** The IPv4 address in `::ffff:a.b.c.d` and `::ffff:xxxx:xxxx`; null for others. */
function mappedV4(address: string): string | null {
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical(address));
  if (!match?.[1] || !match[2]) return null;
  const [high, low] = [Number.parseInt(match[1], 16), Number.parseInt(match[2], 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** An IPv4 address of any network in the lower half, by the interface identifier that ISATAP gives (RFC 5214). */
function isIsatap(address: string): boolean {
  return /:(?:0?|200):5efe:[0-9a-f]{1,4}:[0-9a-f]{1,4}$/.test(canonical(address));
}

function canonical(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
