import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { familyOf, masked, network, without } from './hba-address.js';

test('an address has the family that the system gives it', () => {
  const written = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.stringMatching(/^[0-9a-f:.]{1,20}$/),
    fc.constantFrom('::', '::1', '1::', ':::', '1:2:3:4:5:6:7::', '::ffff:1.2.3.4', '1.2.3.4::', '1:2', ''),
  );
  fc.assert(
    fc.property(written, (text) => {
      expect(familyOf(text) ?? 0, text).toBe(isIP(text));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['10.1.2.3', '8', 0x0a000000n, 0x0affffffn],
  ['10.1.2.3', '32', 0x0a010203n, 0x0a010203n],
  ['10.1.2.3', '0', 0n, 0xffffffffn],
])('%s/%s', (text, bits, first, last) => {
  expect(network(text, 4, bits)?.ranges).toEqual([{ family: 4, first, last }]);
});

test.each(['33', '-1', '+8', ' 8', '', 'x'])('no mask is "%s"', (bits) => {
  expect(network('10.0.0.0', 4, bits)).toBeNull();
});

test('a mask whose ones do not stand together is no network', () => {
  expect(masked('10.0.0.1', 4, '255.0.0.0')).toMatchObject({ isExact: true });
  expect(masked('10.0.0.1', 4, '255.0.0.255')).toMatchObject({ isExact: false });
});

test('what is taken away is gone, and nothing else', () => {
  const part = fc
    .tuple(fc.bigInt(0n, 20n), fc.bigInt(0n, 20n))
    .map(([first, length]) => ({ family: 4 as const, first, last: first + length }));
  const holds = (ranges: readonly { first: bigint; last: bigint }[], value: bigint) =>
    ranges.some(({ first, last }) => first <= value && value <= last);
  fc.assert(
    fc.property(part, fc.array(part, { maxLength: 5 }), (whole, taken) => {
      const left = without([whole], taken);
      for (let value = 0n; value <= 40n; value += 1n)
        expect(holds(left, value)).toBe(holds([whole], value) && !holds(taken, value));
    }),
  );
});
