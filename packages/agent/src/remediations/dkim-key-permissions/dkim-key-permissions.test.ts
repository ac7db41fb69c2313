import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { caseConfig } from '../../../testing/cases/config.js';
import {
  draft,
  GID,
  type Given,
  KEY_PEM,
  ME,
  plan,
  tree,
  UID,
  verify,
} from '../../../testing/remediation.js';
import dkimKeyPermissions from './remediation.js';

const DKIM = '/opt/msys/ecelerity/etc/conf/dkim/example.com/s1.key';
const FOLDER = '/opt/msys/ecelerity/etc/conf/dkim';

interface Over {
  readonly mode?: number;
  readonly folder?: number;
  readonly content?: string;
  readonly runUid?: number;
  readonly key?: Readonly<Record<string, unknown>>;
}

function given({ mode = 0o640, folder = 0o750, content = KEY_PEM, runUid = UID, key = {} }: Over): Given {
  const root = tree({ [DKIM]: content });
  chmodSync(join(root, DKIM), mode);
  chmodSync(join(root, FOLDER), folder);
  const { momentumConfig } = caseConfig('');
  const one = {
    path: DKIM,
    at: { file: '/x', line: 1 },
    isMissing: false,
    key: { state: 'parsed', keyType: 'rsa', keyBits: 2048 },
    access: { uid: UID, gid: GID, mode },
    acl: null,
    reach: { kind: 'readable' },
    ...key,
  };
  return {
    root,
    facts: {
      install: { serviceUser: ME, databaseUser: null, users: [{ ...ME, name: 'root' }], groups: [] },
      momentumConfig: {
        ...momentumConfig,
        runUser: { name: 'mail', at: null, principal: { uid: runUid, gid: GID, groups: [GID] } },
      },
      dkimKeys: { keys: [one], sha1: [], doubts: [] },
    },
  };
}

const FAILS = { recheck: () => Promise.resolve({ status: 'fail', summary: 'its RSA key has 512 bits' }) };

describe('dkim-key-permissions', () => {
  it('closes a key to others, and has nothing to do then', async () => {
    const made = await draft(dkimKeyPermissions, given({ mode: 0o644 }));
    expect(made.steps).toMatchObject([
      { kind: 'set-access', entries: [{ path: DKIM, after: { uid: UID, gid: GID, mode: 0o640 } }] },
    ]);
    expect(made.opens).toBeNull();
    expect(await plan(dkimKeyPermissions, given({}))).toMatchObject({ kind: 'nothing' });
    expect(await verify(dkimKeyPermissions, given({ mode: 0o644 }))).toMatchObject({ ok: false });
    expect(await verify(dkimKeyPermissions, given({}))).toEqual({ ok: true });
  });

  it('a key that is too short still fails, which is told and takes nothing back', async () => {
    expect(await verify(dkimKeyPermissions, given({}), FAILS)).toEqual({
      ok: true,
      left: ['MOM-DKIM-001: its RSA key has 512 bits'],
    });
  });

  it.each<[string, Over, RegExp]>([
    ['what is no key', { mode: 0o644, content: 'x' }, /holds no private key/],
    [
      'an access list',
      { mode: 0o644, key: { acl: { users: [{ uid: 50, bits: 4 }], groups: [], mask: 4 } } },
      /access list/,
    ],
    ['a run user of the configuration’s own choice', { mode: 0o644, runUid: UID + 1 }, /run as mail/],
  ])('leaves %s to a person', async (_name, over, why) => {
    expect(await plan(dkimKeyPermissions, given(over))).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why),
    });
  });
});
