import { BlockList, isIP, isIPv4 } from 'node:net';

// Loopback, private, link-local, carrier-grade, documentation, benchmark, multicast, reserved: nothing that a webhook to
// the outside would name. IPv4 inside IPv6 is unwrapped first, so that one list decides.
const PRIVATE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
const PRIVATE_V6 = [
  '::/128',
  '::1/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

const blocked = new BlockList();
for (const range of PRIVATE_V4) addRange(range, 'ipv4');
for (const range of PRIVATE_V6) addRange(range, 'ipv6');

function addRange(range: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', bits = '0'] = range.split('/');
  blocked.addSubnet(network, Number(bits), family);
}

/** Whether an address belongs to a network that is not the public Internet. What is not an address counts as one. */
export function isPrivateAddress(address: string): boolean {
  const plain = address.replace(/%.*$/, '');
  if (isIP(plain) === 0) return true;
  if (isIPv4(plain)) return blocked.check(plain, 'ipv4');
  const inner = mappedV4(plain);
  return inner !== null ? blocked.check(inner, 'ipv4') : blocked.check(plain, 'ipv6');
}

/** The IPv4 address in `::ffff:a.b.c.d`, `::ffff:xxxx:xxxx` or the old `::a.b.c.d`; null for others. */
function mappedV4(address: string): string | null {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const match = /^::(?:ffff:)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!match?.[1] || !match[2]) return null;
  const [high, low] = [Number.parseInt(match[1], 16), Number.parseInt(match[2], 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
