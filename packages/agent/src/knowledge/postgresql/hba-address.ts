import { isIPv4, isIPv6 } from 'node:net';

export type Family = 4 | 6;

/** Addresses of one family from the first to the last. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Whom a line is for. `ranges` hold every address that may fit; `isExact`: and each of them does fit, so that a later
 * line for them is never reached. `name`: what is not decided by numbers (a host's name, `samenet`).
 */
export interface HbaAddress {
  readonly ranges: readonly AddressRange[];
  readonly isExact: boolean;
  readonly name: string | null;
}

const BITS: Readonly<Record<Family, number>> = { 4: 32, 6: 128 };

export const EVERYWHERE: readonly AddressRange[] = [wholeOf(4), wholeOf(6)];
/** What only this host has. */
export const LOOPBACK: readonly AddressRange[] = [
  rangeOf(4, numberOf('127.0.0.0'), 8),
  rangeOf(6, numberOf('::1'), 128),
];

export const ALL: HbaAddress = { ranges: EVERYWHERE, isExact: true, name: null };

/** Whom a name stands for is not known from here, so it may be anybody. */
export function named(name: string): HbaAddress {
  return { ranges: EVERYWHERE, isExact: false, name };
}

export function familyOf(text: string): Family | null {
  return isIPv4(text) ? 4 : isIPv6(text) && !text.includes('%') ? 6 : null;
}

/** `bits`: as they are written after the slash; null: no number that the family has. */
export function network(text: string, family: Family, bits: string): HbaAddress | null {
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > BITS[family]) return null;
  return { ranges: [rangeOf(family, numberOf(text), Number(bits))], isExact: true, name: null };
}

/** With a mask of its own column, whose ones need not stand together. */
export function masked(text: string, family: Family, maskText: string): HbaAddress {
  const mask = numberOf(maskText);
  const all = wholeOf(family).last;
  const rest = all & ~mask;
  const first = numberOf(text) & mask;
  const isTogether = (rest & (rest + 1n)) === 0n;
  return { ranges: [{ family, first, last: first | rest }], isExact: isTogether, name: null };
}

/** What of the ranges no other range holds. */
export function without(ranges: readonly AddressRange[], taken: readonly AddressRange[]): AddressRange[] {
  return taken.reduce<AddressRange[]>(
    (left, { family, first, last }) =>
      left.flatMap((range) => {
        if (range.family !== family || last < range.first || first > range.last) return [range];
        const below = first > range.first ? [{ family, first: range.first, last: first - 1n }] : [];
        const above = last < range.last ? [{ family, first: last + 1n, last: range.last }] : [];
        return [...below, ...above];
      }),
    [...ranges],
  );
}

function wholeOf(family: Family): AddressRange {
  return { family, first: 0n, last: (1n << BigInt(BITS[family])) - 1n };
}

function rangeOf(family: Family, value: bigint, bits: number): AddressRange {
  const rest = (1n << BigInt(BITS[family] - bits)) - 1n;
  const first = value & ~rest;
  return { family, first, last: first | rest };
}

/** Of an address that isIPv4 or isIPv6 took. */
function numberOf(text: string): bigint {
  if (isIPv4(text)) return text.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
  const [head = '', tail] = text.split('::');
  const groups = (part: string | undefined): bigint[] =>
    (part ?? '').split(':').flatMap((group): bigint[] => {
      if (group === '') return [];
      if (!group.includes('.')) return [BigInt(`0x${group}`)];
      const four = numberOf(group);
      return [four >> 16n, four & 0xffffn];
    });
  const [above, below] = [groups(head), groups(tail)];
  const filled = tail === undefined ? [] : new Array<bigint>(8 - above.length - below.length).fill(0n);
  return [...above, ...filled, ...below].reduce((value, group) => (value << 16n) | group, 0n);
}
