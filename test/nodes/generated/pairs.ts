import { createDiffieHellmanGroup } from 'node:crypto';
import { DAY_MS, newKeyPem, type Pair, selfSigned } from '../../standin/dist/lay/certificates.js';

/** New keys are dear: two are made, and a certificate for each span of time that a node asks for. */
const keys = new Map<number, string>();
const pairs = new Map<string, Pair>();

/** From so many days ago to so many days from now; `key`: 0 or 1. */
export function pairOf(fromDays: number, toDays: number, key = 0): Pair {
  const keyPem = keys.get(key) ?? newKeyPem();
  keys.set(key, keyPem);
  const name = `${fromDays} ${toDays} ${key}`;
  const now = Date.now();
  const pair =
    pairs.get(name) ??
    selfSigned({
      hostname: 'node.example.com',
      notBefore: new Date(now + fromDays * DAY_MS),
      notAfter: new Date(now + toDays * DAY_MS),
      keyPem,
    });
  pairs.set(name, pair);
  return pair;
}

export const inTime = (): Pair => pairOf(-60, 305);

/** PKCS #3: the prime and the generator 2. */
export function dhParameters(bits: 1024 | 2048): string {
  const prime = createDiffieHellmanGroup(bits === 1024 ? 'modp2' : 'modp14').getPrime();
  const length = (n: number) => (n < 128 ? [n] : n < 256 ? [0x81, n] : [0x82, n >> 8, n & 0xff]);
  const integer = (bytes: Buffer) => Buffer.from([2, ...length(bytes.length), ...bytes]);
  const body = Buffer.concat([integer(Buffer.from([0, ...prime])), integer(Buffer.from([2]))]);
  const der = Buffer.from([0x30, ...length(body.length), ...body]);
  const text = der.toString('base64').replace(/(.{64})/g, '$1\n');
  return `-----BEGIN DH PARAMETERS-----\n${text.trimEnd()}\n-----END DH PARAMETERS-----\n`;
}
