import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noNet } from '../../../testing/no-net.js';
import {
  contentOf,
  contextOf,
  draft,
  type Given,
  ME,
  plan,
  tree,
  UID,
  verify,
} from '../../../testing/remediation.js';
import { selfSigned } from '../../knowledge/certificates/self-signed.js';
import certificateRenew from './remediation.js';

describe('certificate-renew', () => {
  const pairOf = (days: number) =>
    selfSigned({ commonName: 'mta1.example.com', altNames: ['IP:192.0.2.1'], nowMs: Date.now(), days });
  const given = async (
    days: number,
    over: { served?: unknown; isSelfSigned?: boolean } = {},
  ): Promise<Given> => {
    const pair = await pairOf(days);
    const root = tree({
      '/var/ecconfigd/apache/server.key': pair.keyPem,
      '/var/ecconfigd/apache/server.crt': pair.certificatePem,
    });
    const parsed = new X509Certificate(pair.certificatePem);
    const fingerprint = parsed.fingerprint256.replaceAll(':', '').toLowerCase();
    const leaf = {
      commonName: 'mta1.example.com',
      issuer: 'CN=Example CA',
      subjectAltNames: ['IP:192.0.2.1'],
      fingerprint,
      notBeforeMs: Date.parse(parsed.validFrom),
      notAfterMs: Date.parse(parsed.validTo),
      isSelfSigned: over.isSelfSigned ?? true,
    };
    const location = {
      service: 'ecconfigd',
      tls: 'on',
      decidedBy: { file: '/x' },
      certificatePath: '/var/ecconfigd/apache/server.crt',
      keyPath: '/var/ecconfigd/apache/server.key',
      owner: 'ecuser',
      hostname: 'node.example.com',
      endpoint: { host: '127.0.0.1', port: 2027, preamble: 'none' },
      otherPlace: null,
    };
    const service = {
      location,
      certificate: { state: 'parsed', leaf, chain: [leaf] },
      key: { state: 'parsed', spkiSha256: 'old' },
      matches: true,
      served: over.served ?? { kind: 'served', fingerprint },
    };
    return {
      root,
      facts: {
        serviceCertificates: { services: [service], unknowns: [] },
        install: { serviceUser: ME, databaseUser: ME },
      },
      params: { service: 'ecconfigd', days: '365' },
    };
  };

  it('makes a pair that belongs together, with the old names and the new one, and no wider a key', async () => {
    const made = await draft(certificateRenew, await given(-1));
    const [key, certificate] = [
      await contentOf(made, 'key'),
      new X509Certificate(await contentOf(made, 'certificate')),
    ];
    expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(publicOf(key));
    expect(certificate.subject).toBe('CN=mta1.example.com');
    expect(certificate.subjectAltName).toBe('IP Address:192.0.2.1, DNS:node.example.com');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(Date.parse(certificate.validTo) - Date.now()).toBeGreaterThan(364 * 86_400_000);
    expect(made.steps[0]).toMatchObject({ files: [{ access: { mode: 0o640 } }, {}] });
  });

  it.each([
    [
      'a listener that cannot be inspected',
      -1,
      { served: { kind: 'forbidden', detail: 'not live' } },
      'refused',
    ],
    ['a certificate that an authority issued', -1, { isSelfSigned: false }, 'refused'],
    ['a certificate with a long life before it', 300, {}, 'nothing'],
  ] as const)('does not renew at %s', async (_name, days, over, kind) => {
    expect(await plan(certificateRenew, await given(days, over))).toMatchObject({ kind });
  });

  it('is not verified while the service shows another certificate', async () => {
    const base = await given(300);
    const clock = {
      now: (() => {
        let at = 0;
        return () => (at += 10_000);
      })(),
      sleep: () => Promise.resolve(),
    };
    const net = noNet({
      probeTls: () =>
        Promise.resolve({
          kind: 'served' as const,
          fingerprint: 'other',
          leafDer: Buffer.alloc(0),
          protocol: 'TLSv1.2',
        }),
    });
    const context = contextOf(base);
    expect(
      await verify(certificateRenew, base, {
        look: { ...context.look, clock, net },
        madeFingerprint: () => 'made',
      }),
    ).toMatchObject({ ok: false, why: expect.stringContaining('does not serve') });
    expect(
      await verify(certificateRenew, base, {
        look: { ...context.look, clock, net },
        madeFingerprint: () => 'other',
      }),
    ).toEqual({ ok: true });
  });

  it('does not guess which of several pairs is meant', async () => {
    const one = await given(-10);
    const [service] = (one.facts['serviceCertificates'] as { services: object[] }).services;
    const facts = { ...one.facts, serviceCertificates: { services: [service, service], unknowns: [] } };
    expect(
      await plan(certificateRenew, { ...one, facts, params: { service: 'ecconfigd', days: '365' } }),
    ).toMatchObject({
      kind: 'refused',
      code: 'CAS_PLAN_REFUSED',
      why: expect.stringContaining('2 key pairs'),
    });
  });

  it.each([
    ['a program of root’s', '/opt/msys/ecelerity/etc/tool', '#!/bin/sh\n'],
    ['a folder of another’s', '/opt/msys/3rdParty/lib/server.key', '-----BEGIN PRIVATE KEY-----\n'],
  ])('does not replace %s that the settings name as the key', async (_, path, content) => {
    const one = await given(-10);
    const owner = { ...ME, uid: UID + 1 };
    mkdirSync(dirname(join(one.root, path)), { recursive: true });
    writeFileSync(join(one.root, path), content);
    const service = (one.facts['serviceCertificates'] as { services: { location: object }[] }).services[0];
    const renamed = { ...service, location: { ...service?.location, keyPath: path } };
    const facts = {
      ...one.facts,
      install: { ...(one.facts['install'] as object), serviceUser: owner },
      serviceCertificates: { services: [renamed], unknowns: [] },
    };
    expect(
      await plan(certificateRenew, { ...one, facts, params: { service: 'ecconfigd', days: '365' } }),
    ).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/a person must/),
    });
  });
});

function publicOf(keyPem: string): string {
  return createPublicKey(keyPem).export({ type: 'spki', format: 'pem' }).toString();
}
