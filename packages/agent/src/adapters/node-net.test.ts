import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, createServer as createTlsServer, TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Preamble } from '../ports/net.js';
import { nodeNet } from './node-net.js';
import { PREAMBLE_BYTES_MAX } from './tls-preamble.js';

const folder = mkdtempSync(join(tmpdir(), 'castellan-net-'));
const net = nodeNet({ forbidden: null });
const servers: Server[] = [];
const sockets = new Set<Socket>();
let pair: { key: Buffer; cert: Buffer };
let fingerprint: string;

beforeAll(() => {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:1024',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '1',
      '-subj',
      '/CN=probe.example.com',
    ],
    { stdio: 'ignore' },
  );
  pair = { key: readFileSync(key), cert: readFileSync(cert) };
  fingerprint = createHash('sha256').update(new X509Certificate(pair.cert).raw).digest('hex');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

const probe = (port: number, preamble: Preamble = 'none', timeoutMs = 5000) =>
  net.probeTls({ host: '127.0.0.1', port, preamble, timeoutMs, servername: 'probe.example.com' });

/** Node 24 refuses the small key at its default security level, and is right. */
const weakContext = () => createSecureContext({ ...pair, ciphers: 'ALL:@SECLEVEL=0' });

const upgrade = (socket: Socket) => {
  socket.removeAllListeners('data');
  new TLSSocket(socket, { isServer: true, secureContext: weakContext() }).on('error', () => socket.destroy());
};

describe('what a listener serves', () => {
  test('TLS from the first byte, with a key nobody should use any more', async () => {
    const port = await listen(createTlsServer({ ...pair, ciphers: 'ALL:@SECLEVEL=0' }));
    expect(await probe(port)).toMatchObject({ kind: 'served', fingerprint, protocol: 'TLSv1.3' });
  });

  test('TLS 1.0 and nothing newer', async () => {
    const port = await listen(
      createTlsServer({ ...pair, minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }),
    );
    expect(await probe(port)).toMatchObject({ kind: 'served', fingerprint, protocol: 'TLSv1' });
  });

  test('a server that wants a certificate of the client', async () => {
    const port = await listen(
      createTlsServer({ ...pair, requestCert: true, rejectUnauthorized: true, ciphers: 'ALL:@SECLEVEL=0' }),
    );
    expect(await probe(port)).toMatchObject({ kind: 'served', fingerprint });
  });

  test('PostgreSQL after its SSLRequest', async () => {
    const port = await listen(
      createServer((socket) => {
        socket.once('data', (bytes) => {
          if (bytes.equals(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]))) {
            upgrade(socket);
            socket.write('S');
          }
        });
      }),
    );
    // The S has to be on the wire before TLS is: written under the TLS socket it is.
    expect(await probe(port, 'postgresql')).toMatchObject({ kind: 'served', fingerprint });
  });

  test('SMTP after STARTTLS, with a greeting of several lines', async () => {
    const port = await listen(
      createServer((socket) => {
        socket.write('220-mta1.example.com\r\n220 ESMTP\r\n');
        socket.on('data', (bytes) => {
          const word = bytes.toString().trim();
          if (word.startsWith('EHLO'))
            socket.write('250-mta1.example.com\r\n250-STARTTLS\r\n250 8BITMIME\r\n');
          if (word === 'STARTTLS') {
            upgrade(socket);
            socket.write('220 go on\r\n');
          }
        });
      }),
    );
    expect(await probe(port, 'smtp')).toMatchObject({ kind: 'served', fingerprint });
  });
});

/** RFC 4511: as OpenLDAP answers, and as Active Directory with lengths in the long form. */
const LDAP_YES = [
  '300c02010178070a010004000400',
  '308400000010020101788400000007 0a010004000400'.replace(' ', ''),
];

