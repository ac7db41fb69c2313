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
import permissionsRepair from './remediation.js';

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
