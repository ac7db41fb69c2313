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
  UID,
  verify,
} from '../../../testing/remediation.js';
import { APACHE, givenPair, makeOf, servicesIn, withServices } from '../../../testing/renewal.js';
import certificateRenew from './remediation.js';

const DOWN = (code: number): Pick<Given, 'exec'> => ({
  exec: ({ argv }) =>
    argv[0] === 'status'
      ? { kind: 'exited', code, stdout: '', stderr: '' }
      : { kind: 'unstarted', problem: 'forbidden', detail: '' },
});
const CLOSED = { kind: 'closed', detail: 'nothing listens there' };

describe('certificate-renew', () => {
  it('makes a pair that belongs together, with the old names and the new one, and no wider a key', async () => {
    const given = await givenPair(-1);
    const made = await draft(certificateRenew, given);
    const make = makeOf(given);
    const key = await contentOf(made, 'key', make);
    const certificate = new X509Certificate(await contentOf(made, 'certificate', make));
    expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(publicOf(key));
    expect(certificate.subject).toBe('CN=mta1.example.com');
    expect(certificate.subjectAltName).toBe('IP Address:192.0.2.1, DNS:node.example.com');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
    expect(Date.parse(certificate.validTo) - Date.now()).toBeGreaterThan(364 * 86_400_000);
    expect(made.steps).toMatchObject([
      { kind: 'replace-files', files: [{ access: { mode: 0o640 } }, {}] },
      { kind: 'service', action: 'restart', servedBefore: { fingerprints: [expect.any(String)] } },
    ]);
  });

  it.each([
    [
      'a listener that cannot be inspected',
      -1,
      { served: { kind: 'forbidden', detail: 'not live' } },
      'refused',
    ],
    ['a certificate that an authority issued', -1, { isSelfSigned: false }, 'refused'],
    [
      'one asked to be self-signed',
      -1,
      { isSelfSigned: false, params: { issuer: 'self-signed' } },
      'refused',
    ],
    ['a certificate with a long life before it', 300, {}, 'nothing'],
    ['a weaker key than there is', -1, { keyType: 'ecdsa-p256', params: { keyType: 'rsa2048' } }, 'refused'],
    ['an issuer that is not set up', -1, { params: { issuer: 'command' } }, 'refused'],
    ['a product without its create_ssl_cert', -1, { params: { issuer: 'product' } }, 'refused'],
    ['a certificate that the service has not', -1, { params: { certificate: '/opt/msys/x.crt' } }, 'refused'],
  ] as const)('does not renew at %s', async (_name, days, over, kind) => {
    expect(await plan(certificateRenew, await givenPair(days, over))).toMatchObject({ kind });
  });

  it.each([
    [9.6, 'restart'],
    [10, 'reload'],
    [null, 'restart'],
  ])(
    'has PostgreSQL %s take it up by %s, where its init script knows reload',
    async (databaseVersion, action) => {
      const given = await givenPair(-1, {
        location: { service: 'msyspg', owner: 'msyspg', databaseVersion },
        params: { service: 'msyspg' },
      });
      mkdirSync(join(given.root, '/etc/init.d'), { recursive: true });
      writeFileSync(join(given.root, '/etc/init.d/msyspg'), 'case "$1" in\nreload) ;;\nesac\n');
      expect((await draft(certificateRenew, given)).steps[1]).toMatchObject({ kind: 'service', action });
    },
  );

  it('starts a service that its own init script calls down, and a failed run leaves it so', async () => {
    const given = { ...(await givenPair(-1, { served: CLOSED })), ...DOWN(3) };
    const made = await draft(certificateRenew, given);
    expect(made.steps[1]).toMatchObject({ action: 'start', servedBefore: { fingerprints: [] } });
    expect(made.effects).toEqual(['ecconfigd is down, and is started']);
    expect(made.notes).toEqual([expect.stringContaining('the old one is put back and it stays down')]);
  });

  it.each([
    ['runs and does not listen', 0, -1, 'refused'],
    ['cannot be told', 127, -1, 'refused'],
    ['is down with a good pair', 3, 300, 'nothing'],
  ])('has nothing to do with a service that %s', async (_, code, days, kind) => {
    const given = { ...(await givenPair(days, { served: CLOSED })), ...DOWN(code) };
    expect(await plan(certificateRenew, given)).toMatchObject({ kind });
  });

  it.each([
    ['keep', 'ecdsa-p256', { namedCurve: 'prime256v1' }],
    ['rsa3072', 'rsa2048', { modulusLength: 3072 }],
    ['ecdsa-p256', 'rsa2048', { namedCurve: 'prime256v1' }],
  ] as const)('makes a key as asked: %s of %s', async (asked, old, details) => {
    const given = await givenPair(-1, { keyType: old, params: { keyType: asked } });
    const made = await draft(certificateRenew, given);
    const { publicKey } = new X509Certificate(await contentOf(made, 'certificate', makeOf(given)));
    expect(publicKey.asymmetricKeyDetails).toMatchObject(details);
  });

  it('keeps both in one file, in the order that they had, and no more open than a key', async () => {
    const given = await givenPair(-1, { isCombined: true, keyType: 'ecdsa-p256' });
    const made = await draft(certificateRenew, given);
    expect(made.steps[0]).toMatchObject({
      files: [{ path: `${APACHE}/server.crt`, access: { mode: 0o640 } }],
    });
    const text = await contentOf(made, 'certificate', makeOf(given));
    expect(text).toMatch(
      /^-----BEGIN CERTIFICATE-----[\s\S]+-----BEGIN EC PRIVATE KEY-----[\s\S]+KEY-----\n$/,
    );
    expect(new X509Certificate(text).publicKey.export({ type: 'spki', format: 'pem' })).toBe(publicOf(text));
  });

  it('is not verified while the service shows another certificate', async () => {
    const base = await givenPair(300);
    const clock = {
      now: (
        (at = 0) =>
        () =>
          (at += 10_000)
      )(),
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
    const look = { ...contextOf(base).look, clock, net };
    const shows = (made: string) => verify(certificateRenew, base, { look, madeFingerprint: () => made });
    expect(await shows('made')).toMatchObject({ ok: false, why: expect.stringContaining('does not serve') });
    expect(await shows('other')).toEqual({ ok: true });
  });
});

describe('certificate-renew of one of several pairs', () => {
  const OTHER = `${APACHE}/other.crt`;
  const several = async (params: Record<string, string>, keyPath = `${APACHE}/other.key`): Promise<Given> => {
    const given = await givenPair(-10, { params });
    const [one] = servicesIn(given);
    const location = { ...(one?.['location'] as object), certificatePath: OTHER, keyPath };
    return withServices(given, [one, { ...one, location }]);
  };

  it('does not guess which is meant', async () => {
    expect(await plan(certificateRenew, await several({}))).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining(`certificate=PATH, one of ${APACHE}/server.crt, ${OTHER}`),
    });
  });

  it('does not leave a shared key without its certificate', async () => {
    const given = await several({ certificate: OTHER }, `${APACHE}/server.key`);
    expect(await plan(certificateRenew, given)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('a key of another certificate'),
    });
  });

  it('renews the one that is named, and asks a listener with both kinds for its kind', async () => {
    const asked: unknown[] = [];
    const made = await draft(certificateRenew, {
      ...(await several({ certificate: OTHER })),
      probe: ({ keyType }) => {
        asked.push(keyType);
        return { kind: 'served', fingerprint: 'old', leafDer: Buffer.alloc(0), protocol: 'TLSv1.2' };
      },
    });
    expect(asked).toEqual(['rsa']);
    expect(made.steps).toMatchObject([
      { files: [{ path: `${APACHE}/other.key` }, { path: OTHER }] },
      { servedBefore: { keyType: 'rsa' } },
    ]);
  });

  it('is verified by its own subjects: another pair may be as bad as ever', async () => {
    const given = await several({ certificate: OTHER });
    const named = servicesIn(given).map((one) => {
      const location = one['location'] as { certificatePath: string };
      return { ...one, location: { ...location, name: `node:2027 ${location.certificatePath}` } };
    });
    const asked: boolean[] = [];
    const context = {
      look: {
        ...contextOf(given).look,
        net: noNet({
          probeTls: () =>
            Promise.resolve({
              kind: 'served' as const,
              fingerprint: 'made',
              leafDer: Buffer.alloc(0),
              protocol: '',
            }),
        }),
      },
      madeFingerprint: () => 'made',
      recheck: (_: string, given?: string | ((subject: string) => boolean)) => {
        const isAsked = (subject: string) => typeof given === 'function' && given(subject);
        asked.push(
          isAsked(`ecconfigd node:2027 ${OTHER}`),
          isAsked(`ecconfigd node:2027 ${APACHE}/server.crt`),
        );
        return Promise.resolve({ status: 'pass', summary: '' });
      },
    };
    expect(await verify(certificateRenew, withServices(given, named), context)).toEqual({ ok: true });
    expect(asked).toEqual([true, false]);
  });

  it.each([
    ['a program of root’s', '/opt/msys/ecelerity/etc/tool', '#!/bin/sh\n'],
    ['a folder of another’s', '/opt/msys/3rdParty/lib/server.key', '-----BEGIN PRIVATE KEY-----\n'],
  ])('does not replace %s that the settings name as the key', async (_, path, content) => {
    const one = await givenPair(-10, { location: { keyPath: path } });
    mkdirSync(dirname(join(one.root, path)), { recursive: true });
    writeFileSync(join(one.root, path), content);
    const install = { ...(one.facts['install'] as object), serviceUser: { ...ME, uid: UID + 1 } };
    expect(await plan(certificateRenew, { ...one, facts: { ...one.facts, install } })).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/a person must/),
    });
  });
});

function publicOf(keyPem: string): string {
  return createPublicKey(/-----BEGIN [A-Z ]*KEY-----[\s\S]+?KEY-----/.exec(keyPem)?.[0] ?? '')
    .export({ type: 'spki', format: 'pem' })
    .toString();
}
