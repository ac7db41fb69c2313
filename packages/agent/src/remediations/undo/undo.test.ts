import { chmodSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '@castellan/shared/base/canonical-json';
import { expect, it } from 'vitest';
import { CONF, contentOf, contextOf, tree, verify } from '../../../testing/remediation.js';
import type { PastChange, PastRun } from '../../units/past-run.js';
import type { Remediation, VerifyContext } from '../../units/remediation.js';
import type { Step } from '../../units/step.js';
import undo from './remediation.js';

const LDAP = '/opt/msys/3rdParty/etc/openldap/ldap.conf';
const OLD = Buffer.from('TLS_REQCERT never\n');
const NEW = 'TLS_REQCERT demand\n';

function pastRun(changes: readonly PastChange[], steps: readonly Step[] = []): PastRun {
  return { runId: 'run_1', slug: 'ldap-strict', at: '2026-11-28T09:00:00.000Z', steps, changes };
}

type Before = Pick<Extract<PastChange, { kind: 'file' }>, 'old' | 'access'>;

function file(path: string, text: string, before: Before): PastChange {
  return { ...before, kind: 'file', path, madeSha256: sha256Hex(Buffer.from(text)) };
}

const kept: Before = { old: { kind: 'kept', content: OLD }, access: { uid: 0, gid: 0, mode: 0o644 } };

async function planned(root: string, run: PastRun | { readonly problem: string }) {
  const context = contextOf({ root, facts: {}, params: { run: 'run_1', localEdits: 'refuse' } });
  return (undo as unknown as Remediation).plan({ ...context, pastRun: () => run });
}

it('puts files back with their owner and mode, and owners and modes, and has the service read them', async () => {
  const root = tree({ [LDAP]: NEW });
  const stat = lstatSync(join(root, LDAP));
  const access: PastChange = {
    kind: 'access',
    path: LDAP,
    identity: { dev: stat.dev, ino: stat.ino, uid: stat.uid },
    before: { uid: stat.uid, gid: stat.gid, mode: 0o600 },
    after: { uid: stat.uid, gid: stat.gid, mode: 0o640 },
  };
  const restart: Step = { kind: 'service', id: 'restart ecwebui', service: 'ecwebui', action: 'restart' };
  const plan = await planned(root, pastRun([file(LDAP, NEW, kept), access], [restart]));
  if (plan.kind !== 'draft') throw new Error(`${plan.kind}: ${plan.why}`);
  expect(plan.draft.steps.map(({ id }) => id)).toEqual(['owners and modes', 'files', 'restart ecwebui']);
  expect(await contentOf(plan.draft, LDAP)).toBe(OLD.toString());
  expect(plan.draft.opens).toContain('ldap-strict');
});

it('puts the configuration back as every edit is made: validated and read', async () => {
  const root = tree({ [CONF]: 'TLS_Protocols = "+ALL:-SSLv3"\n' });
  const old: Before = { old: { kind: 'kept', content: Buffer.from('# nothing\n') }, access: null };
  const plan = await planned(root, pastRun([file(CONF, readFileSync(join(root, CONF), 'utf8'), old)]));
  if (plan.kind !== 'draft') throw new Error(`${plan.kind}: ${plan.why}`);
  expect(plan.draft.steps.map(({ id }) => id)).toEqual(['configuration', 'validate', 'reload']);
  expect(plan.draft.changes[0]?.diff).toContain('-TLS_Protocols');
});

it.each<[string, (root: string) => PastRun | { readonly problem: string }, RegExp]>([
  ['a run that nobody knows', () => ({ problem: 'there is no run run_1' }), /no run run_1/],
  [
    'a file that somebody changed since',
    (root) => {
      writeFileSync(join(root, LDAP), 'mine\n');
      return pastRun([file(LDAP, NEW, kept)]);
    },
    /changed since/,
  ],
  [
    'a mode that somebody changed since',
    (root) => {
      const { dev, ino, uid, gid } = lstatSync(join(root, LDAP));
      chmodSync(join(root, LDAP), 0o666);
      const access = { uid, gid, mode: 0o640 };
      return pastRun([
        { kind: 'access', path: LDAP, identity: { dev, ino, uid }, before: access, after: access },
      ]);
    },
    /changed since/,
  ],
  [
    'a copy that is kept no more',
    () => pastRun([file(LDAP, NEW, { old: { kind: 'gone' }, access: null })]),
    /kept no more/,
  ],
  [
    'a run whose program made files',
    () =>
      pastRun(
        [file(LDAP, NEW, kept)],
        [
          {
            kind: 'program',
            id: 'create the store',
            program: '/x',
            argv: [],
            timeoutMs: 1,
            expect: { exitCode: 0 },
            creates: ['/opt/msys/etc/credentials.db'],
          },
        ],
      ),
    /create the store/,
  ],
  ['a run that changed nothing', () => pastRun([]), /nothing to undo/],
])('refuses %s', async (_name, runOf, why) => {
  const root = tree({ [LDAP]: NEW });
  expect(await planned(root, runOf(root))).toMatchObject({
    kind: 'refused',
    why: expect.stringMatching(why),
  });
});

it('is verified by what the files hold, and by nothing else', async () => {
  const root = tree({ [LDAP]: NEW });
  const given = { root, facts: {}, params: { run: 'run_1' } };
  const over: Partial<VerifyContext> = { pastRun: () => pastRun([file(LDAP, NEW, kept)]) };
  expect(await verify(undo, given, over)).toMatchObject({ ok: false });
  writeFileSync(join(root, LDAP), OLD);
  expect(await verify(undo, given, over)).toEqual({ ok: true });
});
