import 'reflect-metadata';
import { createHash, generateKeyPairSync, webcrypto, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleOf } from '@castellan/shared/base/pem-bundle';
import * as x509 from '@peculiar/x509';
import { CompactSign, exportJWK } from 'jose';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { nodeStateStore } from '../adapters/node-state-store.js';
import { StateProblem } from '../ports/state-store.js';
import type { Identity } from './identity.js';
import { checkTrust, fingerprintsOf, readTrust, removeTrust, writeTrust } from './trust.js';
import { TrustKeeper } from './trust-keeper.js';

const EC = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const keys = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const NODE = { nodeId: 'nod-1', serverId: 'srv-1' };
let first: string;
let second: string;
let leaf: string;
let identity: Identity;

async function certificate(name: string, isAuthority: boolean): Promise<string> {
  const pair = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${name}`,
      keys: pair,
      signingAlgorithm: EC,
      extensions: [new x509.BasicConstraintsExtension(isAuthority, undefined, true)],
    },
    webcrypto as Parameters<typeof x509.X509CertificateGenerator.createSelfSigned>[1],
  );
  return `${made.toString('pem')}\n`;
}

beforeAll(async () => {
  [first, second, leaf] = await Promise.all([
    certificate('first', true),
    certificate('second', true),
    certificate('leaf', false),
  ]);
  identity = {
    ...NODE,
    name: 'mta1',
    url: 'wss://127.0.0.1:1/agent',
    commandKey: { kty: 'OKP', crv: 'Ed25519', x: (await exportJWK(keys.publicKey)).x ?? '' },
    keyPem: '',
    certificatePem: '',
    authorityPem: first,
  };
});

const signed = (payload: object, by = keys.privateKey) =>
  new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg: 'EdDSA' }).sign(by);
const told = (authorities: readonly string[], more: object = {}) => ({
  kind: 'trust',
  iss: NODE.serverId,
  aud: NODE.nodeId,
  revision: 5,
  authorities,
  ...more,
});

test.each([
  ['the old and the new', () => told([first, second]), 'taken'],
  ['the old alone', () => told([first]), 'taken'],
  ['of the same revision', () => told([first, second], { revision: 4 }), 'taken'],
  ['older than what is known', () => told([first, second], { revision: 3 }), 'CAS_COMMAND_NOT_ALLOWED'],
  ['none that is trusted', () => told([second]), 'CAS_COMMAND_NOT_ALLOWED'],
  ['none at all', () => told([]), 'CAS_COMMAND_NOT_ALLOWED'],
  ['one that is no authority', () => told([first, leaf]), 'CAS_COMMAND_NOT_ALLOWED'],
  ['one that is no certificate', () => told([first, 'PEM']), 'CAS_COMMAND_NOT_ALLOWED'],
  ['more than four', () => told([first, first, first, first, first]), 'CAS_COMMAND_NOT_ALLOWED'],
  ['for another node', () => told([first, second], { aud: 'nod-2' }), 'CAS_COMMAND_SIGNATURE'],
  ['of another server', () => told([first, second], { iss: 'srv-2' }), 'CAS_COMMAND_SIGNATURE'],
  ['a command', () => ({ ...told([first, second]), kind: 'apply' }), 'CAS_COMMAND_NOT_ALLOWED'],
])('authorities that are %s', async (_what, payload, expected) => {
  const checked = await checkTrust(await signed(payload()), identity, 4);
  expect(checked.ok ? 'taken' : checked.error.code).toBe(expected);
});

test('what another key signed is refused', async () => {
  const checked = await checkTrust(await signed(told([first, second]), stranger.privateKey), identity, 0);
  expect(!checked.ok && checked.error.code).toBe('CAS_COMMAND_SIGNATURE');
});

function storeOf() {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-trust-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return nodeStateStore(folder);
}
const nothing = () => undefined;
const silent = { error: nothing, warn: nothing, info: nothing, debug: nothing };

test('what is kept is read again, by this identity only, and whichever byte of it is spoilt nothing of it is', () => {
  const store = storeOf();
  const trust = { ...NODE, revision: 5, authorities: [first, second], toldAt: 1 };
  writeTrust(store, trust);
  expect(readTrust(store, NODE)).toEqual(trust);
  expect(readTrust(store, { ...NODE, nodeId: 'nod-2' })).toBeNull();
  const file = join(store.path, 'identity/trust.json');
  const whole = readFileSync(file);
  for (let at = 0; at < whole.length; at += 97) {
    const spoilt = Buffer.from(whole);
    spoilt[at] = (spoilt[at] ?? 0) ^ 1;
    writeFileSync(file, spoilt);
    const read = readTrust(store, NODE);
    if (read !== null) expect(read).toEqual(trust);
    const keeper = new TrustKeeper(store, silent, NODE);
    expect(fingerprintsOf(keeper.bundle(first)).length).toBe(read === null ? 1 : 2);
  }
  removeTrust(store);
  expect(readTrust(store, NODE)).toBeNull();
});

test('what the disk refuses is neither trusted nor confirmed, until it takes it', () => {
  const store = storeOf();
  let isFull = true;
  const refusing = {
    ...store,
    replace: (name: string, content: string | Uint8Array) => {
      if (isFull) throw new StateProblem('write', name, 'ENOSPC');
      store.replace(name, content);
    },
  };
  const keeper = new TrustKeeper(refusing, silent, NODE);
  keeper.take({ ...NODE, revision: 5, authorities: [first, second], toldAt: 1 });
  expect([keeper.bundle(first), keeper.isUntold, keeper.revision]).toEqual([first, false, 5]);
  isFull = false;
  keeper.settle();
  expect([keeper.bundle(first), keeper.isUntold]).toEqual([bundleOf([first, second]), true]);
  const sha256 = (pem: string) => createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');
  expect(fingerprintsOf(keeper.bundle(first))).toEqual([sha256(first), sha256(second)]);
  keeper.told();
  expect(new TrustKeeper(store, silent, NODE)).toMatchObject({ isUntold: false, revision: 5 });
});
