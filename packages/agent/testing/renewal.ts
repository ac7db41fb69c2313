import { X509Certificate } from 'node:crypto';
import { parsed } from '../src/knowledge/certificates/pem-reader.js';
import { selfSigned } from '../src/knowledge/certificates/self-signed.js';
import type { Acme } from '../src/ports/acme.js';
import type { MakeContext } from '../src/units/issuing.js';
import { memoryStore } from './memory-store.js';
import { contextOf, type Given, ME, tree } from './remediation.js';

export const APACHE = '/var/ecconfigd/apache';

/** `over` is of the pair's fact; `location` of its location. */
export interface Over {
  readonly served?: unknown;
  readonly isSelfSigned?: boolean;
  readonly location?: Readonly<Record<string, unknown>>;
  readonly keyType?: 'rsa2048' | 'ecdsa-p256';
  readonly params?: Readonly<Record<string, string>>;
  /** In one file, the certificate first. */
  readonly isCombined?: boolean;
}

/** A node with ecconfigd and one pair, `days` before its end. */
export async function givenPair(days: number, over: Over = {}): Promise<Given> {
  const pair = await selfSigned({
    commonName: 'mta1.example.com',
    altNames: ['IP:192.0.2.1'],
    nowMs: Date.now(),
    days,
    keyType: over.keyType ?? 'rsa2048',
  });
  const certificatePath = `${APACHE}/server.crt`;
  const keyPath = over.isCombined ? certificatePath : `${APACHE}/server.key`;
  const root = tree({
    [keyPath]: pair.keyPem,
    [certificatePath]: over.isCombined ? pair.certificatePem + pair.keyPem : pair.certificatePem,
  });
  const leaf = parsed(new X509Certificate(pair.certificatePem));
  const service = {
    location: {
      service: 'ecconfigd',
      tls: 'on',
      decidedBy: { file: '/x' },
      certificatePath,
      keyPath,
      owner: 'ecuser',
      hostname: 'node.example.com',
      endpoint: { host: '127.0.0.1', port: 2027, preamble: 'none' },
      otherPlace: null,
      ...over.location,
    },
    certificate: {
      state: 'parsed',
      leaf: { ...leaf, issuer: 'CN=Example CA', isSelfSigned: over.isSelfSigned ?? true },
      chain: [leaf],
    },
    key: {
      state: 'parsed',
      keyType: leaf.keyType,
      keyBits: leaf.keyBits,
      spkiSha256: leaf.spkiSha256,
    },
    matches: true,
    served: over.served ?? { kind: 'served', fingerprint: leaf.fingerprint },
  };
  return {
    root,
    facts: {
      serviceCertificates: { services: [service], unknowns: [] },
      install: { serviceUser: ME, databaseUser: ME },
    },
    params: {
      service: 'ecconfigd',
      days: '365',
      issuer: 'auto',
      keyType: 'keep',
      now: 'false',
      ...over.params,
    },
  };
}

export function servicesIn(given: Given): readonly Record<string, unknown>[] {
  return (given.facts['serviceCertificates'] as { services: Record<string, unknown>[] }).services;
}

export function withServices(given: Given, services: readonly unknown[]): Given {
  return { ...given, facts: { ...given.facts, serviceCertificates: { services, unknowns: [] } } };
}

const NO_ACME: Acme = {
  issue: () => Promise.reject(new Error('no ACME in this test')),
  renewalWindow: () => Promise.resolve(null),
};

/** What contents are made with; nothing is published or run unless given. */
export function makeOf(given: Given, over: Partial<MakeContext> = {}): MakeContext {
  const { look } = contextOf(given);
  return {
    files: look.files,
    exec: look.exec,
    clock: look.clock,
    signal: look.signal,
    state: memoryStore(),
    acme: NO_ACME,
    sign: async () => ({ kind: 'refused', detail: 'no server in this test' }),
    scratch: () => '/scratch',
    publish: () => () => undefined,
    tell: () => undefined,
    ...over,
  };
}
