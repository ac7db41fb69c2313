import type { WireVersion } from '../../facts/parts/served-tls.js';
import { SSLV2_SUITES } from './suites.js';

type TlsWire = Exclude<WireVersion, 'SSLv2'>;

/** On the wire, as of RFC 6101, 2246, 4346, 5246 and 8446. */
export const CODE_OF: Readonly<Record<TlsWire, number>> = {
  SSLv3: 0x0300,
  'TLSv1.0': 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
};

export interface Hello {
  readonly version: TlsWire;
  readonly suites: readonly number[];
  readonly servername?: string | undefined;
}

/** Secure renegotiation is spoken (RFC 5746): some servers talk to nobody else. */
const RENEGOTIATION_SCSV = 0x00ff;

/** Thirty-two octets that a capture of packets is recognised by. Nothing is kept secret with them. */
const MARK = Buffer.from('castellan: what do you speak? ..', 'latin1');

/** x25519, P-256, P-384, P-521, then RFC 7919: a server that knows these answers DHE to nobody who names none. */
const GROUPS = [0x001d, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101, 0x0102, 0x0103, 0x0104];
/** RSA-PSS, ECDSA, RSA, EdDSA, with SHA-1 and DSA for who has nothing else. */
const SIGNATURES = [
  0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601, 0x0807,
  0x0808, 0x0203, 0x0201, 0x0402, 0x0202,
];

/** Between these lengths, in octets, some load balancers hang (RFC 7685, section 1). */
const HANG = { from: 256, to: 511 };

/** A ClientHello in one record; of SSL 3.0 without extensions, which it has not. */
export function clientHello({ version, suites, servername }: Hello): Buffer {
  const code = CODE_OF[version];
  const body = Buffer.concat([
    u16(Math.min(code, CODE_OF['TLSv1.2'])),
    MARK,
    Buffer.from([0]),
    sized16(u16(...suites, RENEGOTIATION_SCSV)),
    Buffer.from([1, 0]),
  ]);
  const whole =
    version === 'SSLv3' ? body : Buffer.concat([body, extensions(version, servername, body.length)]);
  const handshake = Buffer.concat([Buffer.from([1]), u24(whole.length), whole]);
  const record = version === 'SSLv3' ? CODE_OF.SSLv3 : CODE_OF['TLSv1.0'];
  return Buffer.concat([Buffer.from([22]), u16(record), sized16(handshake)]);
}

/** CLIENT-HELLO of SSL 2.0, with all of its ciphers and no session. */
export function sslv2Hello(): Buffer {
  const specs = Buffer.concat([...SSLV2_SUITES.keys()].map(u24));
  const challenge = MARK.subarray(0, 16);
  const body = Buffer.concat([
    Buffer.from([1]),
    u16(0x0002, specs.length, 0, challenge.length),
    specs,
    challenge,
  ]);
  return Buffer.concat([u16(0x8000 | body.length), body]);
}

function extensions(version: TlsWire, servername: string | undefined, bodyLength: number): Buffer {
  const all: Buffer[] = [];
  const add = (type: number, content: Buffer) => all.push(u16(type), sized16(content));
  if (servername && !isAddress(servername) && servername.length <= 255)
    add(0, sized16(Buffer.concat([Buffer.from([0]), sized16(Buffer.from(servername, 'latin1'))])));
  add(10, sized16(u16(...GROUPS)));
  add(11, Buffer.from([1, 0]));
  if (version === 'TLSv1.2' || version === 'TLSv1.3') add(13, sized16(u16(...SIGNATURES)));
  if (version === 'TLSv1.3') {
    add(43, Buffer.concat([Buffer.from([2]), u16(CODE_OF['TLSv1.3'])]));
    add(45, Buffer.from([1, 1]));
    // Any 32 octets are a public key of x25519 (RFC 7748): the secret is never used.
    add(51, sized16(Buffer.concat([u16(0x001d), sized16(MARK)])));
  }
  const length = Buffer.concat(all).length;
  // The handshake's own head, and the length of the extensions.
  const total = 4 + bodyLength + 2 + length;
  if (total >= HANG.from && total <= HANG.to) add(21, Buffer.alloc(Math.max(0, HANG.to + 1 - total - 4)));
  return sized16(Buffer.concat(all));
}

/** An address is no name of a server (RFC 6066, 3). */
function isAddress(host: string): boolean {
  return host.includes(':') || /^[\d.]+$/.test(host);
}

function u16(...values: readonly number[]): Buffer {
  return Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 0xff])));
}

function u24(value: number): Buffer {
  return Buffer.from([(value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]);
}

function sized16(content: Buffer): Buffer {
  return Buffer.concat([u16(content.length), content]);
}
