import { describe, expect, it } from 'vitest';
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
import type { ExecRequest, ExecResult } from '../../ports/exec.js';
import tlsProtocols from './remediation.js';

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

  const GNUTLS = 'TLS_Engine = "gnutls"\nTLS = "ifavailable"\n';
  const at4 = { version: '4.2.28.0' };

  it('mends the priority string where GnuTLS decides, and TLS_Protocols not at all', async () => {
    const own = `${GNUTLS}Binding "bulk" {\n  TLS_Ciphers = "SECURE128:-MD5"\n}\n`;
    const after = await contentOf(await draft(tlsProtocols, given({ ...at4, text: own })), CONF);
    expect(after).toContain('TLS_Ciphers = "NORMAL:-VERS-SSL3.0"\n');
    expect(after).toContain('TLS_Ciphers = "SECURE128:-MD5:-VERS-SSL3.0"\n');
    expect(after).not.toContain('TLS_Protocols');
    expect(await plan(tlsProtocols, given({ ...at4, text: after }))).toMatchObject({ kind: 'nothing' });
  });

  it('gives no priority string to a listener of OpenSSL that would inherit it', async () => {
    const mixed = `${GNUTLS}HTTP_Listener {\n  Listen ":443" {\n    Use_SSL = true\n    TLS_Certificate = "/c.pem"\n  }\n}\n`;
    expect(await plan(tlsProtocols, given({ ...at4, text: mixed }))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/HTTP_Listener.*set tls_ciphers there first/i),
    });
    const apart = mixed.replace('Use_SSL', 'TLS_Ciphers = "DEFAULT:!LOW"\n    Use_SSL');
    expect(await contentOf(await draft(tlsProtocols, given({ ...at4, text: apart })), CONF)).toContain(
      'TLS_Protocols = "+ALL:-SSLv2:-SSLv3"',
    );
  });

  it('switches nothing on by guessing what a list begins from', async () => {
    const open = 'TLS = "ifavailable"\nTLS_Protocols = "-SSLv3"\n';
    expect(await plan(tlsProtocols, given({ text: open }))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/two ways.*unclear=replace/),
    });
    const clear = await draft(tlsProtocols, given({ text: open, params: { unclear: 'replace' } }));
    expect(await contentOf(clear, CONF)).toContain('TLS_Protocols = "+ALL:-SSLv2:-SSLv3"\n');
  });
});
