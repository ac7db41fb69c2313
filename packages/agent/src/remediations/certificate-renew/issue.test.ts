import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { contentOf, draft, plan } from '../../../testing/remediation.js';
import { APACHE, givenPair, makeOf } from '../../../testing/renewal.js';
import { nodeExec } from '../../adapters/node-exec.js';
import { type Issued, whyNotGood } from '../../knowledge/certificates/check-issued.js';
import { selfSigned } from '../../knowledge/certificates/self-signed.js';
import { type IssuingSettings, NO_ISSUING } from '../../units/issuing.js';
import { readAttempts } from './attempts.js';
import type { CertificateWanted } from './issuers/issuer.js';
import server from './issuers/server/issuer.js';
import { certificateFile, chainFile, combinedFile } from './pem-layout.js';
import certificateRenew from './remediation.js';

const DAY_MS = 86_400_000;
const NAMES = { commonName: 'a.example.com', altNames: ['DNS:a.example.com', 'IP:192.0.2.1'] };
const made = async (nowMs: number, days: number, names = NAMES): Promise<Issued> => ({
  ...(await selfSigned({ ...names, nowMs, days, keyType: 'ecdsa-p256' })),
  chainPems: [],
});

describe('what was issued', () => {
  let good: Issued;
  let other: Issued;
  beforeAll(async () => {
    [good, other] = await Promise.all([made(Date.now(), 30), made(Date.now(), 30)]);
  });

  it('is taken where all is well', () => {
    expect(whyNotGood(good, NAMES, Date.now())).toBeNull();
  });

  it.each<[string, () => string | null, RegExp]>([
    [
      'of another key',
      () => whyNotGood({ ...good, keyPem: other.keyPem }, NAMES, Date.now()),
      /not of the key/,
    ],
    ['not valid yet', () => whyNotGood(good, NAMES, Date.now() - DAY_MS), /not valid before/],
    ['over', () => whyNotGood(good, NAMES, Date.now() + 40 * DAY_MS), /ended on/],
    [
      'without a name',
      () => whyNotGood(good, { ...NAMES, altNames: ['DNS:b.example.com'] }, Date.now()),
      /not good for DNS:b/,
    ],
    [
      'of another common name',
      () => whyNotGood(good, { commonName: 'c', altNames: [] }, Date.now()),
      /good for c/,
    ],
    [
      'below somebody who did not sign it',
      () => whyNotGood({ ...good, chainPems: [other.certificatePem] }, NAMES, Date.now()),
      /chain is broken/,
    ],
    [
      'below too many',
      () => whyNotGood({ ...good, chainPems: Array(11).fill(other.certificatePem) }, NAMES, Date.now()),
      /more than 10/,
    ],
  ])('is not taken where it is %s', (_, why, expected) => {
    expect(why()).toMatch(expected);
  });

  it('goes into the files as they were: both in one, or the chain in its own', () => {
    const chained = { keyPem: 'KEY', certificatePem: 'LEAF', chainPems: ['CA'] };
    const block = (label: string) => `-----BEGIN ${label}-----\nAA==\n-----END ${label}-----\n`;
    const old = block('CERTIFICATE') + block('PRIVATE KEY') + block('DH PARAMETERS');
    expect(certificateFile(chained, false)).toBe('LEAF\nCA\n');
    expect([certificateFile(chained, true), chainFile(chained)]).toEqual(['LEAF\n', 'CA\n']);
    expect(combinedFile(chained, old, false)).toBe(`LEAF\nCA\nKEY\n${block('DH PARAMETERS')}`);
    expect(combinedFile(chained, block('PRIVATE KEY'), true)).toBe('KEY\nLEAF\n');
  });
});

/** An authority by openssl: it signs what comes on stdin, with the names of the request. */
const AUTHORITY = `#!/bin/sh
cd "$(dirname "$0")" || exit 1
openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days 90 -copy_extensions copy 2>/dev/null
cat ca.crt
`;

describe('an issuer that is a program', () => {
  it('is asked with a request and gives a chain; a failure is remembered, and it is left alone then', async () => {
    const params = { issuer: 'auto' };
    const given = await givenPair(-1, {
      isSelfSigned: false,
      params,
      location: { chainPath: `${APACHE}/chain.crt` },
    });
    const at = (name: string) => join(given.root, APACHE, name);
    execFileSync(
      'openssl',
      [
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:prime256v1',
          '-nodes',
          '-days',
          '90',
        ],
        ...['-subj', '/CN=Authority', '-keyout', at('ca.key'), '-out', at('ca.crt')],
      ],
      { stdio: 'ignore' },
    );
    writeFileSync(at('authority'), AUTHORITY);
    writeFileSync(at('chain.crt'), '');
    chmodSync(at('authority'), 0o755);
    const set = { ...given, issuing: { ...NO_ISSUING, command: `${APACHE}/authority` } };
    const drafted = await draft(certificateRenew, set);
    const make = makeOf(set, { exec: nodeExec(given.root, { live: true }) });
    const leaf = new X509Certificate(await contentOf(drafted, 'certificate', make));
    const chain = new X509Certificate(await contentOf(drafted, 'chain', make));
    expect(leaf.verify(chain.publicKey)).toBe(true);
    expect(leaf.subjectAltName).toBe('IP Address:192.0.2.1, DNS:node.example.com');

    writeFileSync(at('authority'), '#!/bin/sh\nexit 7\n');
    const failing = await draft(certificateRenew, set);
    await expect(contentOf(failing, 'certificate', make)).rejects.toThrow(/ended with 7/);
    expect(readAttempts(make.state, 'command').failures).toBe(1);
    const waiting = { ...set, state: make.state };
    expect(await plan(certificateRenew, waiting)).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining('is left alone until'),
    });
    const now = { ...waiting, params: { ...set.params, now: 'true' } };
    expect(await plan(certificateRenew, now)).toMatchObject({ kind: 'draft' });
  });
});

