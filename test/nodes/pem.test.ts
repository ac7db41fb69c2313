import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makePair } from '../../packages/agent/testing/pairs.js';
import type { Status } from '../../packages/shared/src/model/verdict.js';
import { laidNodes, MSYSPG, PG_DATA, type TestNode } from './node.js';

const newNode = laidNodes();
const CERTIFICATE = `${PG_DATA}/server.crt`;
const KEY = `${PG_DATA}/server.key`;
const WEB_CERTIFICATE = '/opt/msys/ecwebui/config/site/server.crt';
const DAY_MS = 86_400_000;

const pair = await makePair({ kind: 'rsa' });
const leaf = `${pair.certificatePem.trim()}\n`;
const key = `${pair.keyPem.trim()}\n`;
const other = `${(await makePair({ kind: 'rsa', commonName: 'ca.example.com' })).certificatePem.trim()}\n`;
const keyAs = (type: 'pkcs1' | 'pkcs8', format: 'pem' | 'der', secret: object = {}) =>
  createPrivateKey(key).export({ type, format, ...secret } as { type: 'pkcs1'; format: 'der' });

function put(
  node: TestNode,
  certificate: string | Uint8Array,
  keyContent: string | Uint8Array = key,
): TestNode {
  return node
    .write(CERTIFICATE, certificate, { ...MSYSPG, mode: 0o644 })
    .write(KEY, keyContent, { ...MSYSPG, mode: 0o600 });
}

describe('the certificate and the key of PostgreSQL', () => {
  test.each<[string, string | Uint8Array, string | Uint8Array, Status]>([
    ['a pair in PEM', leaf, key, 'pass'],
    ['a pair with CRLF', leaf.replaceAll('\n', '\r\n'), key.replaceAll('\n', '\r\n'), 'pass'],
    ['a pair without last newlines', leaf.trim(), key.trim(), 'pass'],
    ['a chain', leaf + other, key, 'pass'],
    ['a chain with words before each', `leaf:\n${leaf}issuer:\n${other}`, key, 'pass'],
    ['a chain whose first has no newline', leaf.trim() + other, key, 'fail'],
    ['a chain whose second is cut off', leaf + other.slice(0, 300), key, 'fail'],
    ['a chain whose second is not base64', leaf + other.replace(/\nM/, '\n*'), key, 'fail'],
    ['a certificate in DER', pair.certificateDer, key, 'fail'],
    ['a key in DER', leaf, keyAs('pkcs8', 'der'), 'fail'],
    ['a key in DER, PKCS #1', leaf, keyAs('pkcs1', 'der'), 'fail'],
    ['a key in PKCS #1', leaf, keyAs('pkcs1', 'pem'), 'pass'],
    ['both in both files, the key first', key + leaf, key + leaf, 'pass'],
    ['both in both files, the certificate first', leaf + key, leaf + key, 'pass'],
    ['a key glued to its certificate', leaf.trim() + key, leaf.trim() + key, 'fail'],
    ['a certificate glued to its key', key.trim() + leaf, key.trim() + leaf, 'fail'],
    ['a certificate that is indented', leaf.replaceAll(/^/gm, ' '), key, 'fail'],
    ['the label X509 CERTIFICATE', leaf.replaceAll(' CERT', ' X509 CERT'), key, 'pass'],
    ['a key of OpenSSH', leaf, key.replaceAll(' PRIVATE', ' OPENSSH PRIVATE'), 'fail'],
    ['an end alone', leaf.replace(/-----END.*/, '-----END X-----'), key, 'fail'],
    ['a byte order mark', `\uFEFF${leaf}`, key, 'indeterminate'],
    [
      'base64 in one line',
      leaf.replaceAll(/(?<=[A-Za-z0-9+/])\n(?=[A-Za-z0-9+/=])/g, ''),
      key,
      'indeterminate',
    ],
  ])('%s', async (_, certificate, keyContent, status) => {
    await put(newNode(), certificate, keyContent).says({ 'MOM-CRT-001': status });
  });

  test('an encrypted key stops PostgreSQL, unless a program gives its pass phrase', async () => {
    const secret = { cipher: 'aes-256-cbc', passphrase: 'of this test' };
    const node = put(newNode(), leaf, keyAs('pkcs8', 'pem', secret));
    await node.says({ 'MOM-CRT-001': 'fail' });
    const conf = `${PG_DATA}/postgresql.conf`;
    node.edit(conf, (text) => `${text}ssl_passphrase_command = '/bin/ask'\n`);
    await node.says({ 'MOM-CRT-001': 'indeterminate' });
    node.write(`${PG_DATA}/PG_VERSION`, '10\n', MSYSPG);
    const [verdict] = await node.says({ 'MOM-CRT-001': 'indeterminate' });
    expect(verdict?.reason).toContain('PostgreSQL 10 does not know');
  });
});

test('an expired issuer in the file of PostgreSQL’s certificate', async () => {
  const folder = newNode().at('/');
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const named = ['-newkey', 'rsa:2048', '-nodes'];
  run('req', '-x509', ...named, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '300', '-subj', '/CN=issuer');
  run('req', ...named, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=leaf');
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-set_serial', '7', '-days', '300'];
  run('x509', '-req', '-in', 'leaf.csr', ...signed, '-out', 'leaf.crt');
  const text = (name: string) => execFileSync('cat', [`${folder}/${name}`], { encoding: 'utf8' });
  const issuer = async (days: number) =>
    (
      await makePair({
        commonName: 'issuer',
        notAfter: new Date(Date.now() + days * DAY_MS),
        notBefore: new Date(0),
      })
    ).certificatePem;
  const node = put(newNode(), `${text('leaf.crt')}${await issuer(100)}\n`, text('leaf.key'));
  await node.says({ 'MOM-CRT-001': 'pass', 'MOM-CRT-002': 'pass' });
  put(node, `${text('leaf.crt')}${await issuer(-1)}\n`, text('leaf.key'));
  const verdicts = await node.says({ 'MOM-CRT-001': 'pass', 'MOM-CRT-002': 'fail' });
  expect(verdicts.find(({ control }) => control === 'MOM-CRT-002')?.severity).toBe('critical');
});

describe('the certificate of the web UI', () => {
  test.each<[string, string | Uint8Array, Status]>([
    ['glued to its issuer', leaf.trim() + other, 'fail'],
    ['in DER, which depends on the release of Apache', pair.certificateDer, 'indeterminate'],
  ])('%s', async (_, certificate, status) => {
    const node = newNode().write(WEB_CERTIFICATE, certificate);
    node.write('/opt/msys/ecwebui/config/site/server.key', key, { uid: 7100, gid: 7100, mode: 0o600 });
    await node.says({ 'MOM-CRT-003': status });
  });
});
