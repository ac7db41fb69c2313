import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makePair, type Pair } from '../../../testing/pairs.js';
import { TestTree } from '../../../testing/tree.js';
import { certificateEvidence, keyEvidence, type PemConsumer } from './pem-reader.js';

let tree: TestTree;
let pair: Pair;
beforeEach(async () => {
  tree = new TestTree();
  pair = await makePair();
});
afterEach(() => tree.remove());

const certificate = (content?: string | Uint8Array, consumer: PemConsumer = 'any') => {
  if (content !== undefined) tree.put('/server.crt', content);
  return certificateEvidence(tree.files, '/server.crt', consumer);
};
const key = (content?: string | Uint8Array, consumer: PemConsumer = 'any') => {
  if (content !== undefined) tree.put('/server.key', content);
  return keyEvidence(tree.files, '/server.key', consumer);
};
const keyAs = (options: { type: 'pkcs8' | 'pkcs1' | 'sec1'; cipher?: string; passphrase?: string }) =>
  createPrivateKey(pair.keyPem).export({ ...options, format: 'der' });

describe('a certificate', () => {
  test.each(['rsa', 'ec', 'ed25519'] as const)('with an %s key', async (kind) => {
    const notAfter = new Date('2031-02-03T04:05:06Z');
    pair = await makePair({ kind, notAfter });
    const found = certificate(pair.certificatePem);
    expect(found).toMatchObject({
      state: 'parsed',
      leaf: {
        commonName: 'mta1.example.com',
        subjectAltNames: ['DNS:mta1.example.com', 'IP:192.0.2.1'],
        notAfterMs: notAfter.getTime(),
        keyType: kind,
        keyBits: { rsa: 2048, ec: 256, ed25519: null }[kind],
        isSelfSigned: true,
        fingerprint: new X509Certificate(pair.certificatePem).fingerprint256
          .replaceAll(':', '')
          .toLowerCase(),
      },
    });
  });

  test('in DER', () => {
    expect(certificate(pair.certificateDer)).toMatchObject({
      state: 'parsed',
      leaf: { commonName: 'mta1.example.com' },
    });
  });

  test('in DER is not read by PostgreSQL, and by Apache depending on its release', () => {
    expect(certificate(pair.certificateDer, 'postgresql')).toMatchObject({ problem: 'not-pem' });
    expect(key(keyAs({ type: 'pkcs8' }), 'postgresql')).toMatchObject({ problem: 'not-pem' });
    expect(certificate(pair.certificateDer, 'apache')).toMatchObject({ problem: 'unclear' });
    expect(key(keyAs({ type: 'pkcs8' }), 'apache')).toMatchObject({ problem: 'unclear' });
  });

  test('of 64 in one file, the most that are read', () => {
    const found = certificate(`${pair.certificatePem}\n`.repeat(64));
    expect(found.state === 'parsed' && found.chain.length).toBe(64);
  });

  test('with its chain, its key, and words between the blocks', async () => {
    const above = await makePair({ commonName: 'ca.example.com' });
    const found = certificate(
      `0 words first\n${pair.certificatePem}\nissuer:\r\n${above.certificatePem}\n${pair.keyPem}`,
    );
    expect(found.state === 'parsed' && found.chain.map((c) => c.commonName)).toEqual([
      'mta1.example.com',
      'ca.example.com',
    ]);
  });

  test.each<[string, () => string | Uint8Array, string]>([
    ['an empty file', () => '', 'empty'],
    ['half of a block', () => pair.certificatePem.slice(0, 200), 'malformed'],
    [
      'a whole block and half of the next',
      () => `${pair.certificatePem}\n${pair.certificatePem.slice(0, 200)}`,
      'malformed',
    ],
    [
      'a block with bytes missing in its middle',
      () => pair.certificatePem.replace(/\n.{64}\n/, '\n'),
      'malformed',
    ],
    ['half of a DER file', () => pair.certificateDer.subarray(0, 100), 'malformed'],
    ['a key', () => pair.keyPem, 'no-block'],
    ['a page of HTML', () => '<html></html>', 'no-block'],
    ['65 certificates', () => `${pair.certificatePem}\n`.repeat(65), 'unclear'],
    ['more than 1 MiB', () => 'x'.repeat(1024 * 1024 + 1), 'too-large'],
  ])('is not in %s', (_, content, problem) => {
    expect(certificate(content())).toMatchObject({ state: 'unread', problem });
  });

  test('is told apart where there is no file to read', () => {
    expect(certificate()).toMatchObject({ problem: 'missing' });
    tree.link('/gone.crt', '/server.crt');
    expect(certificate()).toMatchObject({
      problem: 'dangling',
      detail: 'it is a link to /gone.crt, and there is nothing',
    });
    tree.put('/folder/');
    expect(certificateEvidence(tree.files, '/folder', 'any')).toMatchObject({ problem: 'directory' });
    tree.link('/circle.crt', '/circle.crt');
    expect(certificateEvidence(tree.files, '/circle.crt', 'any')).toMatchObject({ problem: 'dangling' });
    tree.put('/file');
    expect(certificateEvidence(tree.files, '/file/server.crt', 'any')).toMatchObject({ problem: 'missing' });
  });

  test('that may not be read is unread, not missing', () => {
    const denied = {
      ...tree.files,
      read: () => ({ ok: false as const, problem: 'denied' as const, detail: 'EACCES' }),
    };
    expect(certificateEvidence(denied, '/server.crt', 'any')).toMatchObject({ problem: 'denied' });
    expect(keyEvidence(denied, '/server.key', 'any')).toMatchObject({ problem: 'denied' });
  });
});

