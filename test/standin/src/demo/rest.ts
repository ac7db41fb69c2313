/** The server's REST interface, as the console uses it. */
export class Rest {
  #cookie = '';

  constructor(readonly url: string) {}

  async signIn(name: string, password: string): Promise<void> {
    const response = await this.#send('POST', '/session', { name, password });
    this.#cookie = response.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  }

  async get<T>(path: string): Promise<T> {
    return (await (await this.#send('GET', path)).json()) as T;
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return (await (await this.#send('POST', path, body)).json()) as T;
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { cookie: this.#cookie, 'x-castellan-csrf': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 500)}`);
    return response;
  }
}
