import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CASE_ECUSER, CASE_MSYSPG, caseInstall, caseTree } from '../../../testing/cases/node.js';
import { draft, GID, type Given, plan, tree, UID, verify } from '../../../testing/remediation.js';
import permissionsRepair from './remediation.js';

const CONF = '/opt/msys/ecelerity/etc/conf';
const EXTRA = `${CONF}/default/extra.conf`;
const SUBTREE = `${CONF}/default/later`;
const INSTALLER = '/opt/msys/etc/installer';
const MAIN = '/opt/msys/ecelerity/etc/ecelerity.conf';
const none = { state: 'missing', path: '/x' };

type Modes = Readonly<Record<string, number>>;

/** A tree of this user with these modes, as ecuser (7100) and msyspg (7101), who are others there, meet it. */
function given(modes: Modes, over: Readonly<Record<string, unknown>> = {}): Given {
  const root = tree({ [EXTRA]: '', [MAIN]: '', [`${SUBTREE}/more.conf`]: '' });
  mkdirSync(join(root, `${INSTALLER}/ecelerity.d`), { recursive: true });
  const barring = Object.entries(modes).filter(([path]) => path !== '/opt/msys');
  // The innermost first: this user too is barred by what it closes to itself.
  for (const [path, mode] of Object.entries(modes).reverse()) chmodSync(join(root, path), mode);
  return {
    root,
    facts: {
      install: caseInstall(),
      configTree: caseTree({
        denied: barring
          .filter(([, mode]) => (mode & 0o005) === 0)
          .map(([path, mode]) => ({
            path,
            kind: path.endsWith('.conf') ? 'file' : 'directory',
            access: { uid: UID, gid: GID, mode },
            lacks: path.endsWith('.conf') ? 'read' : 'search',
            holdsSecret: false,
            within: null,
          })),
      }),
      credentialStore: { database: none, key: none, siblings: [], other: { database: none, key: none } },
      secretFiles: { files: [], unseen: [] },
      ...over,
    },
  };
}

/** What a plan makes of each path; root alone can change groups. */
async function modesAfter(of: Given): Promise<Record<string, string>> {
  const [step] = (await draft(permissionsRepair, of)).steps;
  if (step?.kind !== 'set-access') throw new Error('another step');
  return Object.fromEntries(
    step.entries.map(({ path, after }) => [
      path,
      `${after.uid === CASE_ECUSER.uid ? 'ecuser' : 'root'}:${after.gid === CASE_ECUSER.gid ? 'ecuser' : 'root'} ${after.mode.toString(8)}`,
    ]),
  );
}

const UMASK_0027: Modes = {
  '/opt/msys': 0o750,
  '/opt/msys/ecelerity': 0o750,
  '/opt/msys/ecelerity/etc': 0o750,
  '/opt/msys/etc': 0o750,
  [INSTALLER]: 0o750,
  [`${INSTALLER}/ecelerity.d`]: 0o750,
  [SUBTREE]: 0o750,
  [EXTRA]: 0o640,
  [MAIN]: 0o640,
};

describe.skipIf(UID !== 0)('permissions-repair', () => {
  it('mends every obstacle of an installation under umask 0027, and shuts msyspg out of nothing', async () => {
    expect(await modesAfter(given(UMASK_0027))).toEqual({
      '/opt/msys': 'root:root 755',
      '/opt/msys/ecelerity': 'root:root 755',
      '/opt/msys/ecelerity/etc': 'root:root 755',
      '/opt/msys/etc': 'root:root 755',
      [INSTALLER]: 'root:root 755',
      [`${INSTALLER}/ecelerity.d`]: 'root:ecuser 750',
      [SUBTREE]: 'ecuser:ecuser 750',
      [EXTRA]: 'ecuser:ecuser 640',
      [MAIN]: 'root:ecuser 640',
    });
    const made = await draft(permissionsRepair, given(UMASK_0027));
    expect(made.opens).toMatch(/^\/opt\/msys and 8 more to everybody and ecuser$/);
    const open = Object.fromEntries(Object.keys(UMASK_0027).map((path) => [path, 0o755]));
    expect(await plan(permissionsRepair, given(open))).toMatchObject({ kind: 'nothing' });
    expect(await verify(permissionsRepair, given(UMASK_0027))).toMatchObject({ ok: false });
    expect(await verify(permissionsRepair, given(open))).toEqual({ ok: true });
  });

  it('a shared folder that lets ecuser through and msyspg not is opened', async () => {
    expect(await modesAfter(given({ '/opt/msys': 0o750 }))).toEqual({ '/opt/msys': 'root:root 755' });
  });

  it('a folder that alone keeps a secret from others is opened for ecuser only, and the secret is named', async () => {
    const path = '/opt/msys/etc/installer/lastinstall';
    const secret = { path, realPath: path, access: { uid: 0, gid: 0, mode: 0o644 }, shutBy: '/opt/msys/etc' };
    const of = given(
      { '/opt/msys/etc': 0o750, [INSTALLER]: 0o755 },
      { secretFiles: { files: [secret], unseen: [] } },
    );
    expect(await modesAfter(of)).toEqual({ '/opt/msys/etc': 'root:ecuser 750' });
    expect((await draft(permissionsRepair, of)).notes.join()).toContain(`because ${path} may hold a secret`);
  });

  it('a text beside conf that holds a secret is left to a person', async () => {
    const configTree = caseTree({
      denied: [
        {
          path: MAIN,
          kind: 'file',
          access: { uid: UID, gid: GID, mode: 0o640 },
          lacks: 'read',
          holdsSecret: true,
          within: null,
        },
      ],
    });
    expect(await plan(permissionsRepair, given({}, { configTree }))).toMatchObject({
      kind: 'refused',
      why: expect.stringContaining(`${MAIN} is outside`),
    });
  });

  it('a run user of the configuration’s own choice is given nothing', async () => {
    const { configTree } = given(UMASK_0027).facts as { configTree: ReturnType<typeof caseTree> };
    const of = given({}, { configTree: { ...configTree, user: CASE_MSYSPG } });
    expect(await plan(permissionsRepair, of)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/run as msyspg/),
    });
  });
});
