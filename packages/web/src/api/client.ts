import { visibleDeep } from '@castellan/shared/text/visible-text';
import createClient from 'openapi-fetch';
import type { paths } from './schema.generated.js';

/** What the server said when it did not do as asked. `requestId` names the line in the server's log. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly requestId: string | null,
    /** Of a search that the server cannot read: what to write instead. */
    readonly suggestion: string | null = null,
  ) {
    super(suggestion === null ? detail : `${detail}. Write ${suggestion}`);
  }
}

/** 20 s: a server that is alive answers in well under a second; a person should learn of it rather than wait. */
const ANSWER_MS_MAX = 20_000;

export const api = createClient<paths>({
  credentials: 'same-origin',
  // A form on another site cannot send this header, so the server takes it as proof of our own page.
  headers: { 'x-castellan-csrf': '1' },
  fetch: (request) => fetch(request, { signal: AbortSignal.timeout(ANSWER_MS_MAX) }),
});

interface Reply<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** What a call answers, or an ApiProblem. */
export async function answerOf<T>(call: Promise<Reply<T>>): Promise<T> {
  const reply = await call.catch((cause: unknown) => {
    throw new ApiProblem(0, 'CAS_UNAVAILABLE', `The server did not answer (${reasonOf(cause)}).`, null);
  });
  if (!reply.response.ok) throw problemOf(reply.response.status, reply.error);
  // The one way in: nodes' texts are shown in titles, summaries and diffs, and none of them hides or turns anything.
  return visibleDeep(reply.data as T);
}

function problemOf(status: number, body: unknown): ApiProblem {
  const field = (name: string): string | null => {
    if (typeof body !== 'object' || body === null) return null;
    const value = (body as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : null;
  };
  return new ApiProblem(
    status,
    field('code') ?? `HTTP ${status}`,
    field('detail') ?? field('title') ?? `The server answered ${status}.`,
    field('request_id'),
    field('suggestion'),
  );
}

function reasonOf(cause: unknown): string {
  if (cause instanceof DOMException && cause.name === 'TimeoutError')
    return `nothing for ${ANSWER_MS_MAX / 1000} s`;
  return 'no connection';
}
