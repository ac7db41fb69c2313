import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeClock } from '../../packages/agent/src/adapters/node-clock.js';
import { nodeNet } from '../../packages/agent/src/adapters/node-net.js';
import { runProgram } from '../../packages/agent/src/cli/program.js';
import type { ServedTls } from '../../packages/agent/src/facts/parts/served-tls.js';
import { probeListener } from '../../packages/agent/src/knowledge/wire/probe-listener.js';
import { describeReal } from './parts.js';

/** 1024 bits and nobody else's: made once, because making one takes seconds. */
const DH_1024 = `-----BEGIN DH PARAMETERS-----
MIGHAoGBAJe47XQZsZuzhfPNG2q08OXF1R9/VarxKeWh6x2GssbGq/MxFHHm1JIz
poqyyn2fTkpVd3+KvNDagaTqqQ42LsXjnxW/9I1bmyuEY/mrR8goMEBQ2yZL1GgK
AbAiKYGWG84+xZw+OTxtaVJeS6yPiAxrPI3CUOT+sWw+eDKQ0i5XAgEC
-----END DH PARAMETERS-----
`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

describeReal('the prober, and `openssl s_server`', () => {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-probe-'));
  const children: ReturnType<typeof spawn>[] = [];
  const at = (name: string) => join(folder, name);
  const pair = (kind: string, ...newkey: string[]) =>
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        ...newkey,
        '-nodes',
        '-keyout',
        at(`${kind}.key`),
        '-out',
        at(`${kind}.crt`),
        '-days',
        '30',
        '-subj',
        `/CN=${kind}.example.com`,
      ],
      { stdio: 'ignore' },
    );
  const serve = async (...words: string[]): Promise<number> => {
    const port = await freePort();
    const child = spawn('openssl', ['s_server', '-www', '-accept', `127.0.0.1:${port}`, ...words], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.stdout.on('data', (bytes: Buffer) => {
        said += bytes.toString('latin1').slice(0, 1000);
        if (said.includes('ACCEPT')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`s_server ended with ${code}`)));
    });
    return port;
  };
  const probe = async (port: number) => {
    const signal = new AbortController().signal;
    const seen = await probeListener(
      { net: nodeNet({ forbidden: null }), clock: nodeClock, signal },
      { host: '127.0.0.1', port, preamble: 'none', servername: 'rsa.example.com' },
    );
    if (!('versions' in seen)) throw new Error(JSON.stringify(seen));
    return seen;
  };
  const answers = ({ versions }: ServedTls) =>
    Object.fromEntries(
      versions.map(({ version, answer, reason }) => [version, answer === 'inconclusive' ? reason : answer]),
    );

  beforeAll(() => {
    pair('rsa', '-newkey', 'rsa:2048');
    pair('ecdsa', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1');
    execFileSync('openssl', ['dhparam', '-out', at('dh.pem')], {
      input: DH_1024,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
  });
  afterAll(() => {
    for (const child of children) child.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test('all that it still speaks: TLS 1.0 to 1.3, DHE of 1024 bits, ciphers without encryption', async () => {
    const port = await serve(
      '-key',
      at('rsa.key'),
      '-cert',
      at('rsa.crt'),
      '-dhparam',
      at('dh.pem'),
      '-cipher',
      'ALL:COMPLEMENTOFALL:@SECLEVEL=0',
      '-min_protocol',
      'TLSv1',
    );
    const seen = await probe(port);
    expect(answers(seen)).toEqual({
      SSLv2: 'not-offered',
      SSLv3: 'not-offered',
      'TLSv1.0': 'offered',
      'TLSv1.1': 'offered',
      'TLSv1.2': 'offered',
      'TLSv1.3': 'offered',
    });
    expect(seen.dhe).toMatchObject({ answer: 'offered', bits: 1024, group: null, isPrime: true });
    expect(seen.weak?.kinds).toEqual(expect.arrayContaining(['eNULL', 'aNULL']));
    expect(seen.chain.map(({ subject }) => subject)).toEqual(['CN=rsa.example.com']);
    expect(seen.cbcUnderSslv3).toBe(null);

    const said = { out: '', note: '' };
    const output = {
      out: (text: string) => {
        said.out += text;
      },
      note: (text: string) => {
        said.note += text;
      },
      colour: false,
      width: 100,
    };
    const run = (...argv: string[]) => runProgram(['probe', ...argv], output, new AbortController().signal);
    expect(await run(`127.0.0.1:${port}`)).toBe(0);
    expect(said.out).toMatch(/^127\.0\.0\.1:\d+: DHE has 1024 bits, weak ciphers are on, TLSv1\.0 is on/);
    expect(said.out).toMatch(/SSLv3 +off +alert \d+\n {2}TLSv1\.0 +ON +TLS_/);
    said.out = '';
    expect(await run(`127.0.0.1:${port}`, '--format', 'json')).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({ schema: 'castellan.probe/1', port, dhe: { bits: 1024 } });
    process.exitCode = 0;
  });

  test('TLS 1.2 alone with an ECDSA key: no DHE, and nothing weak', async () => {
    const seen = await probe(
      await serve('-key', at('ecdsa.key'), '-cert', at('ecdsa.crt'), '-tls1_2', '-cipher', 'ECDHE+AESGCM'),
    );
    expect(answers(seen)).toMatchObject({
      'TLSv1.1': 'not-offered',
      'TLSv1.2': 'offered',
      'TLSv1.3': 'not-offered',
    });
    expect(seen.versions.find(({ version }) => version === 'TLSv1.2')?.cipher).toMatch(
      /^TLS_ECDHE_ECDSA_WITH_AES_/,
    );
    expect([seen.dhe?.answer, seen.weak?.answer, seen.chain[0]?.keyType]).toEqual([
      'not-offered',
      'not-offered',
      'ec',
    ]);
  });

  test('TLS 1.3 alone: the certificate is fetched by a handshake', async () => {
    const seen = await probe(await serve('-key', at('rsa.key'), '-cert', at('rsa.crt'), '-tls1_3'));
    expect(answers(seen)).toMatchObject({ 'TLSv1.2': 'not-offered', 'TLSv1.3': 'offered' });
    expect([seen.dhe, seen.weak, seen.chain[0]?.subject]).toEqual([null, null, 'CN=rsa.example.com']);
  });

  test.each([
    ['nothing listens', ['127.0.0.1:1'], 1],
    ['another host', ['192.0.2.1:25'], 2],
    ['no port', ['localhost'], 2],
    ['no preamble of this name', ['127.0.0.1:25', '--starttls', 'imap'], 2],
    ['a name that would be a command', ['127.0.0.1:25', '--ehlo', 'a\r\nQUIT'], 2],
  ])('%s', async (_, argv, code) => {
    const silent = { out: () => undefined, note: () => undefined, colour: false, width: 100 };
    expect(await runProgram(['probe', ...argv], silent, new AbortController().signal)).toBe(code);
    process.exitCode = 0;
  });
}, ['openssl']);
