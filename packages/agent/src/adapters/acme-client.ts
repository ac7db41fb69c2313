import { Agent } from 'node:https';
import { inTime } from '@castellan/shared/base/in-time';
import type { Acme, AcmeChallenge, AcmeRequest, AcmeResult } from '../ports/acme.js';
import { renewalWindow } from './acme-renewal-window.js';

type Library = typeof import('acme-client');
type Client = InstanceType<Library['Client']>;

/** Asking whether a challenge was seen: first after this, then longer and longer up to the other, so often. */
const POLL = { backoffMin: 500, backoffMax: 8000, backoffAttempts: 20 };
const REQUEST_MS = 20_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
const NAMES_MAX = 100;
const DETAIL_LENGTH_MAX = 500;

/** RFC 8555 by the library acme-client, which is loaded when it is needed first. One request at a time. */
export const acmeClient: Acme = { issue, renewalWindow };

async function issue(request: AcmeRequest): Promise<AcmeResult> {
  const library = await import('acme-client');
  const abort = new AbortController();
  const signal = AbortSignal.any([request.signal, abort.signal]);
  const heard = listen(library, request, signal);
  try {
    const chainPem = await inTime(order(library, request, signal), request.timeoutMs, () => null);
    if (chainPem === null)
      return refused(`it did not issue within ${request.timeoutMs} ms`, heard.retryAfterMs());
    return { kind: 'issued', chainPem };
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error), heard.retryAfterMs());
  } finally {
    abort.abort();
    heard.stop();
  }
}

function refused(detail: string, retryAfterMs: number | null): AcmeResult {
  return {
    kind: 'refused',
    detail: detail.replaceAll(/\s+/g, ' ').slice(0, DETAIL_LENGTH_MAX),
    retryAfterMs,
  };
}

/** Who vouches for the server, how long a request may take, and what a refusal says of when to come back. */
function listen({ axios }: Library, { authoritiesPem }: AcmeRequest, signal: AbortSignal) {
  let retryAfterMs: number | null = null;
  const agent = new Agent(authoritiesPem === null ? {} : { ca: authoritiesPem });
  Object.assign(axios.defaults, {
    httpsAgent: agent,
    timeout: REQUEST_MS,
    maxContentLength: ANSWER_BYTES_MAX,
    maxRedirects: 0,
    proxy: false,
  });
  // Whoever is rate limited is asked again by the back-off that is on the disk, and by nothing else.
  Object.assign(axios.defaults, { acmeSettings: { retryMaxAttempts: 0, retryDefaultDelay: 1 } });
  const requests = axios.interceptors.request.use((config) => ({ ...config, signal }) as typeof config);
  const responses = axios.interceptors.response.use((response) => {
    if (response.status >= 400) retryAfterMs = retryAfterOf(response.headers['retry-after']) ?? retryAfterMs;
    return response;
  });
  return {
    retryAfterMs: () => retryAfterMs,
    stop() {
      axios.interceptors.request.eject(requests);
      axios.interceptors.response.eject(responses);
      agent.destroy();
    },
  };
}

/** Seconds, or an instant (RFC 9110, 10.2.3). */
export function retryAfterOf(header: unknown, nowMs?: number): number | null {
  if (typeof header !== 'string') return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - (nowMs ?? Date.now()));
}

async function order(library: Library, request: AcmeRequest, signal: AbortSignal): Promise<string> {
  const { directory, accountKeyPem, contact, requestPem, replaces } = request;
  const client = new library.Client({ directoryUrl: directory, accountKey: accountKeyPem, ...POLL });
  await client.createAccount({
    termsOfServiceAgreed: true,
    ...(contact === null ? {} : { contact: [`mailto:${contact}`] }),
  });
  const { commonName, altNames } = library.crypto.readCsrDomains(requestPem);
  const names = [...new Set([...altNames, ...(commonName ? [commonName] : [])])].slice(0, NAMES_MAX);
  const opened = await newOrder(client, names, replaces);
  for (const authorization of await client.getAuthorizations(opened)) {
    signal.throwIfAborted();
    if (authorization.status !== 'valid') await authorize(client, request, authorization);
  }
  return client.getCertificate(await client.finalizeOrder(opened, requestPem));
}

type Order = Awaited<ReturnType<Client['createOrder']>>;

/** RFC 9773, 5: a server that does not know, or has replaced, what is named refuses; it is then asked without. */
async function newOrder(client: Client, names: readonly string[], replaces: string | null): Promise<Order> {
  const wanted = { identifiers: names.map((value) => ({ type: 'dns', value })) };
  if (replaces === null) return client.createOrder(wanted);
  try {
    return await client.createOrder({ ...wanted, replaces } as typeof wanted);
  } catch {
    return client.createOrder(wanted);
  }
}

type Authorization = Awaited<ReturnType<Client['getAuthorizations']>>[number];

async function authorize(client: Client, request: AcmeRequest, authorization: Authorization): Promise<void> {
  const challenge = authorization.challenges.find(({ type }) => type === request.challenge);
  const name = authorization.identifier.value;
  if (!challenge) throw new Error(`the server offers no ${request.challenge} for ${name}`);
  const answer = await client.getChallengeKeyAuthorization(challenge);
  const given: AcmeChallenge = { name, token: challenge.token, answer };
  try {
    await request.fulfil(given);
    await client.completeChallenge(challenge);
    await client.waitForValidStatus(challenge);
  } finally {
    await request.withdraw(given);
  }
}