describe('LDAP StartTLS', () => {
  const saying = (hex: string) =>
    createServer((socket) => {
      socket.once('data', () => {
        if (hex.endsWith('04000400')) upgrade(socket);
        socket.write(Buffer.from(hex, 'hex'));
      });
    });

  test.each(LDAP_YES)('is begun after %s', async (hex) => {
    expect(await probe(await listen(saying(hex)), 'ldap')).toMatchObject({ kind: 'served', fingerprint });
  });

  test.each([
    ['a refusal, protocolError', '300c02010178070a010204000401', 'no-tls'],
    ['a refusal for now, unavailable', '300c02010178070a013404000401', 'inconclusive'],
    ['words behind the answer', '300c02010178070a010004000400ff', 'inconclusive'],
    ['an answer to something else', '300c02010161070a010004000401', 'inconclusive'],
    ['no LDAP', '48545450', 'inconclusive'],
    ['a length beyond all bounds', '3085ffffffffff', 'inconclusive'],
  ])('%s', async (_, hex, kind) => {
    expect(await probe(await listen(saying(hex)), 'ldap')).toMatchObject({ kind });
  });
});

describe('a command behind STARTTLS', () => {
  /** Answers each line; `keep`: what came behind STARTTLS is carried out inside TLS, as in CVE-2011-0411. */
  const smtp = (how: 'keep' | 'drop' | 'close' | 'clear') =>
    createServer((socket) => {
      socket.write('220 mta1\r\n');
      socket.on('data', (bytes) => {
        const [word, behind] = bytes.toString().split('\r\n');
        if (word?.startsWith('EHLO')) socket.write('250-mta1\r\n250 STARTTLS\r\n');
        if (word !== 'STARTTLS') return;
        if (how === 'close') socket.destroy();
        else if (how === 'clear') socket.write('220 go on\r\n250 ok\r\n');
        else {
          socket.removeAllListeners('data');
          const tls = new TLSSocket(socket, { isServer: true, secureContext: weakContext() });
          tls.on('error', () => socket.destroy());
          if (how === 'keep' && behind) tls.write('250 ok\r\n');
          tls.on('data', () => tls.write('221 bye\r\n'));
          socket.write('220 go on\r\n');
        }
      });
    });
  const inject = async (server: Server) =>
    net.injectStarttls({ host: '127.0.0.1', port: await listen(server), preamble: 'smtp', timeoutMs: 5000 });

  test.each([
    ['keep', 'carried-out'],
    ['drop', 'ignored'],
    ['close', 'rejected'],
    ['clear', 'rejected'],
  ] as const)('%s: %s', async (how, kind) => {
    expect(await inject(smtp(how))).toMatchObject({ kind });
  });

  test('a listener that is closed for now is not said to reject it', async () => {
    expect(await inject(createServer((socket) => socket.end('421 busy\r\n')))).toMatchObject({
      kind: 'inconclusive',
    });
  });
});

describe('a hello of our own', () => {
  const HELLO = Buffer.from('160301', 'hex');
  const exchange = async (server: Server, timeoutMs = 5000) =>
    net.exchange({
      host: '127.0.0.1',
      port: await listen(server),
      preamble: 'none',
      timeoutMs,
      hello: HELLO,
      bytesMax: 100,
      isEnough: (bytes) => bytes.length >= 4,
    });
  const answering = (say: (socket: Socket) => void) =>
    createServer((socket) => {
      socket.once('data', () => say(socket));
    });

  test.each<[string, (socket: Socket) => void, string, number]>([
    ['an answer', (socket) => socket.write('abcd'), 'enough', 4],
    ['more than is read', (socket) => socket.write(Buffer.alloc(4096)), 'enough', 100],
    ['closed', (socket) => socket.end(), 'closed', 0],
    ['closed in the middle', (socket) => socket.end('ab'), 'closed', 2],
    ['reset', (socket) => socket.resetAndDestroy(), 'reset', 0],
  ])('%s', async (_, say, end, length) => {
    const result = await exchange(answering(say));
    expect(result).toMatchObject({ kind: 'heard', end });
    expect(result.kind === 'heard' && result.bytes.length).toBe(length);
  });

  test('silence is what had come until then', async () => {
    expect(
      await exchange(
        answering((socket) => socket.write('ab')),
        300,
      ),
    ).toMatchObject({
      kind: 'heard',
      end: 'silent',
      bytes: Buffer.from('ab'),
    });
  });

  test('other hosts get none', async () => {
    expect(
      await net.exchange({
        host: '192.0.2.1',
        port: 443,
        preamble: 'none',
        timeoutMs: 500,
        hello: HELLO,
        bytesMax: 1,
        isEnough: () => true,
      }),
    ).toMatchObject({ kind: 'forbidden' });
  });
});

