import { expect, it } from 'vitest';
import { caseVersion } from '../../../testing/cases/config.js';
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
import tlsCiphers from './remediation.js';

function given(text: string, over: Partial<Given> & { openssl?: string; version?: string } = {}): Given {
  const root = tree({ [CONF]: text });
  const { openssl = '1.0.1e', version = '3.6.23', params, ...rest } = over;
  return {
    root,
    facts: { momentumConfig: momentumConfig(root), ...caseVersion(version, openssl) },
    params: { localEdits: 'refuse', ...params },
    ...rest,
  };
}

const TLS = 'TLS = "ifavailable"\n';

it('mends the list of a binding and sets one at the top, and twice is the same as once', async () => {
  const text = `${TLS}Binding "bulk" {\n  TLS_Ciphers = "HIGH:RC4-SHA:!aNULL"\n}\nBinding "own" {\n  TLS_Ciphers = "AES128-SHA:AES256-SHA"\n}\n`;
  const after = await contentOf(await draft(tlsCiphers, given(text)), CONF);
  expect(after).toMatch(/^TLS_Ciphers = "DEFAULT:.*!RC4/m);
  expect(after).toMatch(/TLS_Ciphers = "HIGH:RC4-SHA:!aNULL:.*!RC4:!3DES/);
  expect(after).toContain('TLS_Ciphers = "AES128-SHA:AES256-SHA"\n');
  expect(await plan(tlsCiphers, given(after))).toMatchObject({ kind: 'nothing' });
});

it('gives way to a list of the library that reads it', async () => {
  const text = `TLS_Engine = "gnutls"\n${TLS}TLS_Ciphers = "HIGH:!aNULL"\n`;
  const after = await contentOf(await draft(tlsCiphers, given(text, { version: '4.2.28.0' })), CONF);
  expect(after).toContain('TLS_Ciphers = "NORMAL:-ARCFOUR-128:-3DES-CBC:-MD5"\n');
});

it.each([
  ['the list that is given is weak', given(TLS, { params: { ciphers: 'ALL' } }), /ciphers "ALL" offers weak/],
  [
    'the top level would reach a listener of the other library',
    given(
      `TLS_Engine = "gnutls"\n${TLS}HTTP_Listener {\n  Listen ":443" {\n    Use_SSL = true\n    TLS_Certificate = "/c.pem"\n  }\n}\n`,
      { version: '4.2.28.0' },
    ),
    /set TLS_Ciphers there first/,
  ],
])('refuses where %s', async (_name, of, why) => {
  expect(await plan(tlsCiphers, of)).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
});

it('is not verified while the running Momentum still offers one', async () => {
  const exec: Given['exec'] = () => ({
    kind: 'exited',
    code: 0,
    stdout: 'tls_ciphers = "ALL"\n',
    stderr: '',
  });
  const mended = `${TLS}TLS_Ciphers = "AES128-SHA"\n`;
  expect(await verify(tlsCiphers, given(mended, { exec }))).toMatchObject({
    ok: false,
    why: expect.stringContaining('"ALL"'),
  });
  expect(await verify(tlsCiphers, given(mended))).toEqual({ ok: true });
});
