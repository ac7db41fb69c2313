import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { CASE_ECUSER, caseInstall } from '../../../testing/cases/node.js';
import {
  CONF,
  contentOf,
  draft,
  type Given,
  momentumConfig,
  plan,
  tree,
  verify,
} from '../../../testing/remediation.js';
import { nodeFiles } from '../../adapters/node-files.js';
import ldapClient from '../../collectors/ldap-client/collector.js';
import type { CollectContext } from '../../units/fact.js';
import ldapStrict from './remediation.js';
import { secured } from './urls.js';

const CLIENT = '/opt/msys/3rdParty/etc/openldap/ldap.conf';
const CA = '/etc/pki/tls/cert.pem';
const PEM = '-----BEGIN CERTIFICATE-----\nMAo=\n-----END CERTIFICATE-----\n';
const STRICT = `# ours\nTLS_REQCERT demand\nTLS_CACERT ${CA}\n`;
const MILD = STRICT.replace('demand', 'never');
const GOOD =
  'Datasource "ad" {\n  uri = ( "ldaps://ad.example.com/????x-ldap-version=3" )\n  no_cache = "true"\n}\n';
const CLEAR = 'Datasource "ad" {\n  uri = ( "ldap://ad.example.com:389" )\n}\n';

interface Over {
  readonly client?: string | null;
  readonly ca?: string | null;
  readonly modes?: Readonly<Record<string, number>>;
  readonly params?: Readonly<Record<string, string>>;
}

async function given(
  conf: string,
  { client = STRICT, ca = PEM, modes = {}, params = {} }: Over = {},
): Promise<Given> {
  const files = { [CONF]: conf, [`${CLIENT}.example`]: '', ...(client === null ? {} : { [CLIENT]: client }) };
  const root = tree({ ...files, ...(ca === null ? {} : { [CA]: ca }) });
  const all = { [CLIENT]: 0o644, [CA]: 0o644, ...modes };
  for (const [path, mode] of Object.entries(all))
    if (nodeFiles(root).lstat(path).ok) chmodSync(join(root, path), mode);
  const config = momentumConfig(root);
  return {
    root,
    facts: {
      momentumConfig: { ...config, runUser: { name: 'ecuser', at: null, principal: CASE_ECUSER } },
      ldapClient: await ldapClient.collect({
        files: nodeFiles(root),
      } as unknown as CollectContext<'install'>),
      install: caseInstall(),
    },
    params: { localEdits: 'refuse', ...params },
  };
}

test.each([
  ['ldap://ad', 'ldaps://ad/????x-ldap-version=3'],
  ['ldap:ldap://ad:389/DC=a', 'ldap:ldaps://ad:636/DC=a????x-ldap-version=3'],
  ['ldap://ad:3268/', 'ldaps://ad:3269/????x-ldap-version=3'],
  [
    'ldap:///????bindname=$user@a,x-bindpw=$pass',
    'ldaps:///????bindname=$user@a,x-bindpw=$pass,x-ldap-version=3',
  ],
  ['ldaps://ad/?cn?sub?(a=b)?x-ldap-version=2', 'ldaps://ad/?cn?sub?(a=b)?x-ldap-version=3'],
  ['ldaps://ad/????x-ldap-version=3,x-timeout=4', 'ldaps://ad/????x-ldap-version=3,x-timeout=4'],
  ['pgsql:host=ldap.example.com', 'pgsql:host=ldap.example.com'],
])('%s is asked as %s', (before, after) => {
  expect(secured(before)).toEqual({ ok: true, text: after });
  expect(secured(after)).toEqual({ ok: true, text: after });
});