describe("by the server's authority for services", () => {
  const CA = { commonName: 'Castellan services srv_1', altNames: [] };
  let ca: Awaited<ReturnType<typeof selfSigned>>;
  let issuing: IssuingSettings;
  beforeAll(async () => {
    ca = await selfSigned({ ...CA, nowMs: Date.now(), days: 30, keyType: 'ecdsa-p256' });
    issuing = { ...NO_ISSUING, server: { authorityPem: ca.certificatePem, daysMax: 90 } };
  });
  const asked = { issuer: 'server', service: 'ecconfigd' };

  it('the plan says what is signed, for how long at most, and whom to trust', async () => {
    const given = await givenPair(-1, {});
    const planned = await draft(certificateRenew, {
      ...given,
      params: { ...given.params, ...asked },
      issuing,
    });
    const fingerprint = new X509Certificate(ca.certificatePem).fingerprint256
      .replaceAll(':', '')
      .toLowerCase();
    expect(planned.signs).toMatchObject([
      { target: `${APACHE}/server.crt`, authority: fingerprint, keyType: 'rsa2048', days: 90 },
    ]);
    expect(planned.notes.join()).toContain(fingerprint);
  });

  it.each<[string, () => IssuingSettings, RegExp]>([
    ["at the node's own shell", () => NO_ISSUING, /ask for the plan on the server/],
    [
      'of a server that says why not',
      () => ({ ...NO_ISSUING, server: { why: 'the server has no authority for services' } }),
      /server: |no authority for services/,
    ],
  ])('%s: refused', async (_where, settings, why) => {
    const given = await givenPair(-1, {});
    const set = { ...given, params: { ...given.params, ...asked }, issuing: settings() };
    expect(await plan(certificateRenew, set)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });

  it.each<[string, Partial<CertificateWanted>, RegExp | null]>([
    ['a common name at the bound', { commonName: 'a'.repeat(64) }, null],
    ['a common name beyond it', { commonName: 'a'.repeat(65) }, /1 to 64 characters/],
    ['no common name', { commonName: '' }, /has 0/],
    ['names at the bound', { altNames: Array(64).fill('DNS:*.example.com') }, null],
    ['names beyond it', { altNames: Array(65).fill('DNS:a.example.com') }, /65 names/],
    ['a name that is none', { altNames: ['DNS:a b'] }, /DNS:a b is not a host name/],
    ['addresses', { altNames: ['IP:192.0.2.1', 'IP:2001:db8::1'] }, null],
    ['a path with a NUL', { certificatePath: '/a\u0000' }, /cannot be told/],
  ])('what the server is asked for: %s', async (_what, changes, why) => {
    const { files, clock } = makeOf(await givenPair(-1, {}));
    const wanted: CertificateWanted = {
      ...NAMES,
      service: 'ecconfigd',
      hostname: 'a.example.com',
      days: 90,
      keyType: 'rsa2048',
      oldPem: null,
      certificatePath: '/a.crt',
      ...changes,
    };
    const said = server.blocker(wanted, { files, clock, issuing });
    if (why === null) expect(said).toBeNull();
    else expect(said).toMatch(why);
  });

  it('it is known by its signature, and not by its name', async () => {
    const namesake = await selfSigned({ ...CA, nowMs: Date.now(), days: 30, keyType: 'ecdsa-p256' });
    expect(server.hasIssued?.(ca.certificatePem, issuing)).toBe(true);
    expect(server.hasIssued?.(namesake.certificatePem, issuing)).toBe(false);
  });

  it('a refusal is a failure that is remembered; a certificate of another authority is not taken', async () => {
    const given = await givenPair(-1, {});
    const set = { ...given, params: { ...given.params, ...asked }, issuing };
    const refusing = makeOf(set, {
      sign: async () => ({ kind: 'refused', detail: 'CAS_SIGNING_REFUSED: not approved' }),
    });
    await expect(contentOf(await draft(certificateRenew, set), 'certificate', refusing)).rejects.toThrow(
      /the server signed no certificate: CAS_SIGNING_REFUSED: not approved/,
    );
    expect(readAttempts(refusing.state, 'server').failures).toBe(1);
    const foreign = makeOf(set, {
      sign: async () => ({ kind: 'signed', certificatePem: ca.certificatePem }),
    });
    await expect(contentOf(await draft(certificateRenew, set), 'certificate', foreign)).rejects.toThrow(
      /the new certificate was not taken/,
    );
  });
});
