import type { Seeded } from './seeded.js';

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'CONNECT',
  'TRACE',
  'PATCH',
  'GE T',
  '',
  'g\u0000t',
];
const TARGETS = [
  '//',
  '///',
  '/',
  '*',
  '/agent',
  '/agent?x=%',
  '/enrol',
  '/%',
  '/%00',
  '/%c0%af',
  '/..%2f..%2fetc/passwd',
  'http://[::1',
  'http://[/',
  'https://a:99999/',
  'http://user@:/',
  'example.com:443',
  '?',
  '#',
  '\\\\',
  '/api/v1/findings/%ff',
  '/api/v1/nodes/%00',
  '/api/v1/session',
  '/api/v1/findings?limit=1e999&cursor=%00',
  '/assets/%2e%2e/x.js',
  `/${'a'.repeat(9_000)}`,
  `/${'%41'.repeat(3_000)}`,
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'http/1.1', 'HTTP/1.', ''];
const HEADERS = [
  'Connection: Upgrade\r\nUpgrade: x',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 99',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ,,\u0001',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x',
  'Expect: 100-continue',
  'Expect: something-else',
  'Host: [',
  'Host: a\r\nHost: b',
  'Host: %00:-1',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked, identity',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Content-Length: 5\r\nTransfer-Encoding: chunked',
  'Content-Type: application/json\r\nContent-Length: 4',
  'Content-Type: application/json; charset=\u00ff',
  'Cookie: castellan_session=%E0%A4%A; a; =; ;;',
  `Cookie: ${'a=b; '.repeat(900)}`,
  'X-Forwarded-For: \u0007, ,,::1%x',
  'Last-Event-ID: ../..\u0001',
  'x-castellan-csrf: 1',
  'Bad Header: x',
  ': x',
  'A',
  ` folded\r\n more`,
  `X: ${'y'.repeat(20_000)}`,
  'Range: bytes=-1--1,9-1',
  'Accept-Encoding: \u0000',
  'If-None-Match: "',
  'Authorization: Basic \u00ff',
];
const BODIES = ['', '{}', '{"', '[[[', 'null', '5\r\nabc', '0\r\n\r\n', 'ffffffffff\r\nx', '\u0000\u0000'];

/** The bytes of one request that no client of ours makes. */
export function httpShot(seeded: Seeded): Buffer {
  if (seeded.unit() < 0.1) return seeded.bytes(1 + seeded.below(600));
  const version = seeded.unit() < 0.7 ? 'HTTP/1.1' : seeded.pick(VERSIONS);
  const headers = Array.from({ length: seeded.below(4) }, () => seeded.pick(HEADERS));
  if (seeded.unit() < 0.6) headers.unshift('Host: x');
  const head = `${seeded.pick(METHODS)} ${seeded.pick(TARGETS)} ${version}\r\n${headers.map((line) => `${line}\r\n`).join('')}`;
  const whole = Buffer.from(`${head}\r\n${seeded.pick(BODIES)}`, 'latin1');
  return seeded.unit() < 0.15 ? whole.subarray(0, seeded.below(whole.length)) : whole;
}

/** A real ClientHello that is cut off or has some bytes exchanged, or bytes of another protocol. */
export function tlsShot(seeded: Seeded, clientHello: Buffer): Buffer {
  const kind = seeded.below(5);
  if (kind === 0) return seeded.bytes(1 + seeded.below(400));
  if (kind === 1) return Buffer.from('GET / HTTP/1.1\r\n\r\n');
  const bytes = Buffer.from(clientHello);
  if (kind === 2) return bytes.subarray(0, 1 + seeded.below(bytes.length - 1));
  for (let n = 0; n <= seeded.below(8); n += 1) bytes[seeded.below(bytes.length)] = seeded.below(256);
  if (kind === 3) return bytes;
  return Buffer.concat([clientHello, seeded.bytes(1 + seeded.below(300))]);
}
