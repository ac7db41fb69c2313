import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPrivateAddress } from './addresses.js';

// Before anything was sent: the receiver cannot have taken it.
const UNSENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export interface Broken {
  readonly kind: 'broken';
  readonly detail: string;
  readonly isAmbiguous: boolean;
}

/** An exchange that ended by an error, in words that hold nothing of what was exchanged. */
export function brokenBy(cause: unknown): Broken {
  const { code = '', name = '' } = (cause ?? {}) as { code?: string; name?: string };
  if (name === 'TimeoutError' || name === 'AbortError')
    return { kind: 'broken', detail: 'no answer in time', isAmbiguous: true };
  return { kind: 'broken', detail: code || name || 'the connection broke', isAmbiguous: !UNSENT.has(code) };
}

export interface PinnedAddress {
  readonly address: string;
  readonly family: number;
}

type Pinned =
  | { ok: true; address: PinnedAddress }
  | { ok: false; answer: { kind: 'refused'; detail: string } | Broken };

export const PRIVATE_DETAIL =
  'the address is in a private network; set webhook.allowPrivate if that is meant';

/** By what it looks like, without asking anybody. */
export function isPrivateHost(host: string): boolean {
  return isIP(host) ? isPrivateAddress(host) : /(^|\.)(localhost|internal|local)\.?$/.test(host);
}

/** The one address of a host that may be connected to. The connection must use it, and not resolve the name again. */
export async function pin(host: string, allowPrivate: boolean, signal: AbortSignal): Promise<Pinned> {
  if (isIP(host)) return { ok: true, address: { address: host, family: isIP(host) } };
  try {
    const addresses = await abortable(lookup(host, { all: true, verbatim: true }), signal);
    const [first] = addresses;
    if (!first)
      return { ok: false, answer: { kind: 'broken', detail: 'the name has no address', isAmbiguous: false } };
    // One private address among public ones would be tried on a bad day: all must be fit.
    if (!allowPrivate && addresses.some(({ address }) => isPrivateAddress(address))) {
      return { ok: false, answer: { kind: 'refused', detail: PRIVATE_DETAIL } };
    }
    return { ok: true, address: first };
  } catch (cause) {
    return { ok: false, answer: { ...brokenBy(cause), isAmbiguous: false } };
  }
}

function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}
