import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { noNet } from '../../../testing/no-net.js';
import { nodeFiles } from '../../adapters/node-files.js';
import type { ExecRequest, ExecResult } from '../../ports/exec.js';
import { NO_ISSUING } from '../../units/issuing.js';
import type { PlanContext } from '../../units/remediation.js';
import type { FileReplacement } from '../../units/step.js';
import { type CommitReads, planCommit } from './commit.js';
import { localEdits } from './status.js';

const CONF = '/opt/msys/ecelerity/etc/conf';
const MAIN = `${CONF}/default/ecelerity.conf`;
const EARLIER = `${CONF}/default/earlier.conf`;
const INSTALLERS = '/opt/msys/etc/installer/ecelerity.d/ecdb.conf';
const NOW_MS = 1_700_000_000_000;

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

interface Given {
  readonly isVersioned?: boolean;
  readonly roles?: readonly string[];
  readonly params?: Readonly<Record<string, string>>;
  readonly status?: string | ExecResult;
  readonly isEnabled?: boolean;
  readonly entries?: string;
  readonly servedNotAfterMs?: number | null;
  readonly served?: string;
  readonly files?: readonly string[];
  readonly fallbackPassword?: string;
}

function exited(stdout: string, code = 0): ExecResult {
  return { kind: 'exited', code, stdout, stderr: '' };
}

const LISTED = 'hostname=ecconfigd username=ecuser facility=eccfg\n';

/** A single node under version control with stored credentials, unless told otherwise. */
function contextOf(given: Given): PlanContext<CommitReads> {
  const root = mkdtempSync(join(tmpdir(), 'castellan-commit-'));
  roots.push(root);
  const paths = [MAIN, EARLIER, INSTALLERS, ...(given.isVersioned === false ? [] : [`${CONF}/.svn/format`])];
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  const params: Readonly<Record<string, string>> = {
    commit: 'yes',
    repositoryUser: 'ecuser',
    ...given.params,
  };
  const file = (path: string) => ({ path, realPath: path, state: 'present' });
  const facts = {
    install: { roles: given.roles ?? ['singlenode'] },
    credentialStore: {
      isEnabled: given.isEnabled ?? true,
      database: file('/opt/msys/etc/credentials.db'),
      key: file('/opt/msys/etc/credentials.key'),
    },
    serviceCertificates: {
      services: [
        {
          location: { service: 'ecconfigd', endpoint: { host: '127.0.0.1', port: 2027 } },
          served: { kind: given.served ?? 'served' },
          servedNotAfterMs: given.servedNotAfterMs ?? NOW_MS + 1,
        },
      ],
    },
  };
  const run = ({ program }: ExecRequest): ExecResult => {
    if (!program.endsWith('/eccfg')) return exited(given.entries ?? LISTED);
    return typeof given.status === 'object' ? given.status : exited(given.status ?? '');
  };
  return {
    // The parts of the facts that are read here.
    facts: facts as unknown as PlanContext<CommitReads>['facts'],
    params: {
      text: (name) => params[name] ?? null,
      given: (name) => name in params,
      reveal: (name) => params[name] ?? '',
    },
    issuing: NO_ISSUING,
    state: { read: () => null },
    isOwnEdit: (path) => path === EARLIER,
    pastRun: () => ({ problem: 'there was no run' }),
    look: {
      files: nodeFiles(root),
      exec: { run: (request) => Promise.resolve(run(request)) },
      net: noNet(),
      processes: { under: () => null },
      clock: { now: () => NOW_MS, sleep: () => Promise.resolve() },
      signal: new AbortController().signal,
      settings: { nodeName: null, assumeMomentum: null, probe: true, live: true },
    },
  };
}

async function planned(given: Given) {
  const context = contextOf(given);
  const local = await localEdits(context, true);
  expect(local.refusal).toBeNull();
  const files = (given.files ?? [MAIN]).map(
    (path): FileReplacement => ({
      path,
      beforeSha256: null,
      before: null,
      content: path,
      access: { uid: 0, gid: 0, mode: 0o644 },
    }),
  );
  return planCommit(context, {
    slug: 'sample',
    controls: ['MOM-TLS-001'],
    files,
    local,
    ...(given.fallbackPassword === undefined ? {} : { fallbackPassword: given.fallbackPassword }),
  });
}

