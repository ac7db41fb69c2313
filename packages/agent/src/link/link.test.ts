import 'reflect-metadata';
import { createHash, generateKeyPairSync, type KeyObject, webcrypto } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeAgentMessage } from '@castellan/shared/protocol/codec';
import { formatToken } from '@castellan/shared/protocol/enrolment';
import type { AgentMessage, Numbered, ServerMessage } from '@castellan/shared/protocol/messages';
import * as x509 from '@peculiar/x509';
import { CompactEncrypt, CompactSign, exportJWK, importJWK } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { nodeClock } from '../adapters/node-clock.js';
import { nodeStateStore } from '../adapters/node-state-store.js';
import type { Log } from '../ports/log.js';
import { commandGate } from './command-check.js';
import { enrol } from './enrol.js';
import { type Identity, readIdentity, writeIdentity } from './identity.js';
import { Link } from './link.js';
import { openSealed } from './open-sealed.js';
import { beginRemembering } from './remembered.js';
import type { SessionDeps } from './session.js';

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const quiet: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};

interface Authority {
  readonly pem: string;
  readonly fingerprint: string;
  /** A certificate for this public key. */
  sign(name: string, publicKey: CryptoKey): Promise<string>;
  readonly server: { readonly key: string; readonly cert: string };
}
type CryptoKey = webcrypto.CryptoKey;

async function makeAuthority(): Promise<Authority> {
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0] & string);
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const [notBefore, notAfter] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];
  const common = { notBefore, notAfter, signingAlgorithm: ECDSA };
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...common,
    name: 'CN=test authority',
    serialNumber: '01',
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  let serial = 1;
  const sign = async (name: string, publicKey: CryptoKey) => {
    serial += 1;
    const certificate = await x509.X509CertificateGenerator.create({
      ...common,
      subject: `CN=${name}`,
      issuer: root.subject,
      serialNumber: `0${serial}`,
      publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new x509.SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    });
    return certificate.toString('pem');
  };
  const own = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const key = x509.PemConverter.encode(
    await webcrypto.subtle.exportKey('pkcs8', own.privateKey),
    'PRIVATE KEY',
  );
  const pem = root.toString('pem');
  const fingerprint = createHash('sha256').update(Buffer.from(root.rawData)).digest('hex');
  return {
    pem,
    fingerprint,
    sign,
    server: { key, cert: `${await sign('localhost', own.publicKey)}\n${pem}` },
  };
}

let authority: Authority;
let commandKeys: { privateKey: KeyObject; publicKey: KeyObject };
let identity: Identity;
let folder: string;
let server: Server;
let stop: AbortController;
/** What came, in order, and how the server in the test answers. */
let came: AgentMessage[];
let answer: (
  message: AgentMessage,
  send: (reply: ServerMessage | string | Buffer) => void,
  socket: WebSocket,
) => void;
let connections: number;

beforeAll(async () => {
  authority = await makeAuthority();
  commandKeys = generateKeyPairSync('ed25519');
});

