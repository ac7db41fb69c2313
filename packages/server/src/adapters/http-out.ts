import type { LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { type Clock, steady } from '../ports/clock.js';
import { ANSWER_TEXT_BYTES_MAX, type HttpAnswer, type HttpOut, type HttpRequest } from '../ports/http-out.js';
import { brokenBy, isPrivateHost, type PinnedAddress, PRIVATE_DETAIL, pin } from './pinned-address.js';

const CONNECT_MS_MAX = 5_000;
/** Enough of an answer to let the receiver finish. */
const ANSWER_BYTES_MAX = 16_384;
const PORTS_REFUSED: ReadonlySet<string> = new Set(['22', '23', '25', '465', '587', '2025', '2027', '5432']);

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
      const pinned = await pin(bareHost(new URL(exchange.url)), allowPrivate, signal);
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
    const text = await beginningOf(body, signal);
    return {
      kind: 'answered',
      status: statusCode,
      retryAfter: [headers['retry-after']].flat()[0],
      text,
      ms: ms(),
    };
  } catch (cause) {
    return { ...brokenBy(cause), ms: ms() };
  } finally {
    await agent.destroy();
  }
}

/** Reads on after what is kept, so that a receiver can finish; it is cut off where it does not. */
async function beginningOf(body: Dispatcher.ResponseData['body'], signal: AbortSignal): Promise<string> {
  const kept: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      if (bytes < ANSWER_TEXT_BYTES_MAX) kept.push(chunk.subarray(0, ANSWER_TEXT_BYTES_MAX - bytes));
      bytes += chunk.length;
      if (bytes >= ANSWER_BYTES_MAX) break;
    }
  } catch (cause) {
    // The status is the receiver's word, whatever becomes of the rest of its answer.
    if (signal.aborted) throw cause;
  }
  return Buffer.concat(kept).toString();
}

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
  return isPrivateHost(host) ? PRIVATE_DETAIL : null;
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}
