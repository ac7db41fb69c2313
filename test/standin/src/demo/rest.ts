import { request } from 'node:http';

const TIMEOUT_MS = 15_000;

/** The server's REST API as a signed-in person uses it. Every answer other than 2xx is thrown, with the problem's words. */
export class Rest {
  #cookie = '';

  constructor(private readonly base: string) {}

  async signIn(name: string, password: string): Promise<void> {
    await this.post('/session', { name, password });
  }

  /** What a request that is made by hand must carry. */
  get cookie(): string {
    return this.#cookie;
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('POST', path, JSON.stringify(body));
  }

  #call<T>(method: string, path: string, body?: string): Promise<T> {
    const headers = {
      cookie: this.#cookie,
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-castellan-csrf': '1' }),
    };
    return new Promise((resolve, reject) => {
      const call = request(
        `${this.base}/api/v1${path}`,
        { method, headers, timeout: TIMEOUT_MS },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const status = response.statusCode ?? 0;
            if (status < 200 || status > 299)
              return reject(new Error(`${method} ${path}: ${status} ${text}`));
            const cookie = response.headers['set-cookie']?.[0]?.split(';')[0];
            if (cookie !== undefined) this.#cookie = cookie;
            // The server's own schema says what it is; a wrong guess shows at the first use.
            const answer: T = text === '' ? null : JSON.parse(text);
            resolve(answer);
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer in ${TIMEOUT_MS} ms`)));
      call.on('error', reject);
      call.end(body);
    });
  }
}

export interface NodeRow {
  readonly id: string;
  readonly name: string;
  readonly connected: boolean;
  readonly publicJwk: { readonly kty: string; readonly crv: string; readonly x: string; readonly y: string };
}

export interface FindingRow {
  readonly id: string;
  readonly node: { readonly id: string; readonly name: string };
  readonly control: string;
  readonly subject: string;
  readonly severity: string;
  readonly state: string;
  readonly summary: string;
  readonly resolution: string | null;
  readonly remediation: string | null;
}

export interface PlanRow {
  readonly state: 'waiting' | 'ready' | 'failed' | 'approved' | 'expired';
  readonly plan: {
    readonly digest: string;
    readonly changes: readonly {
      readonly target: string;
      readonly summary: string;
      readonly diff?: string;
    }[];
  } | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
}

export interface RunRow {
  readonly state: string;
  readonly error: string | null;
  readonly events: readonly { readonly state: string; readonly line: string }[];
}

export interface Page<T> {
  readonly items: readonly T[];
}