async function commandJwk(): Promise<Identity['commandKey']> {
  return { kty: 'OKP', crv: 'Ed25519', x: (await exportJWK(commandKeys.publicKey)).x ?? '' };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'castellan-link-'));
  stop = new AbortController();
  came = [];
  connections = 0;
  server = createServer({
    ...authority.server,
    ca: authority.pem,
    requestCert: true,
    rejectUnauthorized: false,
  });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (request, socket, head) => {
    if (!(request.socket as { authorized?: boolean }).authorized)
      return void socket.end('HTTP/1.1 401 CAS_CERT_MISSING\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (ws) => {
      connections += 1;
      const send = (reply: ServerMessage | string | Buffer) =>
        ws.send(typeof reply === 'string' || Buffer.isBuffer(reply) ? reply : JSON.stringify(reply));
      ws.on('message', (data: Buffer) => {
        const decoded = decodeAgentMessage(data);
        if (!decoded.ok) throw decoded.error;
        came.push(decoded.value);
        answer(decoded.value, send, ws);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const forCertificate = await webcrypto.subtle.importKey(
    'spki',
    publicKey.export({ type: 'spki', format: 'der' }),
    ECDSA,
    true,
    ['verify'],
  );
  identity = {
    nodeId: 'n1',
    serverId: 's1',
    name: 'mta1',
    url: `wss://127.0.0.1:${port()}/agent`,
    commandKey: await commandJwk(),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: await authority.sign('mta1', forCertificate),
    authorityPem: authority.pem,
  };
});
afterEach(async () => {
  stop.abort();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const port = () => (server.address() as AddressInfo).port;
const welcome: ServerMessage = {
  type: 'welcome',
  protocol: 1,
  nodeId: 'n1',
  serverTime: '2026-01-01T00:00:00.000Z',
  heartbeatMs: 100,
  reconnectWindowMs: 0,
  credit: 2,
};
const transition = (seq: number): Numbered => ({
  type: 'transition',
  bootId: 'b1',
  seq,
  at: '2026-01-01T00:00:00.000Z',
  previous: 'pass',
  verdict: {
    control: 'MOM-TLS-001',
    title: 't',
    severity: 'high',
    status: 'fail',
    subject: 's',
    summary: 'x',
    violations: [],
    reason: null,
    remediation: null,
    sources: [],
  },
});

/** Time runs a hundred times faster for backoff: sleeps of a second or more are cut. */
const clock = {
  now: nodeClock.now,
  sleep: (ms: number, signal?: AbortSignal) => nodeClock.sleep(ms >= 1000 ? 10 : ms, signal),
};

function start(over: Partial<SessionDeps> = {}): Link {
  const link = new Link({
    identity,
    url: identity.url,
    clock: nodeClock,
    unit: () => 0.01,
    log: quiet,
    outbox: { takeUnsent: () => [], rewind: () => undefined, ack: () => undefined },
    hello: () => ({
      type: 'hello',
      protocolMin: 1,
      protocolMax: 1,
      caps: [],
      agentVersion: '0.1.0',
      bootId: 'b1',
      clock: '2026-01-01T00:00:00.000Z',
      description: {
        name: 'mta1',
        roles: [],
        os: 'x',
        momentum: { version: null, from: 'unknown' },
        tls: { library: null, version: null },
      },
      stateDigest: null,
    }),
    heartbeat: () => ({
      type: 'heartbeat',
      at: '2026-01-01T00:00:00.000Z',
      stateDigest: null,
      watchers: [],
      spool: { records: 0, bytes: 0, droppedTotal: 0 },
    }),
    state: () => ({
      digest: `sha256:${'0'.repeat(64)}`,
      observedAt: '2026-01-01T00:00:00.000Z',
      verdicts: Array.from({ length: 130 }, () => (transition(1) as unknown as { verdict: never }).verdict),
    }),
    command: () => undefined,
    certificate: () => undefined,
    serviceCertificate: () => undefined,
    trust: () => undefined,
    connected: () => undefined,
    failed: () => undefined,
    ...over,
  });
  void link.run(stop.signal);
  return link;
}

async function until(claim: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !claim(); ) {
    if (Date.now() > end)
      throw new Error(`it did not come to this; there came: ${came.map((m) => m.type).join(' ')}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const of = <T extends AgentMessage['type']>(type: T) =>
  came.filter((m): m is Extract<AgentMessage, { type: T }> => m.type === type);

describe('a session', () => {
  test('says hello first, replays with the credit, and goes on as it is acknowledged', async () => {
    let waiting = [1, 2, 3].map(transition);
    let underWay = 0;
    const outbox = {
      takeUnsent: (credit: number) => {
        const next = waiting.slice(underWay, credit);
        underWay += next.length;
        return next;
      },
      rewind: () => (underWay = 0),
      ack: (_boot: string, upTo: number) => {
        waiting = waiting.filter((r) => r.seq > upTo);
        underWay = 0;
      },
    };
    answer = (message, send) => {
      if (message.type === 'hello') send(welcome);
      if (message.type === 'heartbeat') send({ type: 'heartbeatAck', at: message.at });
    };
    start({ outbox: { ...outbox, rewind: () => void outbox.rewind() } });
    await until(() => of('transition').length === 2);
    expect(came[0]?.type).toBe('hello');
    expect(of('transition').map((m) => m.seq)).toEqual([1, 2]);
    answer = (message, send) => message.type === 'heartbeat' && send({ type: 'ack', bootId: 'b1', upTo: 2 });
    await until(() => of('transition').some((m) => m.seq === 3));
  });

  test.each([
    [1, 'plan'],
    [2, 'commandRefused'],
  ] as const)('says that a command is refused in the words of protocol %d', async (protocol, type) => {
    answer = (message, send) => {
      if (message.type !== 'hello') return;
      send({ ...welcome, protocol });
      send({ type: 'command', commandId: 'c1', jws: 'x' });
    };
    start({
      command: ({ commandId }, tell) =>
        void tell({ type: 'commandRefused', commandId, code: 'CAS_AUDIT_ONLY', detail: 'no' }),
    });
    await until(() => of(type).length === 1);
    const [told] = of(type);
    expect(told?.type === 'plan' ? told.error : told).toMatchObject({ code: 'CAS_AUDIT_ONLY', detail: 'no' });
  });

  test.each([
    [2, 'done'],
    [3, 'doneInPart'],
  ] as const)('tells of a run that is done in part in the words of protocol %d', async (protocol, state) => {
    answer = (message, send) => message.type === 'hello' && send({ ...welcome, protocol });
    const event = {
      runId: 'r1',
      index: 1,
      at: '2026-01-01T00:00:00.000Z',
      line: 'left',
      state: 'doneInPart',
    } as const;
    const waiting: Numbered[] = [{ type: 'run', bootId: 'b1', seq: 1, event }];
    const takeUnsent = () => waiting.splice(0);
    start({ outbox: { takeUnsent, rewind: () => undefined, ack: () => undefined } });
    await until(() => of('run').length === 1);
    expect(of('run')[0]?.event).toMatchObject({ state, line: 'left' });
  });

  test('sends the whole state in parts when it is asked to', async () => {
    answer = (message, send) => {
      if (message.type !== 'hello') return;
      send(welcome);
      send({ type: 'needFull', why: 'new' });
    };
    start();
    await until(() => of('state').length === 3);
    expect(of('state').map((m) => [m.part, m.parts, m.verdicts.length])).toEqual([
      [1, 3, 64],
      [2, 3, 64],
      [3, 3, 2],
    ]);
  });

  test('ends when heartbeats are not acknowledged, though the socket is open', async () => {
    answer = (message, send) => message.type === 'hello' && send(welcome);
    start({ clock });
    await until(() => connections >= 2);
    expect(of('heartbeat').length).toBeGreaterThan(0);
  });

  test.each([
    ['a frame that is not JSON', 'nonsense'],
    ['a type that it does not know', '{"type":"shell"}'],
    ['a binary frame', Buffer.from([1, 2, 3])],
    ['a frame that is too large', `"${'x'.repeat(1024 * 1024 + 1)}"`],
    ['a frame that does not fit', '{"type":"ack","bootId":"b1","upTo":-1}'],
  ])('comes back after %s', async (_name, frame) => {
    answer = (message, send) => {
      if (message.type === 'hello') send(connections === 1 ? frame : welcome);
    };
    start({ clock });
    await until(() => of('heartbeat').length > 0);
    expect(connections).toBeGreaterThanOrEqual(2);
  });

  test('waits at least as long as the server asks', async () => {
    const waits: number[] = [];
    answer = (message, send) =>
      message.type === 'hello' && send({ type: 'retry', afterMs: 7000, reason: 'full' });
    start({
      clock: {
        ...clock,
        sleep(ms, signal) {
          waits.push(ms);
          return clock.sleep(ms, signal);
        },
      },
    });
    await until(() => connections >= 2);
    expect(waits.some((ms) => ms >= 7000 && ms < 30_000)).toBe(true);
  });

  test('does not talk to a server of another authority', async () => {
    const other = await makeAuthority();
    const whys: unknown[] = [];
    answer = () => undefined;
    start({
      clock,
      identity: { ...identity, authorityPem: other.pem },
      log: { ...quiet, warn: (fields) => whys.push(fields['why']) },
    });
    await until(() => whys.length > 0);
    expect(connections).toBe(0);
  });
});

describe('enrolment', () => {
  const token = (fingerprint: string) =>
    formatToken({ id: 't1', secret: 'x'.repeat(32), authorityFingerprint: fingerprint });
  const input = (fingerprint: string) => ({
    server: new URL(`https://127.0.0.1:${port()}`),
    token: token(fingerprint),
    name: 'mta1',
    agentVersion: '0.1.0',
    oldKeyPem: null,
  });
  let bodies: string[];

  beforeEach(() => {
    bodies = [];
    server.on('request', (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        bodies.push(body);
        void issue(JSON.parse(body) as { csr: string }).then((reply) => response.end(JSON.stringify(reply)));
      });
    });
  });

  async function issue({ csr }: { csr: string }): Promise<object> {
    const request = new x509.Pkcs10CertificateRequest(csr);
    if (!(await request.verify())) throw new Error('the request is not signed by its key');
    const certificate = await authority.sign('mta1', await request.publicKey.export());
    return {
      nodeId: 'n1',
      serverId: 's1',
      certificate,
      authority: authority.pem,
      commandKey: await commandJwk(),
      url: identity.url,
    };
  }

  test('makes a key that stays here, with a certificate that is of it', async () => {
    const store = nodeStateStore(folder);
    const joined = await enrol(input(authority.fingerprint));
    if (!joined.ok) throw joined.error;
    writeIdentity(store, joined.value);
    expect(readIdentity(store)).toEqual({ ok: true, value: joined.value });
    expect(bodies.join()).not.toContain('PRIVATE KEY');
    expect(statSync(join(folder, 'identity/key.pem')).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'identity')).sort()).toEqual([
      'authority.pem',
      'cert.pem',
      'key.pem',
      'node.json',
    ]);
    expect(readFileSync(join(folder, 'identity/node.json'), 'utf8')).not.toContain('PRIVATE KEY');
  });

  test('tells nothing to a server that does not show the authority of the token', async () => {
    const refused = await enrol(input('0'.repeat(64)));
    expect(refused).toMatchObject({ ok: false, error: { code: 'CAS_SERVER_NOT_TRUSTED' } });
    expect(bodies).toEqual([]);
  });

  test('says that the server cannot be reached', async () => {
    const nobody = { ...input(authority.fingerprint), server: new URL('https://127.0.0.1:1') };
    expect(await enrol(nobody)).toMatchObject({ ok: false, error: { code: 'CAS_UNAVAILABLE' } });
  });
});

