// Links as agents have them, without the agents: enrolled, mutual TLS, hello.
import { generateKeyPairSync } from 'node:crypto';
import { createRequire } from 'node:module';
import { sleep } from './fleet.mjs';

const fromServer = createRequire(new URL('../../packages/server/package.json', import.meta.url));
export const { WebSocket } = fromServer('ws');
fromServer('reflect-metadata');
const x509 = fromServer('@peculiar/x509');
const { Agent, request } = fromServer('undici');

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const ENROL_AGAIN_MS = 2_000;
const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });

/** A token that so many nodes may join with. */
export async function tokenOf(fleet, uses) {
  const { token } = await fleet.rest.post('/tokens', { group: 'mta', ttlSeconds: 3600, uses });
  return token;
}

/** Joins as an agent would: the key is made here. Waits its turn when many join at once. */
export async function enrol(fleet, token, name) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const keys = {
    publicKey: await crypto.subtle.importKey('spki', spki, EC, true, ['verify']),
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, EC, true, ['sign']),
  };
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: EC,
  });
  for (;;) {
    const answer = await request(`${fleet.agentsUrl}/enrol`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, name, csr: csr.toString('pem'), agentVersion: '0.0.0-bench' }),
      dispatcher,
    });
    const body = await answer.body.json();
    if (answer.statusCode === 200)
      return { ...body, name, keyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }) };
    if (answer.statusCode !== 429) throw new Error(`enrolment: ${JSON.stringify(body)}`);
    await sleep(ENROL_AGAIN_MS);
  }
}

/** An open link that has said hello, and that the server knows no state of. */
export async function open(identity, bootId) {
  const { url, authority, certificate, keyPem, name } = identity;
  const socket = new WebSocket(url, {
    ca: authority,
    cert: certificate,
    key: keyPem,
    perMessageDeflate: false,
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => socket.terminate());
  const description = {
    name,
    roles: ['mta'],
    os: 'Debian',
    momentum: { version: '3.6.6', from: 'console' },
    tls: { library: 'openssl', version: '1.0.1' },
  };
  const versions = { protocolMin: 1, protocolMax: 1, caps: [], agentVersion: '0.0.0-bench' };
  const clock = new Date().toISOString();
  socket.send(JSON.stringify({ type: 'hello', ...versions, bootId, clock, description, stateDigest: null }));
  return socket;
}

export function verdict(subject, status, summary) {
  const place = { file: '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf', line: 12 };
  return {
    control: 'MOM-TLS-001',
    title: 'x',
    severity: 'high',
    status,
    subject,
    summary,
    violations: status === 'fail' ? [{ at: place, found: '+ALL' }] : [],
    reason: null,
    remediation: null,
    sources: [],
  };
}
