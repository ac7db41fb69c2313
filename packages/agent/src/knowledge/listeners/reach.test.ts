import { parseCidr } from '@castellan/momentum';
import { expect, test } from 'vitest';
import { isEverybody, isPrivate, publicAddresses, reachOf } from './reach.js';

test.each([
  ['/tmp/2025', 'socket'],
  ['127.0.0.1:2025', 'loopback'],
  ['127.9.9.9:25', 'loopback'],
  ['[::1]:2025', 'loopback'],
  ['[::ffff:7f00:1]:25', 'loopback'],
  ['localhost:25', 'loopback'],
  [':2025', 'network'],
  ['*:25', 'network'],
  ['[*]:25', 'network'],
  ['[::]:25', 'network'],
  ['0.0.0.0:25', 'network'],
  ['10.0.0.1:25', 'network'],
  ['mail.example.com:25', 'network'],
])('%s is reached from the %s', (listen, reach) => expect(reachOf(listen)).toBe(reach));

const cidrs = (text: string) => text.split(' ').flatMap((one) => parseCidr(one) ?? []);

test.each<[string, 4 | 6, boolean]>([
  ['0.0.0.0/0', 4, true],
  ['0.0.0.0/1 128.0.0.0/1', 4, true],
  ['128.0.0.0/1 0.0.0.0/2 64.0.0.0/2', 4, true],
  ['0.0.0.0/1 10.0.0.0/8 129.0.0.0/1', 4, true],
  ['0.0.0.0/1', 4, false],
  ['0.0.0.0/1 128.0.0.0/2', 4, false],
  ['0.0.0.0/0', 6, false],
  ['::/0', 6, true],
  ['::/1 8000::/1', 6, true],
  ['', 4, false],
])('%s is everybody of IPv%s: %s', (text, family, answer) =>
  expect(isEverybody(cidrs(text), family)).toBe(answer),
);

test.each<[string, bigint]>([
  ['10.0.0.0/8 127.0.0.0/8 192.168.1.0/24', 0n],
  ['192.0.2.0/24 192.0.2.7', 256n],
  ['8.0.0.0/7', 1n << 25n],
])('%s has %s public addresses', (text, count) => expect(publicAddresses(cidrs(text), 4)).toBe(count));

test('a block that is wider than a private one is not private', () => {
  expect(cidrs('10.0.0.0/8 10.1.2.3 fd00::/8').every(isPrivate)).toBe(true);
  expect(cidrs('10.0.0.0/7 192.168.0.0/15 ::/0').some(isPrivate)).toBe(false);
});
