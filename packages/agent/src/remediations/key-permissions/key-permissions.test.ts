import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  draft,
  GID,
  type Given,
  KEY,
  KEY_PEM,
  ME,
  plan,
  tree,
  UID,
  verify,
} from '../../../testing/remediation.js';
import keyPermissions from './remediation.js';

type Key = Readonly<Record<string, unknown>>;

function given(mode: number, over: Key = {}, content = KEY_PEM): Given {
  const root = tree({ [KEY]: content });
  chmodSync(join(root, KEY), mode);
  const key = {
    path: KEY,
    realPath: KEY,
    owner: 'ecuser',
    usedBy: { what: 'the web UI' },
    access: { uid: UID, gid: GID, mode: statSync(join(root, KEY)).mode & 0o7777 },
    writableParents: [],
    ...over,
  };
  const install = { serviceUser: ME, databaseUser: ME, users: [{ ...ME, name: 'root' }], groups: [] };
  return { root, facts: { install, privateKeys: { keys: [key] } } };
}

describe('key-permissions', () => {
  it.each([
    [0o644, 0o640],
    [0o666, 0o640],
    [0o604, 0o600],
    [0o060, 0o440],
  ])('of %o makes %o, gives nobody else more, and has nothing to do then', async (mode, after) => {
    const made = await draft(keyPermissions, given(mode));
    expect(made.steps).toMatchObject([
      {
        kind: 'set-access',
        entries: [{ path: KEY, before: { mode }, after: { uid: UID, gid: GID, mode: after } }],
      },
    ]);
    expect(await plan(keyPermissions, given(after))).toMatchObject({ kind: 'nothing' });
    expect(await verify(keyPermissions, given(mode))).toMatchObject({ ok: false });
    expect(await verify(keyPermissions, given(after))).toEqual({ ok: true });
  });

  it.each<[string, Given, RegExp]>([
    ['what is no key', given(0o644, {}, 'host all all md5\n'), /holds no private key/],
    ['what can be run', given(0o755), /run as a program/],
    ['an access list', given(0o640, { acl: { users: [], groups: [], mask: 4 } }), /access list/],
    [
      'a folder in which others may write',
      given(0o640, { writableParents: [{ path: '/opt/msys/ecwebui', access: {} }] }),
      /lets others replace/,
    ],
    [
      'a folder that bars the service',
      given(0o640, { reach: { kind: 'denied', path: '/opt/msys', access: {} } }),
      /\/opt\/msys bars ecuser/,
    ],
  ])('leaves %s to a person', async (_name, of, why) => {
    expect(await plan(keyPermissions, of)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });

  it('what is left to a person takes nothing back', async () => {
    const of = given(0o640, { writableParents: [{ path: '/opt/msys/ecwebui', access: {} }] });
    const recheck = () => Promise.resolve({ status: 'fail', summary: 'still open' });
    expect(await verify(keyPermissions, of, { recheck })).toEqual({
      ok: true,
      left: ['MOM-CRT-009: still open'],
    });
  });
});
