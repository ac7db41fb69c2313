import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SEVERITIES } from '@castellan/shared/model/severity';
import { onTestFinished } from 'vitest';
import { authorityMaker } from '../src/adapters/authority.js';
import { httpOut } from '../src/adapters/http-out.js';
import { openLog } from '../src/adapters/log.js';
import { mailOut } from '../src/adapters/mail-out.js';
import { systemClock, systemRandom } from '../src/adapters/system.js';
import { openVault } from '../src/adapters/vault.js';
import { type Adapters, type RunningServer, type ServerOptions, startServer } from '../src/app/server.js';
import { DEFAULTS } from '../src/config/settings.js';
import { type CatalogueRemediation, readCatalogue } from '../src/services/catalogue.js';
import { createUser } from '../src/services/people.js';
import { createToken } from '../src/services/tokens.js';
import { type Enrolled, enrol } from './agent.js';

export const PASSWORD = 'a password of the tests';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function testAdapters(changes: Partial<Adapters> = {}): Adapters {
  const clock = changes.clock ?? systemClock;
  return {
    clock,
    random: systemRandom,
    log: openLog('silent'),
    vault: openVault(Buffer.alloc(32, 7)),
    // Fast on purpose: what argon2 does is tried where it is used.
    hasher: {
      hash: async (password) => `plain:${password}`,
      verify: async (stored, password) => stored === `plain:${password}`,
    },
    maker: authorityMaker(clock),
    httpOut: httpOut({ allowPrivate: true, clock }),
    mailOut: mailOut({ allowPrivate: true, clock }),
    ...changes,
  };
}

export const REMEDIATION: CatalogueRemediation = {
  slug: 'tls-protocols',
  title: 'Switch off SSLv3',
  fixes: ['MOM-TLS-001'],
  risk: 'old peers lose TLS',
  params: {
    password: { kind: 'secret', required: false, text: 'a secret' },
    keep: { kind: 'text', required: false, oneOf: ['a', 'b'], text: 'one of two' },
  },
};

/** The real controls, each as bad as a test likes; what a failing case may be is tried where it is decided. */
export const TEST_CATALOGUE = {
  controls: readCatalogue().controls.map((control) => ({ ...control, severities: [...SEVERITIES] })),
  remediations: [REMEDIATION],
};

export const PEOPLE: ServerOptions['people'] = {
  host: '127.0.0.1',
  port: 0,
  url: '',
  tls: null,
  signInsPerMinute: 1_000,
  trustedProxies: [],
  metricsToken: 'a token for the scraper',
  consoleFolder: null,
};

export function testOptions(folder: string, changes: Partial<ServerOptions> = {}): ServerOptions {
  return {
    databaseFile: join(folder, 'castellan.db'),
    version: '0.0.0-test',
    heartbeatMs: 60_000,
    reconnectWindowMs: 0,
    people: PEOPLE,
    agents: {
      host: '127.0.0.1',
      port: 0,
      hostnames: ['localhost', '127.0.0.1'],
      enrolmentsPerMinute: 10_000,
    },
    certificates: DEFAULTS.certificates,
    services: DEFAULTS.services,
    plans: DEFAULTS.plans,
    configuration: DEFAULTS.configuration,
    alerts: DEFAULTS.alerts,
    heartbeatUrl: null,
    catalogue: TEST_CATALOGUE,
    ...changes,
  };
}

/** A whole server; it stops when the test ends. */
export async function startTestServer(
  changes: { adapters?: Partial<Adapters>; options?: Partial<ServerOptions>; folder?: string } = {},
): Promise<RunningServer> {
  const folder = changes.folder ?? temporaryFolder();
  const server = await startServer(testAdapters(changes.adapters), testOptions(folder, changes.options));
  let isStopped = false;
  const stop = async () => {
    if (!isStopped) {
      isStopped = true;
      await server.stop();
    }
  };
  onTestFinished(stop);
  return { ...server, stop };
}

export async function newToken(
  server: RunningServer,
  order: Partial<{ group: string; replace: string; ttlSeconds: number; uses: number }> = {},
): Promise<string> {
  const made = await createToken(server.ctx, 'cli:test', {
    ...(order.replace === undefined ? { group: 'mta' } : {}),
    ttlSeconds: 3600,
    uses: 1,
    ...order,
  });
  if (!made.ok) throw made.error;
  return made.value.token;
}

export async function enrolNew(server: RunningServer, name = 'mta1.example.com'): Promise<Enrolled> {
  const answer = await enrol(server, await newToken(server), { name });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.enrolled;
}

export interface Caller {
  (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: never; headers: Headers }>;
  readonly cookie: string;
}

/** Somebody who is signed in. */
export async function signedIn(server: RunningServer, role = 'admin', name = role): Promise<Caller> {
  const made = await createUser(server.ctx, 'cli:test', { name, role, password: PASSWORD });
  if (!made.ok) throw made.error;
  const answer = await fetch(`${server.peopleUrl}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-castellan-csrf': '1' },
    body: JSON.stringify({ name, password: PASSWORD }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await fetch(`${server.peopleUrl}/api/v1${path}`, {
      method,
      headers: {
        cookie,
        'x-castellan-csrf': '1',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: bodyOf(response, text) as never,
      headers: response.headers,
    };
  };
  return Object.assign(call, { cookie });
}

/** Of JSON what it says; a list as a file is text. */
function bodyOf(response: Response, text: string): unknown {
  if (text === '') return null;
  return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
}

/** Waits until a scan succeeds; how long it took is nobody's matter, up to a bound that only a failure reaches. */
export async function eventually<T>(
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  what = 'it',
): Promise<T> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`${what} did not happen`);
}
