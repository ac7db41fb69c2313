/** What the server said when it did not do as asked. `requestId` names the line in the server's log. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly requestId: string | null,
  ) {
    super(detail);
  }
}

type Query = Readonly<Record<string, string | number | undefined>>;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** 20 s: a server that is alive answers in well under a second; a person should learn of it rather than wait. */
const ANSWER_MS_MAX = 20_000;

export function get<T>(path: string, query: Query = {}): Promise<T> {
  return call<T>('GET', path + search(query), undefined);
}
export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return call<T>('POST', path, body);
}
export function put<T>(path: string, body: unknown): Promise<T> {
  return call<T>('PUT', path, body);
}
export function remove(path: string): Promise<void> {
  return call<void>('DELETE', path, undefined);
}

async function call<T>(method: Method, path: string, body: unknown): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  // A form on another site cannot send this header, so the server takes it as proof of our own page.
  if (method !== 'GET') headers['x-castellan-csrf'] = '1';
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(`/api/v1${path}`, {
    method,
    headers,
    credentials: 'same-origin',
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new ApiProblem(0, 'CAS_UNAVAILABLE', `The server did not answer (${reasonOf(cause)}).`, null);
  });
  if (!response.ok) throw await problemOf(response);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

function search(query: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null);
  const field = (name: string): string | null => {
    if (typeof body !== 'object' || body === null) return null;
    const value = (body as Record<string, unknown>)[name];
    return typeof value === 'string' ? value : null;
  };
  return new ApiProblem(
    response.status,
    field('code') ?? `HTTP ${response.status}`,
    field('detail') ?? field('title') ?? `The server answered ${response.status}.`,
    field('request_id'),
  );
}

function reasonOf(cause: unknown): string {
  if (cause instanceof DOMException && cause.name === 'TimeoutError') return `nothing for ${ANSWER_MS_MAX / 1000} s`;
  return 'no connection';
}
