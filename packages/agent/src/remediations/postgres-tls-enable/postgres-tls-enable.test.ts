import { describe, expect, it } from 'vitest';
import { caseCertificate, caseService } from '../../../testing/cases/certificate.js';
import { contentOf, draft, plan, verify } from '../../../testing/remediation.js';
import { givenTlsOff } from '../../../testing/tls-off.js';
import { withHostssl, withSettingOn } from '../../knowledge/postgresql/edit-settings.js';
import postgresTlsEnable from './remediation.js';

const CONF = '/var/db/msyspg/postgresql.conf';
const HBA = '/var/db/msyspg/pg_hba.conf';
const OPEN = 'host    all             all             10.0.0.0/8              md5';
const given = (
  text: string,
  over: Parameters<typeof givenTlsOff>[2] = {},
  files: Record<string, string> = {},
) =>
  givenTlsOff(
    'msyspg',
    { [CONF]: text, ...files },
    {
      location: { decidedBy: { file: CONF, line: 1 } },
      params: { requireTls: 'no' },
      ...over,
    },
  );
const plain = {
  over: { plainAccess: { lines: [{ at: { file: HBA, line: 2 }, text: OPEN }], unread: null } },
};

describe('ssl in a postgresql.conf', () => {
  it.each([
    ['switched off', 'ssl = off\n', 'ssl = on\n'],
    ['quoted, with words after it', "ssl='off'\t\t# was needed\n", "ssl='on'\t\t# was needed\n"],
    ['without a sign, as a number', 'SSL 0\nport = 5432', 'SSL on\nport = 5432'],
    ['the last of several lines counts', 'ssl = off\nssl = false\n', 'ssl = off\nssl = on\n'],
    [
      'the line that is shipped',
      'port = 1\n#ssl = off\t\t\t\t# (change requires restart)\n#ssl_ciphers = x\n',
      'port = 1\nssl = on\t\t\t\t# (change requires restart)\n#ssl_ciphers = x\n',
    ],
    ['another name that begins so', '#ssl_ca_file = x\nport = 1\n', '#ssl_ca_file = x\nport = 1\nssl = on\n'],
    ['no line, and no line end', 'port = 1', 'port = 1\nssl = on\n'],
    ['lines that end as on DOS', 'port = 1\r\n', 'port = 1\r\nssl = on\r\n'],
  ])('%s', (_, before, after) => {
    expect(withSettingOn(before, 'ssl')).toBe(after);
  });
});

describe('hostssl in a pg_hba.conf', () => {
  it.each([
    ['with room', OPEN, 'hostssl all             all             10.0.0.0/8              md5'],
    ['without room', 'host all all 10.0.0.0/8 md5', 'hostssl all all 10.0.0.0/8 md5'],
    ['with tabs', 'host\tall\tall\t10.0.0.0/8\tmd5', 'hostssl\tall\tall\t10.0.0.0/8\tmd5'],
    ['of another kind', 'hostnossl all all 10.0.0.0/8 md5', null],
  ])('%s', (_, before, after) => {
    expect(withHostssl(before, [1])).toBe(after);
  });
});

describe('postgres-tls-enable', () => {
  it('makes a pair where there is none, switches ssl on and restarts', async () => {
    const made = await draft(postgresTlsEnable, given('ssl = off\n'));
    expect(made.steps).toMatchObject([
      {
        files: [
          { path: '/var/db/msyspg/server.key', access: { mode: 0o600 } },
          { path: '/var/db/msyspg/server.crt' },
        ],
      },
      { files: [{ path: CONF, access: { mode: 0o640 } }] },
      { kind: 'service', action: 'restart', servedBefore: { fingerprints: [] } },
    ]);
    expect(await contentOf(made, CONF)).toBe('ssl = on\n');
    expect(await contentOf(made, 'key')).toContain('BEGIN RSA PRIVATE KEY');
  });

  it('leaves a good pair alone, and starts a database that is down', async () => {
    const leaf = caseCertificate(0, { notBeforeMs: 0, notAfterMs: Number.MAX_SAFE_INTEGER });
    const { key, matches } = caseService('msyspg', 200);
    const certificate = { state: 'parsed' as const, leaf, chain: [leaf] };
    const over = { over: { certificate, key, matches }, code: 3 };
    const made = await draft(postgresTlsEnable, given('ssl = off\n', over));
    expect(made.steps).toMatchObject([{ files: [{ path: CONF }] }, { action: 'start' }]);
  });

  it('tells of lines without TLS, and changes them only if it is to', async () => {
    const files = { [HBA]: `local all all trust\n${OPEN}\n` };
    const told = await draft(postgresTlsEnable, given('ssl = off\n', plain, files));
    expect(told.notes).toEqual([expect.stringContaining(`${HBA}:2 still lets other hosts in`)]);
    const made = await draft(
      postgresTlsEnable,
      given('ssl = off\n', { ...plain, params: { requireTls: 'yes' } }, files),
    );
    expect(await contentOf(made, HBA)).toBe(`local all all trust\n${OPEN.replace('host   ', 'hostssl')}\n`);
    expect(made.effects).toContain('other hosts get in with TLS only');
  });

  it.each([
    ['is on already', { location: { tls: 'on' as const } }, {}, 'nothing'],
    ['is not known', { location: { tls: 'unknown' as const } }, {}, 'refused'],
    [
      'is switched off by ALTER SYSTEM',
      { location: { decidedBy: { file: '/var/db/msyspg/postgresql.auto.conf', line: 1 } } },
      {},
      'refused',
    ],
    [
      'is to be required in a file with a secret',
      { ...plain, params: { requireTls: 'yes' } },
      { [HBA]: 'host all all 10.0.0.0/8 ldap ldapbindpasswd=x\n' },
      'refused',
    ],
  ])('has nothing to do, or no leave, where TLS %s', async (_, over, files, kind) => {
    expect(await plan(postgresTlsEnable, given('ssl = off\n', over, files))).toMatchObject({ kind });
  });

  it('is verified with lines left to a person, and not while another certificate is shown', async () => {
    const { facts } = givenTlsOff('msyspg', {}, {});
    const on = {
      ...given('ssl = on\n'),
      facts: { ...facts, serviceCertificates: { services: [caseService('msyspg', 200)], unknowns: [] } },
    };
    const showing = (fingerprint: string) => ({
      ...on,
      probe: () => ({ kind: 'served' as const, fingerprint, leafDer: Buffer.alloc(0), protocol: '' }),
    });
    const low = {
      recheck: () => Promise.resolve({ status: 'fail', summary: 'by 1 line', severity: 'low' as const }),
    };
    expect(await verify(postgresTlsEnable, showing('a'.repeat(64)), low)).toEqual({
      ok: true,
      left: ['MOM-CRT-001: by 1 line'],
    });
    const high = {
      recheck: () => Promise.resolve({ status: 'fail', summary: '', severity: 'high' as const }),
    };
    expect(await verify(postgresTlsEnable, showing('a'.repeat(64)), high)).toMatchObject({ ok: false });
  });
});
