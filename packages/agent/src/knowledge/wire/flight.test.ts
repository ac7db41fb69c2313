import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFlight, FLIGHT_BYTES_MAX } from './flight.js';

const u16 = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const record = (type: number, content: Buffer) =>
  Buffer.concat([Buffer.from([type, 3, 1]), u16(content.length), content]);
const message = (type: number, body: Buffer) =>
  Buffer.concat([Buffer.from([type, 0]), u16(body.length), body]);
const serverHello = (version: number, suite: number, extensions = Buffer.alloc(0)) =>
  message(
    2,
    Buffer.concat([
      u16(version),
      Buffer.alloc(32),
      Buffer.from([0]),
      u16(suite),
      Buffer.from([0]),
      extensions,
    ]),
  );
const sized = (content: Buffer) => Buffer.concat([u16(content.length), content]);
const PRIME = Buffer.alloc(64, 0xfb);
const KEY_EXCHANGE = message(
  12,
  Buffer.concat([sized(Buffer.concat([Buffer.from([0]), PRIME])), sized(Buffer.from([2])), sized(PRIME)]),
);
const DER = Buffer.from('30030101ff', 'hex');
const CERTIFICATE = message(11, Buffer.concat([Buffer.from([0, 0, DER.length + 3, 0, 0, DER.length]), DER]));
const DONE = message(14, Buffer.alloc(0));
const whole = Buffer.concat([serverHello(0x0300, 0x0033), CERTIFICATE, KEY_EXCHANGE, DONE]);
const TLS13 = Buffer.concat([u16(6), u16(43), u16(2), u16(0x0304)]);

describe('what a server says', () => {
  test.each<[string, Buffer, object]>([
    ['nothing yet', Buffer.alloc(0), { kind: 'nothing', isComplete: false }],
    ['half of a record', record(22, whole).subarray(0, 20), { kind: 'tls', hello: null, isComplete: false }],
    ['a fatal alert', record(21, Buffer.from([2, 70])), { kind: 'tls', alert: 70, isComplete: true }],
    ['a warning, which is no end', record(21, Buffer.from([1, 112])), { alert: null, isComplete: false }],
    ['half of an alert', record(21, Buffer.from([2, 70])).subarray(0, 6), { alert: null, isComplete: false }],
    [
      'a whole flight in one record',
      record(22, whole),
      {
        hello: { version: 0x0300, suite: 0x33 },
        chain: [DER],
        dhe: { prime: PRIME, generator: Buffer.from([2]) },
        isComplete: true,
      },
    ],
    [
      'a flight whose messages span records',
      Buffer.concat([
        record(22, whole.subarray(0, 60)),
        record(22, whole.subarray(60, 150)),
        record(22, whole.subarray(150)),
      ]),
      { hello: { version: 0x0300, suite: 0x33 }, chain: [DER], dhe: { prime: PRIME }, isComplete: true },
    ],
    [
      'a key exchange of a suite without DHE',
      record(22, Buffer.concat([serverHello(0x0303, 0xc02f), KEY_EXCHANGE, DONE])),
      { hello: { version: 0x0303, suite: 0xc02f }, dhe: null, isComplete: true },
    ],
    [
      'TLS 1.3',
      record(22, serverHello(0x0303, 0x1301, TLS13)),
      { hello: { version: 0x0304, suite: 0x1301 }, isComplete: true },
    ],
    ['a banner', Buffer.from('220 mta1 ESMTP\r\n'), { kind: 'not-tls' }],
    ['the line of an error after STARTTLS', Buffer.from('503 bad sequence\r\n'), { kind: 'not-tls' }],
    [
      'a record of no type',
      Buffer.from('1603010004000000001703', 'hex').fill(0x19, 0, 1),
      { kind: 'not-tls' },
    ],
    ['a record without content', Buffer.from('1603010000', 'hex'), { kind: 'not-tls' }],
    [
      'SERVER-HELLO of SSL 2.0',
      Buffer.concat([
        u16(0x8000 | 21),
        Buffer.from('0400010002', 'hex'),
        u16(DER.length),
        u16(3),
        u16(2),
        DER,
        Buffer.from('0100801111', 'hex'),
      ]),
      { kind: 'sslv2', suites: [0x010080], chain: [DER], isComplete: true },
    ],
    [
      'SERVER-HELLO of SSL 2.0 without ciphers',
      Buffer.concat([u16(0x8000 | 11), Buffer.from('0400000002', 'hex'), u16(0), u16(0), u16(0)]),
      { kind: 'sslv2', suites: [], chain: [] },
    ],
    ['an error of SSL 2.0', Buffer.from('8003000001', 'hex'), { kind: 'not-tls' }],
  ])('%s', (_, bytes, expected) => {
    expect(decodeFlight(bytes)).toMatchObject(expected);
  });

  test('a certificate list that claims more than it has is cut where it ends', () => {
    const endless = message(11, Buffer.from('ffffff000004aabb', 'hex'));
    expect(decodeFlight(record(22, Buffer.concat([serverHello(0x0301, 0x2f), endless, DONE])))).toMatchObject(
      {
        chain: [],
        isComplete: true,
      },
    );
  });

  test('no bytes make it throw, and what it keeps is no more than came', () => {
    const begins = fc.constantFrom(
      Buffer.alloc(0),
      record(22, whole),
      record(22, serverHello(0x0301, 0x33)),
      Buffer.from([0x80]),
    );
    fc.assert(
      fc.property(begins, fc.uint8Array({ maxLength: 400 }), fc.nat(400), (begin, rest, cut) => {
        const bytes = Buffer.concat([begin.subarray(0, cut), rest]);
        const flight = decodeFlight(bytes);
        const kept = 'chain' in flight ? flight.chain.reduce((sum, one) => sum + one.length, 0) : 0;
        expect(kept).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });

  test('a complete answer stays what it is, whatever follows', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (rest) => {
        const { hello, dhe } = decodeFlight(Buffer.concat([record(22, whole), rest])) as Extract<
          ReturnType<typeof decodeFlight>,
          { kind: 'tls' }
        >;
        expect([hello, dhe?.prime]).toEqual([{ version: 0x0300, suite: 0x33 }, PRIME]);
      }),
    );
  });

  test('as much as is read of one answer is decoded', () => {
    const many = Array.from({ length: 8 }, () => record(22, Buffer.alloc(16_000, 0x0b)));
    expect(decodeFlight(Buffer.concat(many).subarray(0, FLIGHT_BYTES_MAX))).toMatchObject({
      kind: 'tls',
      hello: null,
    });
  });
});
