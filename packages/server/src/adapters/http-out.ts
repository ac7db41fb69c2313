import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import { type Clock, steady } from '../ports/clock.js';
import type { HttpAnswer, HttpOut, HttpRequest } from '../ports/http-out.js';
import { isPrivateAddress } from './addresses.js';

const CONNECT_MS_MAX = 5_000;
/** Enough of an answer to let the receiver finish; nobody reads it. */
const ANSWER_BYTES_MAX = 16_384;
const PORTS_REFUSED: ReadonlySet<string> = new Set(['22', '23', '25', '465', '587', '2025', '2027', '5432']);

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

/** `allowPrivate` permits loopback and private networks and plain HTTP: for receivers in the same data centre. */
export function httpOut(options: { allowPrivate: boolean; clock: Clock }): HttpOut {
  const { allowPrivate, clock } = options;
  return {
    problemOf: (url) => problemOf(url, allowPrivate),
    async post(exchange) {
      const began = steady(clock);
      const ms = () => Math.round(steady(clock) - began);
      const problem = problemOf(exchange.url, allowPrivate);
      if (problem !== null) return { kind: 'refused', detail: problem, ms: ms() };
      const signal = AbortSignal.any([
        AbortSignal.timeout(exchange.timeoutMs),
        ...(exchange.signal ? [exchange.signal] : []),
      ]);
      const pinned = await pin(new URL(exchange.url), allowPrivate, signal);
      if (!pinned.ok) return { ...pinned.answer, ms: ms() };
      return send(exchange, pinned.address, signal, ms);
    },
  };
}

async function send(
  exchange: HttpRequest,
  address: PinnedAddress,
  signal: AbortSignal,
  ms: () => number,
): Promise<HttpAnswer> {
  // One agent for one exchange, bound to the address that was checked: what the name resolves to later does not matter.
  const pinnedLookup = ((_host, options, done) => {
    if (options.all) return done(null, [address]);
    return done(null, address.address, address.family);
  }) as LookupFunction;
  const agent = new Agent({ connect: { lookup: pinnedLookup, timeout: CONNECT_MS_MAX }, pipelining: 0 });
  try {
    const { statusCode, headers, body } = await request(exchange.url, {
      method: 'POST',
      headers: exchange.headers,
      body: exchange.body,
      dispatcher: agent,
      signal,
    });
    await body.dump({ limit: ANSWER_BYTES_MAX, signal });
    return {
      kind: 'answered',
      status: statusCode,
      retryAfter: [headers['retry-after']].flat()[0],
      ms: ms(),
    };
  } catch (cause) {
    return { ...brokenBy(cause), ms: ms() };
  } finally {
    await agent.destroy();
  }
}

function brokenBy(cause: unknown): { kind: 'broken'; detail: string; isAmbiguous: boolean } {
  const { code = '', name = '' } = (cause ?? {}) as { code?: string; name?: string };
  if (name === 'TimeoutError' || name === 'AbortError')
    return { kind: 'broken', detail: 'no answer in time', isAmbiguous: true };
  return { kind: 'broken', detail: code || name || 'the connection broke', isAmbiguous: !UNSENT.has(code) };
}

interface PinnedAddress {
  readonly address: string;
  readonly family: number;
}

type Pinned =
  | { ok: true; address: PinnedAddress }
  | {
      ok: false;
      answer: { kind: 'refused'; detail: string } | { kind: 'broken'; detail: string; isAmbiguous: boolean };
    };

async function pin(url: URL, allowPrivate: boolean, signal: AbortSignal): Promise<Pinned> {
  const host = bareHost(url);
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

const PRIVATE_DETAIL = 'the address is in a private network; set webhook.allowPrivate if that is meant';

function problemOf(text: string, allowPrivate: boolean): string | null {
  if (!URL.canParse(text)) return 'this is not a URL';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'only https is possible';
  if (url.protocol === 'http:' && !allowPrivate)
    return 'plain http would show the page to the network; use https';
  if (url.username !== '' || url.password !== '') return 'a URL must not hold a user name or a password';
  if (PORTS_REFUSED.has(url.port)) return `port ${url.port} is not a port of web servers`;
  if (allowPrivate) return null;
  const host = bareHost(url);
  if (isIP(host) ? isPrivateAddress(host) : /(^|\.)(localhost|internal|local)\.?$/.test(host))
    return PRIVATE_DETAIL;
  return null;
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
