import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cidr, contains, parseCidr } from './cidr.js';

test.each<[string, Cidr['family'], bigint, number]>([
  ['10.0.0.0/8', 4, 0x0a000000n, 8],
  ['192.0.2.1', 4, 0xc0000201n, 32],
  [' 192.0.2.1 ', 4, 0xc0000201n, 32],
  ['[192.0.2.1]', 4, 0xc0000201n, 32],
  ['0.0.0.0/0', 4, 0n, 0],
  ['255.255.255.255/32', 4, 0xffffffffn, 32],
  ['010.001.0.09', 4, 0x0a010009n, 32],
  ['::', 6, 0n, 128],
  ['::/0', 6, 0n, 0],
  ['::1', 6, 1n, 128],
  ['[::1]', 6, 1n, 128],
  ['1::', 6, 1n << 112n, 128],
  ['2001:db8::/32', 6, 0x20010db8n << 96n, 32],
  ['2001:DB8::A', 6, (0x20010db8n << 96n) | 10n, 128],
  ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n, 128],
  ['1:2:3:4:5:6:7::', 6, 0x00010002000300040005000600070000n, 128],
  ['::2:3:4:5:6:7:8', 6, 0x00000002000300040005000600070008n, 128],
  ['fe80::1:2/128', 6, (0xfe80n << 112n) | 0x10002n, 128],
])('%s', (text, family, address, prefix) => {
  expect(parseCidr(text)).toEqual({ family, address, prefix });
});

test.each([
  ['nothing', ''],
  ['a name', 'mx.example.com'],
  ['three numbers', '10.0.0'],
  ['five numbers', '10.0.0.0.0'],
  ['a number too large', '10.0.0.256'],
  ['a number of four digits', '10.0.0.0001'],
  ['an empty part', '10..0.0'],
  ['letters after a number', '10.0.0.1a'],
  ['letters before a number', '10.0.0.a1'],
  ['a prefix too long for IPv4', '10.0.0.0/33'],
  ['a prefix too long for IPv6', '::/129'],
  ['an empty prefix', '10.0.0.0/'],
  ['a negative prefix', '10.0.0.0/-1'],
  ['a prefix of four digits', '10.0.0.0/0008'],
  ['letters after a prefix', '10.0.0.0/8x'],
  ['letters before a prefix', '10.0.0.0/x8'],
  ['a mask', '10.0.0.0/255.0.0.0'],
  ['seven groups', '1:2:3:4:5:6:7'],
  ['nine groups', '1:2:3:4:5:6:7:8:9'],
  ['eight groups and a gap', '1:2:3:4:5:6:7::8'],
  ['two gaps', '1::2::3'],
  ['three colons', ':::1'],
  ['a colon at the beginning', ':1:2:3:4:5:6:7'],
  ['a colon at the end', '1:2:3:4:5:6:7:'],
  ['a group of five digits', '::12345'],
  ['letters that are no digits', '::g'],
  ['a word that holds digits', 'abc'],
  ['one colon', ':'],
  ['IPv4 within IPv6', '::ffff:10.0.0.1'],
  ['an opening bracket alone', '[::1'],
  ['a closing bracket alone', '::1]'],
  ['a port', '[::1]:25'],
])('%s is no block of addresses', (_name, text) => {
  expect(parseCidr(text)).toBeNull();
});

const cidr = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(text);
  return parsed;
};

test.each([
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '10.1.0.0/16', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.0.0.0/9', '10.127.255.255', true],
  ['10.0.0.0/9', '10.128.0.0', false],
  ['10.1.0.0/16', '10.0.0.0/8', false],
  ['10.1.0.0/16', '10.1.0.0/15', false],
  ['10.1.2.3/8', '10.9.9.9', true],
  ['10.0.0.1', '10.0.0.1/32', true],
  ['10.0.0.1', '10.0.0.2', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['0.0.0.0/0', '::', false],
  ['::/0', '10.0.0.0/8', false],
  ['::/0', 'ffff::', true],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::', false],
  ['2001:db8::/33', '2001:db8:8000::', false],
])('%s contains %s: %s', (block, inner, expected) => {
  expect(contains(cidr(block), cidr(inner))).toBe(expected);
});

describe('of all blocks', () => {
  const blocks = fc.oneof(
    fc.record({
      family: fc.constant(4 as const),
      address: fc.bigInt(0n, 2n ** 32n - 1n),
      prefix: fc.integer({ min: 0, max: 32 }),
    }),
    fc.record({
      family: fc.constant(6 as const),
      address: fc.bigInt(0n, 2n ** 128n - 1n),
      prefix: fc.integer({ min: 0, max: 128 }),
    }),
  );
  const bitsOf = ({ family }: Cidr) => (family === 4 ? 32 : 128);
  /** The block of the first bits of another. */
  const wider = (block: Cidr, prefix: number): Cidr => {
    const shift = BigInt(bitsOf(block) - prefix);
    return { ...block, address: (block.address >> shift) << shift, prefix };
  };

  test('each contains itself and is in the block of all addresses', () => {
    fc.assert(
      fc.property(blocks, (block) => {
        expect(contains(block, block)).toBe(true);
        expect(contains(wider(block, 0), block)).toBe(true);
      }),
    );
  });

  test('each is in its wider blocks, which are not in it', () => {
    fc.assert(
      fc.property(blocks, fc.nat(128), (block, by) => {
        const outer = wider(block, Math.max(0, block.prefix - by));
        expect(contains(outer, block)).toBe(true);
        expect(contains(block, outer)).toBe(outer.prefix === block.prefix);
      }),
    );
  });

  test('none contains a block that differs in one of its first bits', () => {
    fc.assert(
      fc.property(blocks, fc.nat(127), (block, bit) => {
        fc.pre(bit < block.prefix);
        const other = { ...block, address: block.address ^ (1n << BigInt(bitsOf(block) - 1 - bit)) };
        expect(contains(block, other)).toBe(false);
      }),
    );
  });

  test('each IPv4 block comes back from its text', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
        const expected = address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
        expect(parseCidr(`${address}/${prefix}`)).toEqual({ family: 4, address: expected, prefix });
      }),
    );
  });
});