describe('an edit of a versioned configuration', () => {
  it.each<[string, Given, { username: string; password: { secret: string } | null; files: string[] }]>([
    ['with stored credentials', {}, { username: 'ecuser', password: null, files: [MAIN] }],
    [
      'with a password that was given, which comes before a stored one',
      { params: { repositoryUser: 'admin', repositoryPassword: 'x' } },
      { username: 'admin', password: { secret: 'repositoryPassword' }, files: [MAIN] },
    ],
    [
      'with a password that the remediation has anyhow',
      { isEnabled: false, fallbackPassword: 'password' },
      { username: 'ecuser', password: { secret: 'password' }, files: [MAIN] },
    ],
    [
      'with an earlier edit of this agent that waits',
      { status: 'M       default/earlier.conf\n' },
      { username: 'ecuser', password: null, files: [EARLIER, MAIN] },
    ],
    [
      "beside the installer's file, which no repository keeps",
      { files: [MAIN, INSTALLERS] },
      { username: 'ecuser', password: null, files: [MAIN] },
    ],
    [
      'where ecconfigd could not be inspected',
      { served: 'forbidden', servedNotAfterMs: null },
      { username: 'ecuser', password: null, files: [MAIN] },
    ],
  ])('is committed %s', async (_name, given, step) => {
    const { steps, changes } = await planned(given);
    expect(steps).toEqual([
      expect.objectContaining({ kind: 'commit', message: 'castellan: sample (MOM-TLS-001)', ...step }),
    ]);
    expect(changes).toHaveLength(1);
  });

  it.each<[string, Given, RegExp]>([
    ['there is no working copy', { isVersioned: false }, /not under version control here/],
    ['no file of it is in the working copy', { files: [INSTALLERS] }, /None of the files/],
    ['the file is not under version control', { status: '?       default/ecelerity.conf\n' }, /None of the/],
    ['nobody wants it to be', { params: { commit: 'no' } }, /commit=no/],
    ['others have edits there', { status: 'M       default/x.conf\n' }, /edits of others too \(.*x\.conf\)/],
    [
      'programs may not be run',
      { status: { kind: 'unstarted', problem: 'forbidden', detail: '' } },
      /not known \(eccfg was not run/,
    ],
    ['the certificate of ecconfigd has expired', { servedNotAfterMs: NOW_MS }, /has expired/],
    ['ecconfigd is down', { served: 'closed' }, /does not answer at 127\.0\.0\.1:2027/],
    ['securecreds is off', { isEnabled: false }, /securecreds is not enabled/],
    [
      'the store has no entry for eccfg',
      { entries: 'hostname=localhost facility=pgsql\n' },
      /ecconfigd\/eccfg/,
    ],
    ['another user has no password', { params: { repositoryUser: 'admin' } }, /entries of ecuser only/],
    [
      'another user has no password, whatever the one of ecuser is',
      { params: { repositoryUser: 'admin' }, fallbackPassword: 'password' },
      /entries of ecuser only/,
    ],
  ])('stays on this node, and the plan says why, where %s', async (_name, given, why) => {
    const { steps, changes, notes } = await planned(given);
    expect([steps, changes]).toEqual([[], []]);
    expect(notes.join('\n')).toMatch(why);
  });

  it('names the command that commits it by hand', async () => {
    expect((await planned({ isEnabled: false })).notes.join('\n')).toContain(
      'cd / && /opt/msys/ecelerity/bin/eccfg commit --username USER -m "castellan: sample"',
    );
  });

  it('reaches the other nodes of a cluster, and the plan says so', async () => {
    expect((await planned({ roles: ['mta'] })).effects.join('\n')).toContain('other nodes of the subcluster');
    expect((await planned({})).effects.join('\n')).not.toContain('other nodes');
  });
});
