import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CODE_OF, clientHello, sslv2Hello } from './hello.js';
import {
  CBC,
  DHE,
  isCbc,
  isDhe,
  RARE,
  SUITES,
  suiteName,
  TLS13,
  USUAL,
  WEAK_SUITES,
  weakKinds,
} from './suites.js';

const VERSIONS = ['SSLv3', 'TLSv1.0', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

test.each(VERSIONS)('a hello of %s says its version where that version says it', (version) => {
  const hello = clientHello({ version, suites: USUAL, servername: 'mta1.example.com' });
  expect(hello[0]).toBe(22);
  expect(hello.readUInt16BE(1)).toBe(version === 'SSLv3' ? 0x0300 : 0x0301);
  expect(hello.readUInt16BE(3)).toBe(hello.length - 5);
  expect(hello.readUIntBE(6, 3)).toBe(hello.length - 9);
  expect(hello.readUInt16BE(9)).toBe(Math.min(CODE_OF[version], 0x0303));
  expect(hello.includes(Buffer.from('mta1.example.com'))).toBe(version !== 'SSLv3');
  expect(hello.includes(Buffer.from('002b0003020304', 'hex'))).toBe(version === 'TLSv1.3');
  // Signature algorithms came with TLS 1.2.
  expect(hello.includes(Buffer.from('000d0026', 'hex'))).toBe(version >= 'TLSv1.2');
});

test('SSL 3.0 has no extensions: it ends with the one compression method', () => {
  expect(clientHello({ version: 'SSLv3', suites: CBC }).subarray(-2).toString('hex')).toBe('0100');
});

test('an address is no server name', () => {
  const [with4, without] = ['192.0.2.1', undefined].map((servername) =>
    clientHello({ version: 'TLSv1.2', suites: USUAL, servername }),
  );
  expect(with4).toEqual(without);
});

test('CLIENT-HELLO of SSL 2.0', () => {
  const hello = sslv2Hello();
  expect(hello.readUInt16BE(0)).toBe(0x8000 | (hello.length - 2));
  expect(hello.subarray(2, 11).toString('hex')).toBe('01000200' + '1e' + '0000' + '0010');
  expect(hello.length).toBe(11 + 30 + 16);
});

test('no hello with extensions has a length at which load balancers hang', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...VERSIONS.slice(1)),
      fc.nat(120),
      fc.string({ maxLength: 100, unit: 'grapheme-ascii' }),
      (version, count, servername) => {
        const length =
          clientHello({ version, suites: [...SUITES.keys()].slice(0, count), servername }).length - 5;
        expect(length < 256 || length > 511).toBe(true);
      },
    ),
  );
});

test('each batch is one that old servers read: at most 128 suites', () => {
  expect([USUAL, RARE, DHE, WEAK_SUITES, TLS13].map(({ length }) => length <= 128)).toEqual(
    Array(5).fill(true),
  );
  expect([...USUAL, ...RARE, ...TLS13].toSorted((a, b) => a - b)).toEqual(
    [...SUITES.keys()].toSorted((a, b) => a - b),
  );
});

test.each<[number, string, readonly string[]]>([
  [0x0003, 'TLS_RSA_EXPORT_WITH_RC4_40_MD5', ['EXP', 'RC4', 'MD5', 'LOW']],
  [0x0005, 'TLS_RSA_WITH_RC4_128_SHA', ['RC4']],
  [0x0009, 'TLS_RSA_WITH_DES_CBC_SHA', ['LOW']],
  [0x000a, 'TLS_RSA_WITH_3DES_EDE_CBC_SHA', ['3DES']],
  [0x0034, 'TLS_DH_anon_WITH_AES_128_CBC_SHA', ['aNULL']],
  [0x0002, 'TLS_RSA_WITH_NULL_SHA', ['eNULL']],
  [0x002f, 'TLS_RSA_WITH_AES_128_CBC_SHA', []],
  [0xc02f, 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', []],
  [0xabcd, '0xabcd', []],
])('suite %i is %s, weak as %j', (code, name, kinds) => {
  expect([suiteName(code), weakKinds(code)]).toEqual([name, kinds]);
});

test.each([
  [0x0033, true, true],
  [0x0014, true, true],
  [0x009e, true, false],
  [0xc013, false, true],
  [0x002f, false, true],
])('suite %i: ephemeral DH %s, CBC %s', (code, dhe, cbc) =>
  expect([isDhe(code), isCbc(code)]).toEqual([dhe, cbc]),
);
