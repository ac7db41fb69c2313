import { describe, expect, test } from 'vitest';
import { isPrivateAddress } from './addresses.js';
import { httpOut } from './http-out.js';

test.each([
  '127.0.0.1',
  '127.9.9.9',
  '10.1.2.3',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '64:ff9b::a00:1',
  '::127.0.0.1',
  'ff02::1',
  'no address',
  '168.63.129.16',
  '192.0.0.192',
  '100.100.100.200',
  '239.1.1.1',
  '::ffff:0:10.0.0.1',
  '::ffff:0:8.8.8.8',
  '::ffff:a9fe:a9fe',
  '::ffff:168.63.129.16',
  '0:0:0:0:0:ffff:7f00:1',
  '::8.8.8.8',
  '64:ff9b::808:808',
  '64:ff9b:1::a00:1',
  '2002:7f00:1::',
  '2002:a00:1::1',
  '2001::1',
  '2001:0:a00:1::1',
  '2001:db8::1',
  '3fff::1',
  'fec0::1',
  'febf::1',
  'fdff::1',
  'ff0e::1',
  '100::1',
  '5f00::1',
  '4000::1',
  '2606:4700::1111%eth0',
  '2606:4700::5efe:10.0.0.1',
  '2606:4700::200:5efe:10.0.0.1',
])('%s is not of the public Internet', (address) => expect(isPrivateAddress(address)).toBe(true));

test.each(['8.8.8.8', '172.32.0.1', '193.0.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('%s is', (address) =>
  expect(isPrivateAddress(address)).toBe(false),
);

describe('a webhook address', () => {
  const strict = httpOut({ allowPrivate: false, clock: { now: () => 0 } });
  test.each([
    ['plain http', 'http://hooks.example.com/x'],
    ['loopback', 'https://127.0.0.1/x'],
    ['loopback as one number', 'https://2130706433/x'],
    ['loopback in octal', 'https://0177.0.0.1/x'],
    ['loopback inside IPv6', 'https://[::ffff:127.0.0.1]/x'],
    ['localhost', 'https://localhost/x'],
    ['a name of the inside', 'https://metadata.google.internal/x'],
    ['a user name', 'https://user:pass@hooks.example.com/x'],
    ['the port of another service', 'https://hooks.example.com:25/x'],
    ['a file', 'file:///etc/passwd'],
    ['nonsense', 'hello'],
  ])('with %s is refused', (_name, url) => expect(strict.problemOf(url)).toEqual(expect.any(String)));

  test('of the outside is accepted', () =>
    expect(strict.problemOf('https://hooks.example.com/x')).toBeNull());

  test('whose name resolves to a private address is refused when it is used', async () => {
    // No name server is asked for this one: hosts files everywhere have it, and the trailing dot passes a plain comparison.
    const answer = await strict.post({
      url: 'https://ip6-localhost/x',
      headers: {},
      body: '{}',
      timeoutMs: 2_000,
    });
    expect(answer.kind === 'refused' || (answer.kind === 'broken' && !answer.isAmbiguous)).toBe(true);
  });
});
