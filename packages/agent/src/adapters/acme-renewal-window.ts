import { get, type RequestOptions } from 'node:https';
import { parseJson } from '@castellan/shared/base/parse-json';
import type { Acme, RenewalWindow } from '../ports/acme.js';

const ANSWER_BYTES_MAX = 256 * 1024;
/** A window that is longer, or ends before it begins, is none (RFC 9773, 4.2). */
const WINDOW_MS_MAX = 366 * 86_400_000;

/** RFC 9773, 4: the directory names where windows are told. Whatever goes wrong is no answer, and no reason not to renew. */
export const renewalWindow: Acme['renewalWindow'] = async ({
  directory,
  authoritiesPem,
  certificateId,
  timeoutMs,
}) => {
  const options = { timeout: timeoutMs, ...(authoritiesPem === null ? {} : { ca: authoritiesPem }) };
  const listed = await json(directory, options);
  const place = memberOf(listed, 'renewalInfo');
  if (typeof place !== 'string' || !place.startsWith('https://')) return null;
  return windowOf(await json(`${place.replace(/\/+$/, '')}/${certificateId}`, options));
};

/** The window of a server's answer; null: it is none. */
export function windowOf(answer: unknown): RenewalWindow | null {
  const window = memberOf(answer, 'suggestedWindow');
  const instant = (name: string): number => {
    const text = memberOf(window, name);
    return typeof text === 'string' ? Date.parse(text) : Number.NaN;
  };
  const [startMs, endMs] = [instant('start'), instant('end')];
  const isWindow = endMs > startMs && endMs - startMs <= WINDOW_MS_MAX;
  return isWindow ? { startMs, endMs } : null;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Null: there was no answer of this kind. */
function json(url: string, options: RequestOptions & { readonly timeout: number }): Promise<unknown> {
  return new Promise((resolve) => {
    try {
      const request = get(url, { ...options, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > ANSWER_BYTES_MAX) request.destroy();
        });
        response.on('end', () => resolve(response.statusCode === 200 ? parseJson(text) : null));
        response.on('error', () => resolve(null));
        response.on('close', () => resolve(null));
      });
      // Of the whole, not of a silence between two bytes.
      const deadline = setTimeout(() => request.destroy(), options.timeout);
      request.on('close', () => {
        clearTimeout(deadline);
        resolve(null);
      });
      request.on('error', () => resolve(null));
    } catch {
      resolve(null);
    }
  });
}
