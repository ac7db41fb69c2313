import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CASE_ECUSER, caseInstall } from '../../testing/cases/node.js';
import { nodeFiles } from '../adapters/node-files.js';
import type { Facts } from '../facts/facts.generated.js';
import { wantedChanges as wantedKeys } from './key-permissions/wanted.js';
import permissionsRepair from './permissions-repair/remediation.js';
import { wantedChanges } from './permissions-repair/wanted.js';

const CONF = '/opt/msys/ecelerity/etc/conf/default';
const OTHER_GID = 7300;

type Denied = Facts['configTree']['denied'][number];

function lay(path: string, root: string, access: { uid?: number; gid?: number; mode: number }): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), 'x');
  chownSync(join(root, path), access.uid ?? 0, access.gid ?? 0);
  chmodSync(join(root, path), access.mode);
}

/** What is known where the configuration's owner, the service's user, points at `paths`. */
function factsOf(
  root: string,
  given: { keys?: readonly string[]; denied?: readonly string[]; foreign?: readonly string[] },
) {
  const access = (path: string) => {
    const { uid, gid, mode } = statSync(join(root, path));
    return { uid, gid, mode: mode & 0o7777 };
  };
  const none = {
    path: '/none',
    realPath: null,
    state: 'missing' as const,
    access: null,
    dev: null,
    ino: null,
    isSqlite: null,
  };
  const facts = {
    install: caseInstall(),
    configTree: {
      roots: [],
      entriesSeen: 0,
      denied: (given.denied ?? []).map(
        (path): Denied => ({
          path,
          kind: 'file',
          access: access(path),
          lacks: 'read',
          holdsSecret: true,
          within: null,
        }),
      ),
      foreign: (given.foreign ?? []).map((path) => ({ path, access: access(path), readable: false })),
      brokenLinks: [],
      unseen: [],
      workingCopy: false,
      isTruncated: false,
      user: CASE_ECUSER,
      doubts: [],
    },
    privateKeys: {
      keys: (given.keys ?? []).map((path) => ({
        path,
        realPath: path,
        usedBy: { what: 'TLS_Key', at: { file: `${CONF}/ecelerity.conf`, line: 1 } },
        owner: 'ecuser' as const,
        access: access(path),
        writableParents: [],
      })),
      unread: [],
    },
    credentialStore: {
      isEnabled: false,
      blocksElsewhere: [],
      database: none,
      key: none,
      namedBy: null,
      other: { database: none, key: none },
      split: false,
      siblings: [],
      folder: { path: '/none', access: null },
    },
    secretFiles: { files: [], unseen: [] },
  };
  return facts;
}

function wanted(root: string, given: Parameters<typeof factsOf>[1]) {
  const facts = factsOf(root, given);
  return given.keys ? wantedKeys(facts, nodeFiles(root)) : wantedChanges(facts, nodeFiles(root));
}

/** What a plan is made of; it asks for no parameter. */
function planContext(root: string, denied: readonly string[]) {
  const look = { files: nodeFiles(root) };
  return { facts: factsOf(root, { denied }), look } as unknown as Parameters<
    typeof permissionsRepair.plan
  >[0];
}

