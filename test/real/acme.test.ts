import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer as createTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acmeClient } from '../../packages/agent/src/adapters/acme-client.js';
import { nodeExec } from '../../packages/agent/src/adapters/node-exec.js';
import { certificateIdOf, dueAt } from '../../packages/agent/src/knowledge/certificates/renewal-info.js';
import { selfSigned } from '../../packages/agent/src/knowledge/certificates/self-signed.js';
import { readAttempts } from '../../packages/agent/src/remediations/certificate-renew/attempts.js';
import { issueWith } from '../../packages/agent/src/remediations/certificate-renew/issue.js';
import acme from '../../packages/agent/src/remediations/certificate-renew/issuers/acme/issuer.js';
import type { CertificateWanted } from '../../packages/agent/src/remediations/certificate-renew/issuers/issuer.js';
import { type AcmeSettings, type MakeContext, NO_ISSUING } from '../../packages/agent/src/units/issuing.js';
import { memoryStore } from '../../packages/agent/testing/memory-store.js';
import { contextOf } from '../../packages/agent/testing/remediation.js';
import { describeReal } from './parts.js';
import { run } from './real-node.js';

const ISSUE_MS = 60_000;
const WANTED: CertificateWanted = {
  service: 'ecwebui',
  hostname: 'mta1.example.com',
  commonName: 'mta1.example.com',
  altNames: ['DNS:mta1.example.com', 'DNS:www.example.com'],
  days: 365,
  keyType: 'rsa2048',
  oldPem: null,
  certificatePath: '/a.crt',
};

describeReal('certificates from Pebble, an ACME server for tests by the makers of Boulder', () => {
  let pebble: Pebble;

  beforeAll(async () => {
    pebble = await Pebble.start();
  }, ISSUE_MS);
  afterAll(() => pebble?.stop());

  test.each(['rsa2048', 'ecdsa-p256'] as const)(
    'HTTP-01: %s, with its chain, for all names, and no token left',
    { timeout: ISSUE_MS },
    async (keyType) => {
      const { make, issuing, published } = pebble.maker({ webroot: '/webroot' });
      const request = { issuer: acme, wanted: { ...WANTED, keyType }, issuing };
      const issued = await issueWith(request, make);
      const leaf = new X509Certificate(issued.certificatePem);
      expect(leaf.subjectAltName).toContain('DNS:www.example.com');
      expect(issued.chainPems).toHaveLength(1);
      expect(leaf.verify(new X509Certificate(issued.chainPems[0] ?? '').publicKey)).toBe(true);
      expect(published).not.toEqual([]);
      expect(published.filter((path) => existsSync(pebble.at(path)))).toEqual([]);
      expect(readAttempts(make.state, 'acme').failures).toBe(0);
    },
  );

  test('DNS-01: by a program that adds and removes the record', { timeout: ISSUE_MS }, async () => {
    const { make, issuing } = pebble.maker({ webroot: null, dnsCommand: '/dns-command' });
    const issued = await issueWith({ issuer: acme, wanted: WANTED, issuing }, make);
    expect(new X509Certificate(issued.certificatePem).checkHost('mta1.example.com')).toBeDefined();
    expect(readFileSync(pebble.at('/dns-log'), 'utf8').split('\n').filter(Boolean).sort()).toEqual([
      'add _acme-challenge.mta1.example.com',
      'add _acme-challenge.www.example.com',
      'remove _acme-challenge.mta1.example.com',
      'remove _acme-challenge.www.example.com',
    ]);
  });

  test('a name that cannot be proved: nothing is issued, and the failure is remembered', {
    timeout: ISSUE_MS,
  }, async () => {
    const { make, issuing, published } = pebble.maker({ webroot: '/elsewhere' });
    const request = { issuer: acme, wanted: { ...WANTED, certificatePath: '/b.crt' }, issuing };
    await expect(issueWith(request, make)).rejects.toThrow(/the ACME server: /);
    expect(readAttempts(make.state, 'acme').certificates['/b.crt']).toMatchObject({ failures: 1 });
    expect(published.filter((path) => existsSync(pebble.at(path)))).toEqual([]);
  });
}, ['pebble', 'openssl']);

