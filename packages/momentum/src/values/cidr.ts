/** A block of addresses as its first bits. IPv4 has 32, IPv6 128. */
export interface Cidr {
  readonly family: 4 | 6;
  readonly address: bigint;
  readonly prefix: number;
}

/** `10.0.0.0/8`, `192.0.2.1`, `2001:db8::/32`, `[::1]`; null for anything else. */
export function parseCidr(text: string): Cidr | null {
  const [host = '', prefixText] = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .split('/');
  const v4 = parseV4(host);
  const address = v4 ?? parseV6(host);
  if (address === null) return null;
  const family = v4 === null ? 6 : 4;
  const bits = family === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? bits : /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : -1;
  return prefix >= 0 && prefix <= bits ? { family, address, prefix } : null;
}

/** Whether every address of a block is in another one; never across families. */
export function contains(block: Cidr, inner: Cidr): boolean {
  if (block.family !== inner.family || inner.prefix < block.prefix) return false;
  const shift = BigInt((block.family === 4 ? 32 : 128) - block.prefix);
  return block.address >> shift === inner.address >> shift;
}

function parseV4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2 || !/^[0-9a-fA-F:]*$/.test(text) || !text.includes(':')) return null;
  const groups = (half: string | undefined) => (half ? half.split(':') : []);
  const head = groups(halves[0]);
  const tail = groups(halves[1]);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...tail];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
}