describe('ldap-strict', () => {
  it('asks by ldaps, keeps no answer, demands the certificate, and has nothing to do then', async () => {
    const made = await draft(ldapStrict, await given(CLEAR, { client: MILD }));
    expect(await contentOf(made, CLIENT)).toBe(STRICT);
    const after = await contentOf(made, CONF);
    expect(after).toContain('uri = ( "ldaps://ad.example.com:636/????x-ldap-version=3" )');
    expect(after).toMatch(/no_cache = "?true/);
    expect(made.steps.map(({ kind }) => kind)).toEqual([
      'replace-files',
      'replace-files',
      'program',
      'program',
    ]);
    expect(await plan(ldapStrict, await given(after))).toMatchObject({ kind: 'nothing' });
    expect(await verify(ldapStrict, await given(after))).toEqual({ ok: true, left: [] });
    expect(await verify(ldapStrict, await given(CLEAR))).toMatchObject({ ok: false });
  });

  it.each([
    ['TLS_REQCERT try\n', `TLS_REQCERT demand\nTLS_CACERT ${CA}\n`],
    ['TLS_REQCERT never\ntls_reqcert allow\n', `TLS_REQCERT never\ntls_reqcert demand\nTLS_CACERT ${CA}\n`],
    ['TLS_CACERT /gone.pem\n', `TLS_CACERT ${CA}\n`],
    [null, `TLS_REQCERT demand\nTLS_CACERT ${CA}\n`],
  ])('of ldap.conf %j makes %j with a given authority, and no reload', async (client, after) => {
    const made = await draft(ldapStrict, await given(GOOD, { client, params: { ca: CA } }));
    expect(await contentOf(made, CLIENT)).toBe(after);
    expect(made.steps.map(({ kind }) => kind)).toEqual(['replace-files']);
  });

  it.each<[string, string, Over, RegExp]>([
    ['no authority is named', CLEAR, { client: 'TLS_REQCERT never\n' }, /ca=\/etc\/pki/],
    ['the authority is missing', CLEAR, { ca: null }, /cannot be read \(missing\)/],
    ['the authority holds no certificate', CLEAR, { ca: 'x' }, /holds no certificate/],
    ['the authority is closed to ecuser', CLEAR, { modes: { [CA]: 0o600 } }, /bars ecuser/],
    ['the port is not known', CLEAR.replace('389', '1389'), {}, /ad.example.com:1389/],
    [
      'a later line overrules an address',
      CLEAR.replace('}', '  uri = ( "ldaps://b/????x-ldap-version=3" )\n}'),
      {},
      /overruled/,
    ],
  ])('refuses where %s', async (_name, conf, over, why) => {
    expect(await plan(ldapStrict, await given(conf, over))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });

  it('without a directory there is nothing to do', async () => {
    expect(await plan(ldapStrict, await given('', { client: MILD }))).toMatchObject({ kind: 'nothing' });
  });

  it.each([
    ['', 0o644, 'everybody'],
    ['bindpw hunter2\n', 0o640, 'ecuser'],
  ])('opens ldap.conf (%j) with mode %o to %s', async (more, mode, who) => {
    if (process.getuid?.() !== 0) return;
    const made = await draft(
      ldapStrict,
      await given(GOOD, { client: STRICT + more, modes: { [CLIENT]: 0o600 } }),
    );
    expect(made.steps).toMatchObject([{ kind: 'set-access', entries: [{ path: CLIENT, after: { mode } }] }]);
    expect(made.opens).toBe(`${CLIENT} to ${who}`);
    const edited = await draft(
      ldapStrict,
      await given(GOOD, { client: MILD + more, modes: { [CLIENT]: 0o600 } }),
    );
    expect(edited.steps).toMatchObject([{ kind: 'replace-files', files: [{ access: { mode } }] }]);
    expect(JSON.stringify(edited.changes)).not.toContain('hunter2');
  });

  it('says where console and manager differ in how people sign in', async () => {
    const login = 'Control_Listener {\n  AuthLoginParameters = [ uri = "ecauth://" ]\n}\n';
    const made = await draft(ldapStrict, await given(CLEAR + login));
    expect(made.notes.join()).toMatch(/clear text.*control-listener/);
  });
});
