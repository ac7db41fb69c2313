import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '@castellan/momentum';
import { describe, expect, it } from 'vitest';
import { caseMomentumConfig, caseVersion } from '../../testing/cases/config.js';
import { noNet } from '../../testing/no-net.js';
import { nodeFiles } from '../adapters/node-files.js';
import type { Facts } from '../facts/facts.generated.js';
import { selfSigned } from '../knowledge/certificates/self-signed.js';
import type { ExecRequest, ExecResult } from '../ports/exec.js';
import type {
  Draft,
  ParamReader,
  PlanContext,
  Planned,
  Remediation,
  VerifyContext,
} from '../units/remediation.js';
import certificateRenew from './certificate-renew/remediation.js';
import permissionsRepair from './permissions-repair/remediation.js';
import securecredsEnable from './securecreds-enable/remediation.js';
import tlsProtocols from './tls-protocols/remediation.js';

const PASSWORD = 'planted-canary-7QX';
const CONF = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
const ECDB = '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';
const UID = process.getuid?.() ?? 0;
const GID = process.getgid?.() ?? 0;
const ME = { name: 'ecuser', uid: UID, gid: GID, groups: [GID] };

/** A place of the web UI's key, and a key: what is none is left alone. */
const KEY = '/opt/msys/ecwebui/config/site/server.key';
const KEY_PEM = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'castellan-remediation-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    chmodSync(join(root, path), 0o640);
  }
  return root;
}

interface Given {
  readonly root: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly exec?: (request: ExecRequest) => ExecResult;
}

function contextOf({
  root,
  facts,
  params = {},
  exec = () => ({ kind: 'unstarted', problem: 'forbidden', detail: '' }),
}: Given): PlanContext {
  const reader: ParamReader = {
    text: (name) => params[name] ?? null,
    given: (name) => name in params,
    reveal: (name) => params[name] ?? '',
  };
  return {
    // Each remediation is given the facts that it reads.
    facts: facts as unknown as Facts,
    params: reader,
    isOwnEdit: () => false,
    look: {
      files: nodeFiles(root),
      exec: { run: (request) => Promise.resolve(exec(request)) },
      net: noNet(),
      processes: { under: () => null },
      clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
      signal: new AbortController().signal,
      settings: { nodeName: null, assumeMomentum: null, probe: true, live: true },
    },
  };
}

function plan(remediation: unknown, given: Given): Promise<Planned> {
  return Promise.resolve((remediation as Remediation).plan(contextOf(given)));
}

function verify(remediation: unknown, given: Given, over: Partial<VerifyContext> = {}) {
  const context: VerifyContext = {
    ...contextOf(given),
    recheck: () => Promise.resolve({ status: 'pass', summary: '' }),
    madeSha256: () => null,
    madeFingerprint: () => null,
    note: () => undefined,
    ...over,
  };
  return (remediation as Remediation).verify(context);
}

async function draft(remediation: unknown, given: Given): Promise<Draft> {
  const planned = await plan(remediation, given);
  if (planned.kind !== 'draft') throw new Error(`${planned.kind}: ${planned.why}`);
  return planned.draft;
}

function momentumConfig(root: string): Facts['momentumConfig'] {
  const files = nodeFiles(root);
  const config = loadConfig(
    {
      read(path) {
        const read = files.read(path);
        return read.ok
          ? { ok: true, text: read.value.toString() }
          : { ok: false, problem: read.problem, detail: read.detail };
      },
      list(path) {
        const names = files.list(path);
        return names.ok ? names.value : null;
      },
    },
    CONF,
  );
  return { ...caseMomentumConfig(config, CONF), unread: [] };
}

async function contentOf(from: Draft, name: string): Promise<string> {
  return Buffer.from((await from.contents[name]?.()) ?? []).toString();
}

