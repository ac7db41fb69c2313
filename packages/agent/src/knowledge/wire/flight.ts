import { isDhe } from './suites.js';

/** What comes beyond is not read: a flight with a long chain has a tenth of it. */
export const FLIGHT_BYTES_MAX = 128 * 1024;
const CHAIN_MAX = 16;
/** RFC 5246, 6.2.3: what a record may have at most. */
const RECORD_BYTES_MAX = 16_384 + 2048;

export interface DheParameters {
  readonly prime: Buffer;
  readonly generator: Buffer;
}

/** What a server says to a hello; each null where it was not said, or not whole. */
export interface TlsFlight {
  readonly kind: 'tls';
  /** The first fatal alert. */
  readonly alert: number | null;
  readonly hello: { readonly version: number; readonly suite: number } | null;
  /** DER, the leaf first. */
  readonly chain: readonly Buffer[];
  readonly dhe: DheParameters | null;
  /** Nothing that is wanted can follow. */
  readonly isComplete: boolean;
}

export type Flight =
  | TlsFlight
  /** SERVER-HELLO of SSL 2.0. */
  | {
      readonly kind: 'sslv2';
      readonly suites: readonly number[];
      readonly chain: readonly Buffer[];
      readonly isComplete: boolean;
    }
  | { readonly kind: 'nothing'; readonly isComplete: false }
  /** Not the beginning of an answer to any hello. */
  | { readonly kind: 'not-tls'; readonly isComplete: true };

/** Reads what has come so far. Never throws, whatever came; a part of a message is as if it had not come. */
export function decodeFlight(bytes: Buffer): Flight {
  const [first, second, third] = bytes;
  if (first === undefined) return { kind: 'nothing', isComplete: false };
  if ((first & 0x80) !== 0) return decodeSslv2(bytes);
  const isRecord = (first === 21 || first === 22) && (second ?? 3) === 3 && (third ?? 0) <= 4;
  return isRecord ? decodeRecords(bytes) : { kind: 'not-tls', isComplete: true };
}

function decodeSslv2(bytes: Buffer): Flight {
  if (bytes.length < 3) return { kind: 'nothing', isComplete: false };
  const length = bytes.readUInt16BE(0) & 0x7fff;
  const body = bytes.subarray(2, 2 + length);
  if (body[0] !== 4 || length < 11) return { kind: 'not-tls', isComplete: true };
  if (body.length < length) return { kind: 'nothing', isComplete: false };
  if (body.readUInt16BE(3) !== 0x0002) return { kind: 'not-tls', isComplete: true };
  const [certificateLength, specsLength] = [body.readUInt16BE(5), body.readUInt16BE(7)];
  const certificate = body.subarray(11, 11 + certificateLength);
  const specs = body.subarray(11 + certificateLength, 11 + certificateLength + specsLength);
  const suites = Array.from({ length: Math.floor(specs.length / 3) }, (_, at) => specs.readUIntBE(at * 3, 3));
  return {
    kind: 'sslv2',
    suites,
    chain: certificate.length > 0 ? [certificate] : [],
    isComplete: true,
  };
}

function decodeRecords(bytes: Buffer): Flight {
  const { handshake, alert, isOver, isBroken } = joined(bytes);
  const read = readMessages(handshake);
  // Something came that is no record, before anything that was understood.
  if (isBroken && alert === null && read.hello === null) return { kind: 'not-tls', isComplete: true };
  const isComplete = isOver || isBroken || alert !== null || read.isDone;
  return { kind: 'tls', alert, hello: read.hello, chain: read.chain, dhe: read.dhe, isComplete };
}

/** The handshake messages of all records, until one that says that no more come in clear. */
function joined(bytes: Buffer) {
  const parts: Buffer[] = [];
  let alert: number | null = null;
  let isOver = false;
  let isBroken = false;
  for (let at = 0; at + 5 <= bytes.length && !isOver && !isBroken && alert === null; ) {
    const type = bytes[at] ?? 0;
    const length = bytes.readUInt16BE(at + 3);
    const content = bytes.subarray(at + 5, at + 5 + length);
    if (bytes[at + 1] !== 3 || length === 0 || length > RECORD_BYTES_MAX) isBroken = true;
    else if (type === 20 || type === 23) isOver = true;
    else if (type !== 21 && type !== 22) isBroken = true;
    else if (type === 22) parts.push(content);
    // A warning is no end; one that is not whole is none yet.
    else if (content.length === 2 && content[0] === 2) alert = content[1] ?? null;
    at += 5 + length;
  }
  return { handshake: Buffer.concat(parts), alert, isOver, isBroken };
}

function readMessages(handshake: Buffer) {
  let hello: TlsFlight['hello'] = null;
  let chain: readonly Buffer[] = [];
  let dhe: DheParameters | null = null;
  let isDone = false;
  for (let at = 0; at + 4 <= handshake.length && !isDone; ) {
    const length = handshake.readUIntBE(at + 1, 3);
    const body = handshake.subarray(at + 4, at + 4 + length);
    if (body.length < length) break;
    const type = handshake[at];
    if (type === 2) hello = serverHello(body) ?? hello;
    else if (type === 11) chain = certificates(body);
    else if (type === 12 && hello && isDhe(hello.suite)) dhe = dheParameters(body);
    // ServerHelloDone; of TLS 1.3 the rest is encrypted.
    isDone = type === 14 || hello?.version === 0x0304;
    at += 4 + length;
  }
  return { hello, chain, dhe, isDone };
}

function serverHello(body: Buffer): TlsFlight['hello'] {
  if (body.length < 38) return null;
  const at = 35 + (body[34] ?? 0);
  if (at + 3 > body.length) return null;
  const hello = { version: body.readUInt16BE(0), suite: body.readUInt16BE(at) };
  return { ...hello, version: supportedVersion(body.subarray(at + 3)) ?? hello.version };
}

/** RFC 8446, 4.2.1: TLS 1.3 says its version in an extension, and 1.2 where it always stood. */
function supportedVersion(rest: Buffer): number | null {
  for (let at = 2; at + 4 <= rest.length; ) {
    const length = rest.readUInt16BE(at + 2);
    if (rest.readUInt16BE(at) === 43 && length === 2 && at + 6 <= rest.length)
      return rest.readUInt16BE(at + 4);
    at += 4 + length;
  }
  return null;
}

function certificates(body: Buffer): Buffer[] {
  const chain: Buffer[] = [];
  for (let at = 3; at + 3 <= body.length && chain.length < CHAIN_MAX; ) {
    const length = body.readUIntBE(at, 3);
    if (length === 0 || at + 3 + length > body.length) break;
    chain.push(body.subarray(at + 3, at + 3 + length));
    at += 3 + length;
  }
  return chain;
}

/** ServerDHParams (RFC 5246, 7.4.3): p, g and the server's own share, each with its length. */
function dheParameters(body: Buffer): DheParameters | null {
  const parts: Buffer[] = [];
  for (let at = 0; at + 2 <= body.length && parts.length < 3; ) {
    const length = body.readUInt16BE(at);
    if (length === 0 || at + 2 + length > body.length) return null;
    parts.push(body.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  const [prime, generator, share] = parts;
  return prime && generator && share
    ? { prime: withoutZeros(prime), generator: withoutZeros(generator) }
    : null;
}

function withoutZeros(bytes: Buffer): Buffer {
  const first = bytes.findIndex((octet) => octet !== 0);
  return first === -1 ? Buffer.alloc(0) : bytes.subarray(first);
}