/** Pebble 2.4 knows no RFC 9773: this is a double of its two answers, the directory (RFC 8555, 7.1.1) and the window (4.2). */
test('RFC 9773: due when the window says so, by an identifier of the certificate; no answer is no reason', async () => {
  const pair = await selfSigned({
    commonName: 'localhost',
    altNames: ['DNS:localhost'],
    nowMs: Date.now(),
    days: 30,
  });
  const now = Date.now();
  let answer: unknown = null;
  const asked: string[] = [];
  const server = createHttps({ key: pair.keyPem, cert: pair.certificatePem }, (request, response) => {
    asked.push(request.url ?? '');
    const port = (server.address() as AddressInfo).port;
    const body = request.url === '/dir' ? { renewalInfo: `https://localhost:${port}/info` } : answer;
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const window = (startMs: number, endMs: number) => ({
    suggestedWindow: { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() },
  });
  const ask = () =>
    acmeClient.renewalWindow({
      directory: `https://localhost:${(server.address() as AddressInfo).port}/dir`,
      authoritiesPem: pair.certificatePem,
      certificateId: 'aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE',
      timeoutMs: 10_000,
    });
  try {
    expect(await ask()).toBeNull();
    answer = window(now - 1000, now + 1000);
    expect(await ask()).toEqual({ startMs: now - 1000, endMs: now + 1000 });
    expect(asked.at(-1)).toBe('/info/aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE');
    answer = window(now, now - 1);
    expect(await ask()).toBeNull();
    expect(dueAt({ startMs: 1000, endMs: 2000 }, 'a')).toBe(dueAt({ startMs: 1000, endMs: 2000 }, 'a'));
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

/** RFC 9773, appendix A. */
const EXAMPLE = `-----BEGIN CERTIFICATE-----
MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt
cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS
BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu
7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf
qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B
yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb
+FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK
-----END CERTIFICATE-----
`;

test('RFC 9773, 4.1: the identifier is that of its own example', () => {
  expect(certificateIdOf(EXAMPLE)).toBe('aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE');
});

class Pebble {
  readonly #children: ChildProcess[] = [];
  readonly #root = mkdtempSync(join(tmpdir(), 'castellan-acme-'));
  #web: Server | null = null;
  #port = 0;
  #managementPort = 0;

  static async start(): Promise<Pebble> {
    const pebble = new Pebble();
    await pebble.#start();
    return pebble;
  }

  at(path: string): string {
    return join(this.#root, path);
  }

  async #start(): Promise<void> {
    for (const folder of ['/webroot', '/elsewhere']) mkdirSync(this.at(folder));
    await run('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-keyout',
        this.at('/acme.key'),
        '-out',
        this.at('/acme.crt'),
      ],
      ...['-days', '30', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ]);
    const [http = 0, acmePort = 0, management = 0, dns = 0, dnsManagement = 0, tls = 0] = await freePorts(6);
    this.#port = acmePort;
    this.#managementPort = dnsManagement;
    this.#web = createHttp((request, response) => {
      const file = this.at(`/webroot${request.url}`);
      if (existsSync(file)) response.end(readFileSync(file));
      else response.writeHead(404).end();
    }).listen(http, '127.0.0.1');
    writeFileSync(
      this.at('/pebble.json'),
      JSON.stringify({
        pebble: {
          listenAddress: `127.0.0.1:${acmePort}`,
          managementListenAddress: `127.0.0.1:${management}`,
          certificate: this.at('/acme.crt'),
          privateKey: this.at('/acme.key'),
          httpPort: http,
          tlsPort: tls,
          ocspResponderURL: '',
          externalAccountBindingRequired: false,
        },
      }),
    );
    this.#spawn('pebble-challtestsrv', [
      ...['-defaultIPv4', '127.0.0.1', '-defaultIPv6', '', '-dns01', `127.0.0.1:${dns}`, '-http01', ''],
      ...['-https01', '', '-tlsalpn01', '', '-management', `127.0.0.1:${dnsManagement}`],
    ]);
    this.#spawn('pebble', ['-config', this.at('/pebble.json'), '-dnsserver', `127.0.0.1:${dns}`]);
    await Promise.all([acmePort, dnsManagement].map(listening));
  }

  #spawn(program: string, argv: readonly string[]): void {
    const env = {
      ...process.env,
      PEBBLE_VA_NOSLEEP: '1',
      PEBBLE_WFE_NONCEREJECT: '5',
      PEBBLE_AUTHZREUSE: '0',
    };
    this.#children.push(spawn(program, argv, { env, stdio: 'ignore' }));
  }

  /** A tree with a web root, and a program for DNS that tells Pebble's own DNS server. */
  maker(over: Partial<AcmeSettings>) {
    const script = `#!/bin/sh
echo "$1 $2" >> '${this.at('/dns-log')}'
word=$([ "$1" = add ] && echo set || echo clear)
exec '${process.execPath}' -e "fetch('http://127.0.0.1:${this.#managementPort}/$word-txt', { method: 'POST', body: JSON.stringify({ host: '$2.', value: '$3' }) })"
`;
    writeFileSync(this.at('/dns-command'), script);
    chmodSync(this.at('/dns-command'), 0o755);
    const acmeSettings: AcmeSettings = {
      directory: `https://localhost:${this.#port}/dir`,
      authorities: '/acme.crt',
      contact: 'postmaster@example.com',
      webroot: null,
      dnsCommand: null,
      ...over,
    };
    const { look } = contextOf({ root: this.#root, facts: {} });
    const published: string[] = [];
    const make: MakeContext = {
      files: look.files,
      exec: nodeExec(this.#root, { live: true }),
      clock: look.clock,
      signal: look.signal,
      state: memoryStore(),
      acme: acmeClient,
      sign: async () => ({ kind: 'refused', detail: 'no server in this test' }),
      scratch: () => '/scratch',
      publish: (path, content) => {
        published.push(path);
        mkdirSync(dirname(this.at(path)), { recursive: true });
        writeFileSync(this.at(path), content);
        return () => rmSync(this.at(path));
      },
      tell: () => undefined,
    };
    return { make, published, issuing: { ...NO_ISSUING, acme: acmeSettings } };
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill();
      await ended;
    }
    this.#web?.close();
    this.#web?.closeAllConnections();
    rmSync(this.#root, { recursive: true });
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createTcp();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listening(port: number): Promise<void> {
  for (;;) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      }).once('error', () => resolve(false));
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