describe('what is no TLS, or not known', () => {
  const saying = (first: string, answers: Record<string, string> = {}) =>
    createServer((socket) => {
      if (first) socket.write(first);
      socket.on('data', (bytes) => {
        const word = Object.keys(answers).find((key) => bytes.toString('latin1').includes(key));
        if (word !== undefined) socket.write(answers[word] ?? '');
      });
    });

  test.each<[string, Preamble, Server, string]>([
    ['an HTTP server', 'none', saying('', { '': 'HTTP/1.1 400 Bad Request\r\n\r\n' }), 'no-tls'],
    ['PostgreSQL with ssl = off', 'postgresql', saying('', { '': 'N' }), 'no-tls'],
    ['words before the handshake', 'postgresql', saying('', { '': 'Sinjected' }), 'inconclusive'],
    ['something else on the port of PostgreSQL', 'postgresql', saying('', { '': 'X' }), 'inconclusive'],
    ['SMTP without STARTTLS', 'smtp', saying('220 hello\r\n', { EHLO: '250 8BITMIME\r\n' }), 'no-tls'],
    [
      'SMTP that refuses STARTTLS',
      'smtp',
      saying('220 hello\r\n', { EHLO: '250 STARTTLS\r\n', STARTTLS: '454 not now\r\n' }),
      'no-tls',
    ],
    ['SMTP that is closed for now', 'smtp', saying('421 too busy\r\n'), 'inconclusive'],
    ['an endless greeting', 'smtp', saying('220-'.padEnd(PREAMBLE_BYTES_MAX + 1, 'x')), 'inconclusive'],
    ['a server that hangs up', 'none', createServer((socket) => socket.destroy()), 'inconclusive'],
    [
      'a server that hangs up before STARTTLS',
      'smtp',
      createServer((socket) => socket.end('220 hello\r\n')),
      'inconclusive',
    ],
  ])('%s', async (_, preamble, server, kind) => {
    expect(await probe(await listen(server), preamble)).toMatchObject({ kind });
  });

  test.each<Preamble>(['none', 'postgresql', 'smtp'])(
    'silence (%s) is not taken for fine',
    async (preamble) => {
      expect(await probe(await listen(createServer()), preamble, 300)).toMatchObject({
        kind: 'inconclusive',
        detail: expect.stringContaining('300 ms'),
      });
    },
  );

  test('nothing listens', async () => {
    const port = await listen(createServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await probe(port)).toMatchObject({ kind: 'closed' });
  });

  test('other hosts are never inspected', async () => {
    expect(
      await net.probeTls({ host: '192.0.2.1', port: 443, preamble: 'none', timeoutMs: 500 }),
    ).toMatchObject({ kind: 'forbidden' });
  });

  test('a wildcard and a name stand for this node', async () => {
    const port = await listen(createTlsServer({ ...pair, ciphers: 'ALL:@SECLEVEL=0' }));
    for (const host of ['0.0.0.0', '*', 'localhost']) {
      expect(await net.probeTls({ host, port, preamble: 'none', timeoutMs: 5000 })).toMatchObject({
        kind: 'served',
      });
    }
    expect(Object.keys(networkInterfaces()).length).toBeGreaterThan(0);
  });

  test('probing that is switched off', async () => {
    expect(
      await nodeNet({ forbidden: 'switched off' }).probeTls({
        host: '127.0.0.1',
        port: 1,
        preamble: 'none',
        timeoutMs: 1,
      }),
    ).toEqual({
      kind: 'forbidden',
      detail: 'switched off',
    });
  });
});