describe('tls-protocols', () => {
  const text =
    'Relay_Hosts = ( 127.0.0.0/8 )\nTLS = "ifavailable"\nBinding "bulk" {\n  TLS_Protocols = "+ALL"\n}\nBinding "own" {\n  TLS_Protocols = "+TLSv1.2"\n}\n';
  interface Over {
    readonly version?: string | null;
    readonly openssl?: string;
    readonly text?: string;
    readonly params?: Readonly<Record<string, string>>;
    readonly exec?: (request: ExecRequest) => ExecResult;
  }
  const given = (over: Over = {}): Given => {
    const root = tree({ [CONF]: over.text ?? text });
    const version = over.version === undefined ? '3.6.6' : over.version;
    return {
      root,
      facts: { momentumConfig: momentumConfig(root), ...caseVersion(version, over.openssl) },
      params: { protocols: '+ALL:-SSLv2:-SSLv3', localEdits: 'refuse', ...over.params },
      ...(over.exec ? { exec: over.exec } : {}),
    };
  };

  it('sets it globally, mends the binding that leaves the old ones on, and leaves the other alone', async () => {
    const made = await draft(tlsProtocols, given());
    const after = await contentOf(made, CONF);
    expect(after).toContain('TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n');
    expect(after).toContain('Binding "bulk" {\n  TLS_Protocols = "+ALL:-SSLv2:-SSLv3"');
    expect(after).toContain('TLS_Protocols = "+TLSv1.2"\n');
    expect(made.steps.map(({ kind }) => kind)).toEqual(['replace-files', 'program', 'program']);
    expect(await plan(tlsProtocols, given({ text: after }))).toMatchObject({ kind: 'nothing' });
  });

  it.each<[string, Over, RegExp]>([
    ['a version that is not known', { version: null }, /assume-momentum/],
    ['a version that is too old', { version: '3.6.5' }, /upgrade/],
    ['a 4.x that is too old', { version: '4.1.0.1' }, /upgrade/],
    ['a value that leaves SSLv3 on', { params: { protocols: '+ALL:-SSLv2' } }, /SSLv3/],
    ['a value without TLSv1.2', { params: { protocols: '+TLSv1.0' } }, /TLSv1.2/],
    [
      'a value of which its OpenSSL knows nothing',
      { params: { protocols: '+TLSv1.2' }, openssl: '0.9.8e' },
      /OpenSSL 0.9.8e knows none/,
    ],
    [
      'edits that were not committed',
      {
        exec: (): ExecResult => ({
          kind: 'exited',
          code: 0,
          stdout: 'M       default/ecelerity.conf\n',
          stderr: '',
        }),
      },
      /eccfg status/,
    ],
  ])('refuses %s', async (_name, over, why) => {
    expect(await plan(tlsProtocols, given(over))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });

  it('is not verified while the running Momentum says otherwise', async () => {
    const exec: Given['exec'] = () => ({
      kind: 'exited',
      code: 0,
      stdout: 'tls_protocols = "+ALL"\n',
      stderr: '',
    });
    expect(
      await verify(tlsProtocols, given({ text: 'TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n', exec })),
    ).toMatchObject({ ok: false });
  });
});

describe('securecreds-enable', () => {
  const given = (password: string): Given => {
    const root = tree({
      [CONF]: 'Spoolbase = "/var/spool/ecelerity"\nreadonly_include "/opt/msys/etc/installer/ecelerity.d"\n',
      [ECDB]: `Datasource "ecdb" {\n  uri = ( "pgsql:host=db1.example.com;user=ecuser;password=${PASSWORD};" )\n}\n`,
    });
    const file = (path: string) => ({
      path,
      realPath: null,
      state: 'missing',
      access: null,
      dev: null,
      ino: null,
      isSqlite: null,
    });
    const credentialStore = {
      database: file('/opt/msys/etc/credentials.db'),
      key: file('/opt/msys/etc/credentials.key'),
    };
    return {
      root,
      facts: {
        momentumConfig: momentumConfig(root),
        ...caseVersion('3.6.6'),
        credentialStore,
        install: { roles: ['singlenode'] },
      },
      params: { password },
    };
  };

  it('makes the store, adds the block, takes the password out, and shows it nowhere', async () => {
    const made = await draft(securecredsEnable, given(PASSWORD));
    expect(await contentOf(made, ECDB)).toBe(
      'Datasource "ecdb" {\n  uri = ( "pgsql:host=db1.example.com;user=ecuser;" )\n}\n',
    );
    expect(await contentOf(made, CONF)).toMatch(/\nsecurecreds \{\s*\}\n$/);
    const programs = made.steps.flatMap((step) =>
      step.kind === 'program' ? [step.argv.map(String).slice(0, 1).join()] : [],
    );
    expect(programs).toEqual([
      'create_db',
      'create_key',
      ...Array.from({ length: 6 }, () => 'set_cred'),
      '',
      '/tmp/2025',
    ]);
    const { contents: _contents, ...shown } = made;
    expect(JSON.stringify(shown)).not.toContain(PASSWORD);
  });

  it('refuses a password that is not the one in the connection string, without telling either', async () => {
    const planned = await plan(securecredsEnable, given('another-canary'));
    expect(planned).toMatchObject({ kind: 'refused', code: 'CAS_PARAM_INVALID' });
    expect(JSON.stringify(planned)).not.toMatch(/canary/);
  });
});

describe('permissions-repair', () => {
  const given = (mode: number, keyMode: number): Given => {
    const root = tree({ '/opt/msys/ecelerity/etc/conf/default/extra.conf': '', [KEY]: KEY_PEM });
    chmodSync(join(root, '/opt/msys/ecelerity/etc/conf/default/extra.conf'), mode);
    chmodSync(join(root, KEY), keyMode);
    const key = KEY;
    const none = { state: 'missing', path: '/x' };
    return {
      root,
      facts: {
        install: { serviceUser: ME, databaseUser: ME, users: [{ ...ME, name: 'root' }], groups: [] },
        configTree: {
          denied:
            mode === 0o200
              ? [
                  {
                    path: '/opt/msys/ecelerity/etc/conf/default/extra.conf',
                    kind: 'file',
                    holdsSecret: false,
                  },
                ]
              : [],
          foreign: [],
          workingCopy: false,
          user: ME,
          doubts: [],
        },
        privateKeys: {
          keys: [
            {
              path: key,
              realPath: key,
              owner: 'ecuser',
              usedBy: { what: 'the web UI' },
              access: { uid: UID, gid: GID, mode: statSync(join(root, key)).mode & 0o7777 },
              writableParents: [],
            },
          ],
        },
        credentialStore: { database: none, key: none, siblings: [], other: { database: none, key: none } },
      },
    };
  };

  it('opens the file to its user and closes the key, and gives nobody else more', async () => {
    const made = await draft(permissionsRepair, given(0o200, 0o644));
    const [step] = made.steps;
    expect(step).toMatchObject({
      kind: 'set-access',
      entries: [{ after: { mode: 0o640 } }, { path: KEY, after: { mode: 0o640 } }],
    });
    expect(await plan(permissionsRepair, given(0o640, 0o600))).toMatchObject({ kind: 'nothing' });
    expect(await verify(permissionsRepair, given(0o640, 0o644))).toMatchObject({ ok: false });
  });
});

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