// Only root can give a file away, so only root can be misled.
describe.skipIf(process.getuid?.() !== 0)(
  'the configuration belongs to ecuser, and cannot make root hand over what is not Momentum’s',
  () => {
    const made: string[] = [];
    const root = () => {
      made.push(mkdtempSync(join(tmpdir(), 'castellan-danger-')));
      return made.at(-1) ?? '';
    };
    afterEach(() => {
      for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
    });

    it('a key that the configuration names outside of Momentum’s places is left to a person', () => {
      const at = root();
      lay('/etc/shadow', at, { gid: 42, mode: 0o640 });
      const { entries, notes } = wanted(at, { keys: ['/etc/shadow'] });
      expect(entries).toEqual([]);
      expect(notes).toEqual([expect.stringContaining('/etc/shadow is outside')]);
    });

    it('a link that leads out is not followed into what it names', () => {
      const at = root();
      lay('/etc/shadow', at, { mode: 0o600 });
      mkdirSync(join(at, CONF), { recursive: true });
      symlinkSync('/etc/shadow', join(at, CONF, 'extra.conf'));
      const { entries, notes } = wanted(at, { denied: [`${CONF}/extra.conf`] });
      expect(entries).toEqual([]);
      expect(notes).toEqual([expect.stringContaining('/etc/shadow is outside')]);
    });

    it('a file with a second name, which may stand anywhere, is left alone', () => {
      const at = root();
      lay('/etc/shadow', at, { mode: 0o600 });
      mkdirSync(join(at, CONF), { recursive: true });
      linkSync(join(at, '/etc/shadow'), join(at, CONF, 'extra.conf'));
      const { entries, notes } = wanted(at, {
        denied: [`${CONF}/extra.conf`],
        foreign: [`${CONF}/extra.conf`],
      });
      expect(entries).toEqual([]);
      expect(notes).toEqual([expect.stringContaining('hard links')]);
    });

    it('ecuser gets no more than it needs: not what another group might do, and no setuid', () => {
      const at = root();
      lay('/opt/msys/etc/installer/ecelerity.d/x.conf', at, { gid: OTHER_GID, mode: 0o4770 });
      lay(`${CONF}/y.conf`, at, { mode: 0o6700 });
      const { entries, notes } = wanted(at, {
        denied: ['/opt/msys/etc/installer/ecelerity.d/x.conf'],
        foreign: [`${CONF}/y.conf`],
      });
      expect(notes).toEqual([]);
      expect(entries.map(({ path, after }) => [path, after])).toEqual(
        [
          [`${CONF}/y.conf`, { uid: CASE_ECUSER.uid, gid: CASE_ECUSER.gid, mode: 0o700 }],
          ['/opt/msys/etc/installer/ecelerity.d/x.conf', { uid: 0, gid: CASE_ECUSER.gid, mode: 0o740 }],
        ].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      );
    });

    it('a file of another service, which the configuration names as its key, is not given away', () => {
      const at = root();
      lay('/var/db/msyspg/pg_hba.conf', at, { uid: 7101, gid: 7101, mode: 0o600 });
      const { entries, notes } = wanted(at, { keys: ['/var/db/msyspg/pg_hba.conf'] });
      expect(entries).toEqual([]);
      expect(notes).toEqual([expect.stringContaining('/var/db/msyspg/pg_hba.conf is outside')]);
    });

    it('a folder of another service that a link below conf leads to is not opened, nor what is in it', () => {
      const at = root();
      lay('/var/db/msyspg/PG_VERSION', at, { uid: 7101, gid: 7101, mode: 0o600 });
      lay(`${CONF}/ecelerity.conf`, at, { uid: CASE_ECUSER.uid, gid: CASE_ECUSER.gid, mode: 0o640 });
      symlinkSync('../../../../../../var/db/msyspg', join(at, CONF, 'more'));
      lchownSync(join(at, CONF, 'more'), CASE_ECUSER.uid, CASE_ECUSER.gid);
      for (const path of ['/var/db/msyspg/PG_VERSION', `${CONF}/more/PG_VERSION`, `${CONF}/more`])
        expect(wanted(at, { denied: [path], foreign: [path] }).entries).toEqual([]);
    });

    it.each([
      ['a program', '#!/bin/sh\n', 0o755, 'run as a program'],
      ['what is no key', 'host all all 0.0.0.0/0 md5\n', 0o644, 'holds no private key'],
      ['a beginning of a key', '-----BEGIN PRIVATE KEY-----\n', 0o644, 'holds no private key'],
    ])('%s in the place of a key keeps its owner and its mode', (_, content, mode, why) => {
      const at = root();
      const path = '/opt/msys/ecelerity/etc/certs/tool';
      lay(path, at, { mode });
      writeFileSync(join(at, path), content);
      const { entries, notes } = wanted(at, { keys: [path] });
      expect(entries).toEqual([]);
      expect(notes).toEqual([expect.stringContaining(why)]);
    });

    it('what ecuser could not read before is opened in capital words, and names the very file', () => {
      const at = root();
      lay(`${CONF}/extra.conf`, at, { mode: 0o600 });
      const { entries } = wanted(at, { denied: [`${CONF}/extra.conf`] });
      const { ino, dev } = statSync(join(at, CONF, 'extra.conf'));
      expect(entries).toMatchObject([{ opensTo: 'ecuser', identity: { ino, dev, uid: 0 } }]);
      const planned = permissionsRepair.plan(planContext(at, [`${CONF}/extra.conf`]));
      expect(planned).toMatchObject({
        draft: {
          opens: `${CONF}/extra.conf to ecuser`,
          changes: [
            {
              summary: expect.stringMatching(/^OPENS it to ecuser/),
              before: expect.stringContaining(`${dev}:${ino}`),
            },
          ],
        },
      });
    });
  },
);
