import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadConfig } from '@castellan/momentum';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { caseMomentumConfig } from '../../../testing/cases/config.js';
import { caseInstall } from '../../../testing/cases/node.js';
import { nodeFiles } from '../../adapters/node-files.js';
import type { KeyPairLocation } from '../../facts/parts/key-pair-location.js';
import type { CollectContext } from '../../units/fact.js';
import collector from './collector.js';

const MAIN = '/opt/msys/ecelerity/etc/conf/default/ecelerity.conf';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'castellan-keys-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, mode = 0o600, text = 'x'): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  chmodSync(join(root, path), mode);
}

const location = (over: Partial<KeyPairLocation> = {}): KeyPairLocation => ({
  service: 'ecwebui',
  tls: 'on',
  decidedBy: { file: '/httpd.conf', line: 3 },
  certificatePath: '/site/server.crt',
  keyPath: '/site/server.key',
  owner: 'ecuser',
  hostname: 'mta1.example.com',
  endpoint: { host: '127.0.0.1', port: 443, preamble: 'none' },
  otherPlace: null,
  ...over,
});

async function collect(main: string, locations: readonly KeyPairLocation[] = []) {
  const config = loadConfig(
    {
      read: (path) =>
        path === MAIN ? { ok: true, text: main } : { ok: false, problem: 'missing', detail: '' },
      list: () => null,
    },
    MAIN,
  );
  const facts = {
    install: caseInstall(),
    momentumConfig: { ...caseMomentumConfig(config, MAIN), unread: [] },
    serviceCertificates: { services: locations.map((one) => ({ location: one })), unknowns: [] },
  };
  return collector.collect({ files: nodeFiles(root), facts } as unknown as CollectContext<
    'install' | 'momentumConfig' | 'serviceCertificates'
  >);
}

describe('keys of services', () => {
  test('the key, followed to the file itself, with who may replace it', async () => {
    file('/real/server.key', 0o644);
    chmodSync(join(root, 'real'), 0o777);
    mkdirSync(join(root, 'site'));
    symlinkSync('/real/server.key', join(root, 'site/server.key'));
    const { keys } = await collect('', [location()]);
    expect(keys).toMatchObject([
      {
        path: '/site/server.key',
        realPath: '/real/server.key',
        owner: 'ecuser',
        access: { mode: 0o644 },
        writableParents: [{ path: '/real' }],
      },
    ]);
  });

  test('a key in the certificate’s file; a certificate alone is no key', async () => {
    execFileSync(
      'openssl',
      ['genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', join(root, 'both.pem')],
      { stdio: 'ignore' },
    );
    file('/site/server.crt', 0o644, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const { keys } = await collect('', [
      location(),
      location({ certificatePath: '/both.pem', keyPath: '/both.pem' }),
    ]);
    expect(keys.map((key) => key.path)).toEqual(['/both.pem']);
  });

  test('a service without TLS is left out; missing keys and folders are told', async () => {
    mkdirSync(join(root, 'folder.key'));
    const fact = await collect('', [
      location({ tls: 'off' }),
      location({ keyPath: '/none.key' }),
      location({ keyPath: '/folder.key' }),
    ]);
    expect(fact.keys).toEqual([]);
    expect(fact.unread.map(({ path, problem }) => [path, problem])).toEqual([
      ['/none.key', 'missing'],
      ['/folder.key', 'directory'],
    ]);
  });
});

describe('keys of the configuration', () => {
  test('each file once, with the line that names it; none is no file, macros and relative names are told of', async () => {
    file('/certs/mta.key');
    const main = [
      'tls_key = "/certs/mta.key"',
      'ESMTP_Listener {',
      '  Listen ":25" {',
      '    tls_certificate = "none"',
      '  }',
      '}',
      'Binding "b" {',
      '  tls_key = "/certs/%{domain}.key"',
      '}',
      'Binding "c" {',
      '  tls_key = "server.key"',
      '  tls_certificate = "server.crt"',
      '}',
      '',
    ].join('\n');
    const { keys, unread } = await collect(main);
    expect(keys).toMatchObject([
      { path: '/certs/mta.key', usedBy: { at: { file: MAIN, line: 1 } }, owner: 'ecuser' },
    ]);
    expect(unread).toMatchObject([
      { path: '/certs/%{domain}.key', problem: 'macro', at: { line: 8 } },
      { path: 'server.key', problem: 'relative', at: { line: 11 } },
    ]);
  });
});
