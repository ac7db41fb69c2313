import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { caseVersion } from '../../../testing/cases/config.js';
import {
  CONF,
  contentOf,
  draft,
  type Given,
  ME,
  momentumConfig,
  plan,
  tree,
} from '../../../testing/remediation.js';
import { freshPem, groupPem, KNOWN_GROUPS } from './parameters.js';
import dheEnable from './remediation.js';

const PEM = '/opt/msys/ecelerity/etc/dhparams.pem';
const BAD = { path: PEM, state: 'parsed', detail: '', bits: 1024, isPrime: true, serviceCanRead: true };

interface Over {
  readonly params?: Readonly<Record<string, string>>;
  readonly files?: readonly object[];
  readonly more?: Readonly<Record<string, string>>;
  readonly version?: string;
}

function given(text: string, { params = {}, files = [], more = {}, version = '3.6.23' }: Over = {}): Given {
  const root = tree({ [CONF]: text, ...more });
  return {
    root,
    facts: {
      momentumConfig: momentumConfig(root),
      ...caseVersion(version, '1.0.1e'),
      dhParameters: { files, doubts: [] },
      install: { serviceUser: ME, roles: ['mta'] },
    },
    params: { localEdits: 'refuse', ...params },
  };
}

const TLS = 'TLS = "ifavailable"\n';

it('sets the switch, and takes out of lists what takes DHE away', async () => {
  const text = `${TLS}TLS_Enable_DHE_Ciphers = false\nBinding "b" {\n  TLS_Ciphers = "HIGH:!EDH:!aNULL"\n}\n`;
  const after = await contentOf(await draft(dheEnable, given(text)), CONF);
  expect(after).toContain('TLS_Enable_DHE_Ciphers = true\n');
  expect(after).toContain('TLS_Ciphers = "HIGH:!aNULL"\n');
  expect(await plan(dheEnable, given(after))).toMatchObject({ kind: 'nothing' });
});

it('replaces parameters that are too short, before the configuration is read again', async () => {
  const text = `${TLS}TLS_DHParams_File = "${PEM}"\n`;
  const made = await draft(
    dheEnable,
    given(text, { files: [BAD], more: { [PEM]: '-----BEGIN DH PARAMETERS-----' } }),
  );
  expect(made.steps.map(({ id }) => id)).toEqual(['named files', 'validate', 'reload']);
  expect(await contentOf(made, 'parameters')).toBe(groupPem('ffdhe2048'));
});

it('names a file where none is named, when it is asked to', async () => {
  const made = await draft(dheEnable, given(TLS, { params: { parameters: 'ffdhe3072' } }));
  expect(made.steps.map(({ id }) => id)).toEqual(['named files', 'configuration', 'validate', 'reload']);
  expect(await contentOf(made, CONF)).toContain(`TLS_DHParams_File = "${PEM}"`);
});

it.each<[string, Given, RegExp]>([
  ['an old Momentum', given(TLS, { version: '3.6.5' }), /upgrade/],
  ['a list without any ephemeral key', given(`${TLS}TLS_Ciphers = "AES128-SHA"\n`), /must choose/],
  [
    'a place that is not Momentum’s',
    given(TLS, { files: [{ ...BAD, path: '/etc/shadow' }], more: { '/etc/shadow': '' } }),
    /not below/,
  ],
  [
    'a cluster whose other nodes have no such file',
    given(TLS, {
      params: { parameters: 'ffdhe2048' },
      more: { '/opt/msys/ecelerity/etc/conf/.svn/format': '' },
    }),
    /put the file on each node first/,
  ],
])('refuses %s', async (_name, of, why) => {
  expect(await plan(dheEnable, of)).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
});

it.each(KNOWN_GROUPS)('%s is what OpenSSL has under that name', (group) => {
  const text = (args: string[], input = '') => execFileSync('openssl', args, { input, encoding: 'utf8' });
  const ours = text(['asn1parse'], groupPem(group));
  const theirs = text(
    ['asn1parse'],
    text(['genpkey', '-genparam', '-algorithm', 'DH', '-pkeyopt', `group:${group}`]),
  );
  const prime = (dump: string) => /INTEGER +:([0-9A-F]+)/.exec(dump)?.[1];
  expect(prime(ours)).toBe(prime(theirs));
});

it('makes fresh parameters that OpenSSL finds good', async () => {
  const told = execFileSync('openssl', ['dhparam', '-check', '-text', '-noout'], {
    input: await freshPem(512),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  expect(told).toMatch(/512 bit/);
});
