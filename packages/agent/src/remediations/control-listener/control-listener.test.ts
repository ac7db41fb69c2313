import { describe, expect, it } from 'vitest';
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
import controlListener from './remediation.js';

interface Over {
  readonly diskMode?: number;
  readonly exec?: Given['exec'];
}

function given(inside: string, { diskMode = 0o660, exec }: Over = {}): Given {
  const root = tree({ [CONF]: `Control_Listener {\n${inside}}\n` });
  const config = momentumConfig(root);
  const path = '/tmp/2025';
  const text = /File_Mode = "?(\w+)/.exec(inside)?.[1] ?? '0660';
  const fileMode = { text, at: { file: CONF, line: 1 }, unclear: null };
  const sockets = [{ instance: 'ecelerity', path, fileMode, state: 'socket', mode: diskMode }];
  return {
    root,
    facts: { momentumConfig: config, controlSocket: { sockets } },
    params: { localEdits: 'refuse' },
    ...(exec ? { exec } : {}),
  };
}

const said = (stdout: string) => () => ({ kind: 'exited', code: 0, stdout, stderr: '' }) as const;
const DIGEST = 'Enable_Authentication = true AuthDigestMD5Parameters = [ uri = "digest:///x" ]';
const LOGIN = 'Enable_Authentication = true AuthLoginParameters = [ uri = "file:///x" ]';

describe('control-listener', () => {
  it.each([
    ['every address', '  Listen ":2025" { }\n', '  Listen "127.0.0.1:2025" { }\n', 2],
    ['every address of IPv6', '  Listen "[::]:2025" { }\n', '  Listen "[::1]:2025" { }\n', 2],
    ['one address', '  Listen "10.0.0.1:2026" { }\n', '  Listen "127.0.0.1:2026" { }\n', 1],
    [
      'a password in clear text',
      `  Listen "10.0.0.1:2025" { ${LOGIN} }\n`,
      `  Listen "127.0.0.1:2025" { ${LOGIN} }\n`,
      1,
    ],
    [
      'a mode',
      '  Listen "/tmp/2025" {\n    File_Mode = 0666\n  }\n',
      '  Listen "/tmp/2025" {\n    File_Mode = 0660\n  }\n',
      1,
    ],
    [
      'a stricter mode',
      '  Listen "/tmp/2025" { File_Mode = "0606" }\n',
      '  Listen "/tmp/2025" { File_Mode = "0600" }\n',
      1,
    ],
    [
      'a mode of the listener',
      '  File_Mode = 0666\n  Listen "/tmp/2025" { }\n',
      '  File_Mode = 0666\n  Listen "/tmp/2025" { File_Mode = 0660 }\n',
      1,
    ],
  ])('closes %s, and has nothing to do then', async (_name, before, after, reloads) => {
    const made = await draft(controlListener, given(before));
    const plain = (text: string) => text.replace(/[\s"]+/g, ' ').trim();
    expect(plain(await contentOf(made, CONF))).toBe(plain(`Control_Listener {\n${after}}\n`));
    expect(made.steps.filter(({ id }) => id.startsWith('reload'))).toHaveLength(reloads);
    expect(made.opens ?? null).toBeNull();
    expect(await plan(controlListener, given(after))).toMatchObject({ kind: 'nothing' });
    expect(await verify(controlListener, given(before))).toMatchObject({ ok: false });
    expect(await verify(controlListener, given(after))).toEqual({ ok: true, left: [] });
  });

  it.each([
    ['authenticated by digest', `  Listen ":2025" { ${DIGEST} }\n`],
    ['switched off', '  Listen ":2025" { Enable = false }\n'],
    [
      'an open socket at which the console asks who comes',
      '  Listen "/tmp/2025" { File_Mode = 0666 Enable_Authentication = true }\n',
    ],
  ])('leaves alone what is %s', async (_name, inside) => {
    expect(await plan(controlListener, given(inside))).toMatchObject({ kind: 'nothing' });
  });

  it.each<[string, Given, RegExp]>([
    [
      'a loopback Listen of that port',
      given('  Listen ":2025" { }\n  Listen "127.0.0.1:2025" { }\n'),
      /already/,
    ],
    [
      'a socket that only the disk has open',
      given('  Listen "/tmp/2025" { }\n', { diskMode: 0o666 }),
      /chmod 0660/,
    ],
    [
      'an edit of another that was not committed',
      given('  Listen ":2025" { }\n', { exec: said('M       default/ecelerity.conf\n') }),
      /eccfg status/,
    ],
  ])('leaves %s to a person', async (_name, of, why) => {
    expect(await plan(controlListener, of)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });

  it('is not verified while the running Momentum says otherwise; a socket of before is told', async () => {
    const closed = '  Listen "/tmp/2025" { File_Mode = 0660 }\n';
    expect(
      await verify(controlListener, given(closed, { exec: said('file_mode = "0666"\n') })),
    ).toMatchObject({
      ok: false,
    });
    const recheck = (id: string) =>
      Promise.resolve({ status: id === 'MOM-CTL-002' ? 'fail' : 'pass', summary: 'open' });
    expect(await verify(controlListener, given(closed, { diskMode: 0o666 }), { recheck })).toMatchObject({
      ok: true,
      left: [expect.stringContaining('until Momentum is restarted')],
    });
    expect(await verify(controlListener, given(closed), { recheck })).toMatchObject({ ok: false });
  });
});