describe('a private key', () => {
  test.each(['rsa', 'ec', 'ed25519'] as const)(
    'of kind %s, with the hash of its public half',
    async (kind) => {
      pair = await makePair({ kind });
      const cert = certificate(pair.certificatePem);
      expect(key(pair.keyPem)).toEqual({
        state: 'parsed',
        keyType: kind,
        keyBits: { rsa: 2048, ec: 256, ed25519: null }[kind],
        spkiSha256: cert.state === 'parsed' ? cert.leaf.spkiSha256 : 'none',
      });
    },
  );

  test('of another pair has another hash', async () => {
    const cert = certificate(pair.certificatePem);
    const other = key((await makePair()).keyPem);
    expect(other.state === 'parsed' && cert.state === 'parsed').toBe(true);
    if (other.state === 'parsed' && cert.state === 'parsed')
      expect(other.spkiSha256).not.toBe(cert.leaf.spkiSha256);
  });

  test.each(['pkcs8', 'sec1'] as const)('of an elliptic curve in DER, %s', (type) => {
    expect(key(keyAs({ type }))).toMatchObject({ state: 'parsed', keyType: 'ec' });
  });

  test('of RSA in DER, PKCS #1', async () => {
    pair = await makePair({ kind: 'rsa' });
    expect(key(keyAs({ type: 'pkcs1' }))).toMatchObject({ state: 'parsed', keyType: 'rsa' });
  });

  test('that is encrypted is no damaged one: PKCS #8, the old PEM form, DER', async () => {
    const secret = { cipher: 'aes-256-cbc', passphrase: 'a test of this file' };
    expect(key(keyAs({ type: 'pkcs8', ...secret }))).toMatchObject({ state: 'encrypted' });
    const pem = (type: 'pkcs8' | 'sec1') =>
      createPrivateKey(pair.keyPem).export({ type, format: 'pem', ...secret });
    expect(key(pem('pkcs8'))).toMatchObject({ state: 'encrypted' });
    expect(key(pem('sec1'))).toMatchObject({ state: 'encrypted' });
  });

  test.each<[string, () => string | Uint8Array, string]>([
    ['an empty file', () => '', 'empty'],
    ['half of a block', () => pair.keyPem.slice(0, 100), 'malformed'],
    ['a certificate', () => pair.certificatePem, 'no-block'],
    ['a certificate in DER', () => pair.certificateDer, 'malformed'],
    [
      'a public key',
      () => createPublicKey(pair.keyPem).export({ type: 'spki', format: 'pem' }).toString(),
      'no-block',
    ],
  ])('is not in %s', (_, content, problem) => {
    expect(key(content())).toMatchObject({ state: 'unread', problem });
  });

  test('never shows in what is told of it', () => {
    const body = pair.keyPem.split('\n').slice(1, -2).join('');
    for (const content of [pair.keyPem, pair.keyPem.slice(0, 120), `${pair.keyPem}${pair.certificatePem}`]) {
      const told = JSON.stringify([key(content), certificate(content)]);
      for (let at = 0; at + 16 <= body.length; at += 8) expect(told).not.toContain(body.slice(at, at + 16));
    }
  });
});
