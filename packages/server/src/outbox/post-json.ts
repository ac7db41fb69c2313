import type { HttpAnswer } from '../ports/http-out.js';
import { ATTEMPT_MS_MAX, type ChannelDeps } from './channel.js';

/** One POST of a JSON text, as every channel over HTTP makes it. */
export function postJson(
  { httpOut, signal }: Pick<ChannelDeps, 'httpOut' | 'signal'>,
  request: {
    readonly url: string;
    readonly body: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** Where an attempt is several of them. */
    readonly timeoutMs?: number;
  },
): Promise<HttpAnswer> {
  const { url, body, headers = {}, timeoutMs = ATTEMPT_MS_MAX } = request;
  return httpOut.post({
    url,
    body,
    timeoutMs,
    ...(signal ? { signal } : {}),
    headers: { 'content-type': 'application/json', 'user-agent': 'Castellan', ...headers },
  });
}