describe('a command', () => {
  const NOW_S = 1_900_000_000;
  const payload = {
    kind: 'plan',
    iss: 's1',
    aud: 'n1',
    jti: 'c1',
    iat: NOW_S,
    exp: NOW_S + 30,
    remediation: 'tls-protocols',
    params: {},
  };
  const sign = (value: object, key = commandKeys.privateKey) =>
    new CompactSign(Buffer.from(JSON.stringify(value))).setProtectedHeader({ alg: 'EdDSA' }).sign(key);
  const gate = (nowS = NOW_S) => commandGate(identity, nodeStateStore(folder), { now: () => nowS * 1000 });

  beforeEach(() => beginRemembering(nodeStateStore(folder)));

  test('is taken once, also after a restart', async () => {
    const jws = await sign(payload);
    expect(await gate().accept(jws)).toMatchObject({ ok: true, value: { remediation: 'tls-protocols' } });
    expect(await gate().accept(jws)).toMatchObject({ ok: false, error: { code: 'CAS_COMMAND_REPLAYED' } });
  });

  test.each([
    ['is signed by another key', payload, true, NOW_S, 'CAS_COMMAND_SIGNATURE'],
    ['is for another node', { ...payload, aud: 'n2' }, false, NOW_S, 'CAS_COMMAND_SIGNATURE'],
    ['is of another server', { ...payload, iss: 's2' }, false, NOW_S, 'CAS_COMMAND_SIGNATURE'],
    ['has expired', payload, false, NOW_S + 1000, 'CAS_COMMAND_EXPIRED'],
    ['would live too long', { ...payload, exp: NOW_S + 3_601 }, false, NOW_S, 'CAS_COMMAND_NOT_ALLOWED'],
    ['ends before it begins', { ...payload, exp: NOW_S }, false, NOW_S, 'CAS_COMMAND_NOT_ALLOWED'],
    ['has no issue', { ...payload, iat: undefined }, false, NOW_S, 'CAS_COMMAND_NOT_ALLOWED'],
    [
      'was issued at no time',
      { ...payload, iat: 1e300, exp: 1e300 },
      false,
      NOW_S,
      'CAS_COMMAND_NOT_ALLOWED',
    ],
    [
      'is of no kind that there is',
      { ...payload, kind: 'shell', line: 'rm' },
      false,
      NOW_S,
      'CAS_COMMAND_NOT_ALLOWED',
    ],
  ])('is refused when it %s', async (_name, value, isForeign, nowS, code) => {
    const jws = await sign(
      value,
      isForeign ? generateKeyPairSync('ed25519').privateKey : commandKeys.privateKey,
    );
    expect(await gate(nowS).accept(jws)).toMatchObject({ ok: false, error: { code } });
  });

  test('without a signature is refused', async () => {
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.`;
    expect(await gate().accept(none)).toMatchObject({ ok: false, error: { code: 'CAS_COMMAND_SIGNATURE' } });
  });

  test('brings a secret that only this node can open', async () => {
    const jwk = await exportJWK((await import('node:crypto')).createPublicKey(identity.keyPem));
    const seal = async (key: typeof jwk) =>
      new CompactEncrypt(Buffer.from('canary'))
        .setProtectedHeader({ alg: 'ECDH-ES+A256KW', enc: 'A256GCM' })
        .encrypt(await importJWK(key, 'ECDH-ES+A256KW'));
    expect(await openSealed(await seal(jwk), identity.keyPem)).toEqual({ ok: true, value: 'canary' });
    const other = await exportJWK(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
    expect(await openSealed(await seal(other), identity.keyPem)).toMatchObject({
      ok: false,
      error: { code: 'CAS_PARAM_INVALID' },
    });
  });
});
