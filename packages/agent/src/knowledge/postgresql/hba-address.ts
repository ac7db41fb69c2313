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
  return valueOfIpv4(text) !== null ? 4 : valueOfIpv6(text) !== null ? 6 : null;
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

/** Of an address that has a family. */
function numberOf(text: string): bigint {
  return valueOfIpv4(text) ?? valueOfIpv6(text) ?? 0n;
}

/** Four decimal numbers; one with a leading zero would be octal to the system's resolver. */
function valueOfIpv4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** RFC 4291, section 2.2, without a zone. */
function valueOfIpv6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return null;
  const [above, below] = halves.map((half, index) =>
    half === '' ? [] : groupsOf(half, index === halves.length - 1),
  );
  if (!above || below === null) return null;
  const missing = 8 - above.length - (below?.length ?? 0);
  if (below === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...above, ...new Array<bigint>(missing).fill(0n), ...(below ?? [])];
  return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** Null: one of them is no group. The very last may be an address of the other family. */
function groupsOf(half: string, isEnd: boolean): bigint[] | null {
  const groups: bigint[] = [];
  const parts = half.split(':');
  for (const [index, part] of parts.entries()) {
    const four = isEnd && index === parts.length - 1 ? valueOfIpv4(part) : null;
    if (four !== null) groups.push(four >> 16n, four & 0xffffn);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}
