import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '@castellan/shared/model/plan';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFrames } from '../../packages/agent/src/frames/frames.js';
import { BIN, CONF, ECELERITY_CONF, WEBUI_COMMON_CONF } from '../standin/src/lay/places.js';
import { SERVICE_PASSWORD } from '../standin/src/lay/texts/ecelerity-conf.js';
import { must, serverUrl, svn } from '../standin/src/running/real/subversion.js';
import { ADMIN_PASSWORD } from '../standin/src/running/repository-users.js';
import { openNode } from '../standin/src/running/standin-node.js';
import { describeReal } from './parts.js';
import { type Ran, RealNode } from './real-node.js';

const APPLY_MS = 180_000;
const ECCFG = `${BIN}/eccfg`;
const CONTROLS = ['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003'];
const FIXED = 'TLS_Protocols = "+ALL:-SSLv2:-SSLv3"';

describeReal('an edit of the configuration is committed with the stored credentials', () => {
  let node: RealNode;
  beforeAll(async () => {
    node = await RealNode.lay(['tls-protocols', 'ecconfigd-certificate-expired']);
    await node.start();
  });
  afterAll(() => node?.remove());

  test('not while the certificate of ecconfigd has expired: the plan says so, and what to run', async () => {
    const plan = await planned(node, 'tls-protocols');
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['file']);
    expect(plan.notes.join('\n')).toMatch(
      /is this node's alone: the certificate of ecconfigd has expired[^\n]*eccfg commit --username/,
    );
  });

  test('the commit is in the log with the id of the run, and a following pull keeps the fix', {
    timeout: APPLY_MS,
  }, async () => {
    expect(await node.apply('certificate-renew', ['--set', 'service=ecconfigd'])).toMatchObject({ code: 0 });
    // Somebody commits another file at another node before the plan is carried out: it is pulled first.
    const plan = await planned(node, 'tls-protocols');
    await commitElsewhere(node, 'default/webui-common.conf', '# before the run, at another node\n');
    const others = await newest(node);
    expect(plan.changes.map(({ kind, target }) => [kind, target])).toEqual([
      ['file', ECELERITY_CONF],
      ['program', ECCFG],
    ]);

    const applied = await node.apply('tls-protocols');
    expect([applied.code, applied.stderr]).toEqual([0, expect.stringContaining('done and verified')]);
    expect(node.text(WEBUI_COMMON_CONF)).toContain('# before the run, at another node');
    const entry = await newest(node);
    expect(entry).toEqual({
      revision: others.revision + 1,
      author: 'ecuser',
      message: `castellan: tls-protocols (${CONTROLS.join(', ')}), run ${lastRun(node, 'tls-protocols')}`,
      paths: ['M /boot/default/ecelerity.conf'],
    });
    expect(applied.stderr).toContain(`committed as revision ${entry.revision}: ${ECELERITY_CONF}`);
    expect(await node.program(ECCFG, ['status'])).toMatchObject({ code: 0, stdout: '' });

    await commitElsewhere(node, 'default/webui-common.conf', '# by somebody at another node\n');
    const before = statSync(node.at(CONF)).ino;
    const pulled = await node.program(ECCFG, ['pull']);
    expect([pulled.code, pulled.stdout]).toEqual([0, expect.stringContaining('has been invalidated')]);
    expect(statSync(node.at(CONF)).ino).not.toBe(before);
    expect(node.text(WEBUI_COMMON_CONF)).toContain('# by somebody at another node');
    expect(node.text(ECELERITY_CONF).split(FIXED)).toHaveLength(3);
    const statuses = await node.statuses();
    expect(CONTROLS.map((control) => statuses[control])).toEqual(CONTROLS.map(() => 'pass'));
  });
});

describeReal('an edit of the configuration, on a node without stored credentials', () => {
  let node: RealNode;
  let first: { readonly text: string; readonly revision: number };
  const asAdmin = (password: string): string[] => {
    const file = join(node.at('/root'), 'repository.password');
    writeFileSync(file, `${password}\n`, { mode: 0o600 });
    return ['--set', 'repositoryUser=admin', '--secret-file', `repositoryPassword=${file}`];
  };
  const expectAsBefore = async ({ code, stderr }: Ran, why: string): Promise<void> => {
    expect([code, stderr]).toEqual([1, expect.stringMatching(/rolledBack +everything is as it was/)]);
    expect(stderr).toContain(why);
    expect(node.text(ECELERITY_CONF)).toBe(first.text);
    expect((await newest(node)).revision).toBe(first.revision);
    expect(await node.program(ECCFG, ['status'])).toMatchObject({ code: 0, stdout: '' });
    const eval_ = await node.program(`${BIN}/ec_console`, ['/tmp/2025', 'config', 'eval', 'tls_protocols']);
    expect(eval_.stdout.trim()).toBe('tls_protocols = "+ALL"');
  };

  beforeAll(async () => {
    node = await RealNode.lay(['tls-protocols', 'plaintext-password']);
    await node.start();
    first = { text: node.text(ECELERITY_CONF), revision: (await newest(node)).revision };
  });
  afterAll(() => node?.remove());

  test('without a password the plan says that the edit is local, and why', async () => {
    const plan = await planned(node, 'tls-protocols');
    expect(plan.changes.map(({ kind }) => kind)).toEqual(['file']);
    expect(plan.notes.join('\n')).toMatch(
      /no credentials for the repository: repositoryPassword was not given, and securecreds is not enabled\. /,
    );
    expect(plan.notes.join('\n')).toContain(`cd / && ${ECCFG} commit --username USER`);
  });

  test("somebody else's uncommitted edit is a reason to refuse, or not to commit", async () => {
    const text = node.text(WEBUI_COMMON_CONF);
    node.write(WEBUI_COMMON_CONF, `${text}# half done\n`);
    const refused = await node.plan('tls-protocols');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(WEBUI_COMMON_CONF)]);
    const kept = await planned(node, 'tls-protocols', [
      '--set',
      'localEdits=keep',
      ...asAdmin(ADMIN_PASSWORD),
    ]);
    expect(kept.changes.map(({ kind }) => kind)).toEqual(['file']);
    expect(kept.notes.join('\n')).toContain('eccfg commit would take the edits of others too');
    node.write(WEBUI_COMMON_CONF, text);
  });

  test('a conflict is a reason to refuse', async () => {
    await commitElsewhere(node, 'default/webui-common.conf', '# one\n');
    const text = node.text(WEBUI_COMMON_CONF);
    node.write(WEBUI_COMMON_CONF, `${text}# another\n`);
    const here = { cwd: node.at(CONF) };
    must(await svn(openNode(node.root), ['update', '--accept', 'postpone', '.'], here));
    expect((await node.program(ECCFG, ['status'])).stdout).toMatch(/^C +default\/webui-common\.conf$/m);
    const refused = await node.plan('tls-protocols', ['--set', 'localEdits=keep']);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      // The marks that Subversion leaves in the file do not load.
      expect.stringContaining(`the configuration cannot be loaded: ${WEBUI_COMMON_CONF}:`),
    ]);
    must(
      await svn(
        openNode(node.root),
        ['resolve', '--accept', 'theirs-full', 'default/webui-common.conf'],
        here,
      ),
    );
    first = { ...first, revision: (await newest(node)).revision };
  });

  test('a reload that fails leaves no commit', { timeout: APPLY_MS }, async () => {
    const restore = replaceProgram(
      node,
      `${BIN}/ec_console`,
      'case "$*" in *"config reload"*) rm "$0"; cp "$0.real" "$0"; echo "Reconfigure failed"; exit 0;; esac',
    );
    const applied = await node.apply('tls-protocols', asAdmin(ADMIN_PASSWORD));
    restore();
    await expectAsBefore(applied, 'said "Reconfigure failed"');
  });

  test('a commit that the repository does not accept: everything is put back', {
    timeout: APPLY_MS,
  }, async () => {
    const applied = await node.apply('tls-protocols', asAdmin('wrong-canary-4TZ'));
    await expectAsBefore(applied, `${ECCFG} commit committed nothing`);
    expect(applied.stdout + applied.stderr + everythingIn(node.state)).not.toContain('wrong-canary-4TZ');
  });

  test('a file of the plan that somebody commits before it is carried out: nothing is done, and the next plan is on theirs', {
    timeout: APPLY_MS,
  }, async () => {
    await commitElsewhere(node, 'default/ecelerity.conf', '# by somebody at another node\n');
    const applied = await node.apply('tls-protocols', asAdmin(ADMIN_PASSWORD));
    expect([applied.code, applied.stderr]).toEqual([1, expect.stringMatching(/stale/)]);
    first = { text: node.text(ECELERITY_CONF), revision: (await newest(node)).revision };
    expect(first.text).toContain('# by somebody at another node');
    expect(first.text).not.toContain(FIXED);
    expect(await node.program(ECCFG, ['status'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('an edit that somebody makes between plan and commit is not committed with ours', {
    timeout: APPLY_MS,
  }, async () => {
    const text = node.text(WEBUI_COMMON_CONF);
    // The reload is the last moment before the run looks again.
    const restore = replaceProgram(
      node,
      `${BIN}/ec_console`,
      `case "$*" in *"config reload"*) echo "# meanwhile" >> '${node.at(WEBUI_COMMON_CONF)}';; esac`,
    );
    const applied = await node.apply('tls-protocols', asAdmin(ADMIN_PASSWORD));
    restore();
    expect(node.text(WEBUI_COMMON_CONF)).toContain('# meanwhile');
    node.write(WEBUI_COMMON_CONF, text);
    await expectAsBefore(applied, `somebody has edited the configuration meanwhile`);
  });

  test('with a password it is committed as that user, and no argument list or file holds it', {
    timeout: APPLY_MS,
  }, async () => {
    const restore = replaceProgram(node, ECCFG, `echo "$@" >> "$0.calls"`);
    const applied = await node.apply('tls-protocols', asAdmin(ADMIN_PASSWORD));
    const calls = readFileSync(`${node.at(ECCFG)}.calls`, 'utf8');
    restore();
    expect([applied.code, applied.stderr]).toEqual([0, expect.stringContaining('done and verified')]);
    expect(await newest(node)).toMatchObject({
      revision: first.revision + 1,
      author: 'admin',
      message: expect.stringContaining(`run ${lastRun(node, 'tls-protocols')}`),
      paths: ['M /boot/default/ecelerity.conf'],
    });
    expect(calls).toContain('commit --username admin -m castellan: tls-protocols');
    for (const said of [calls, applied.stdout, applied.stderr, everythingIn(node.state)])
      expect(said).not.toContain(ADMIN_PASSWORD);
  });

  test('securecreds-enable commits its block, with the password that it stores, and no password goes with it', {
    timeout: APPLY_MS,
  }, async () => {
    const file = join(node.at('/root'), 'ecuser.password');
    writeFileSync(file, `${SERVICE_PASSWORD}\n`, { mode: 0o600 });
    const applied = await node.apply('securecreds-enable', ['--secret-file', `password=${file}`]);
    expect([applied.code, applied.stderr]).toEqual([0, expect.stringContaining('done and verified')]);
    expect(await newest(node)).toMatchObject({
      revision: first.revision + 2,
      author: 'ecuser',
      message: expect.stringContaining(
        `securecreds-enable (MOM-CRED-001, MOM-CRED-003, MOM-CRED-004, MOM-CRED-006), run ${lastRun(node, 'securecreds-enable')}`,
      ),
      paths: ['M /boot/default/ecelerity.conf'],
    });
    for (const said of [applied.stdout, applied.stderr, everythingIn(node.state)])
      expect(said).not.toContain(SERVICE_PASSWORD);
  });
});

async function planned(node: RealNode, slug: string, args: readonly string[] = []): Promise<Plan> {
  const { code, stdout, stderr } = await node.plan(slug, args);
  if (code !== 0 || stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

interface LogEntry {
  readonly revision: number;
  readonly author: string;
  readonly message: string;
  readonly paths: readonly string[];
}

/** The newest entry of the log, asked of the server. */
async function newest(node: RealNode): Promise<LogEntry> {
  const url = serverUrl(openNode(node.root));
  const { output } = must(
    await svn(openNode(node.root), ['log', '-v', '-l', '1', '-r', 'HEAD:1', url], {
      trust: 'unknown-ca,cn-mismatch,expired',
    }),
  );
  const [, head = '', ...rest] = output.split('\n');
  const [revision = '', author = ''] = head.split(' | ');
  const paths = rest.filter((line) => /^ {3}[AMDR] /.test(line)).map((line) => line.trim());
  return {
    revision: Number(revision.slice(1)),
    author,
    message: rest[rest.indexOf('') + 1] ?? '',
    paths,
  };
}

/** What somebody does who has a working copy of his own. */
async function commitElsewhere(node: RealNode, path: string, added: string): Promise<void> {
  const standin = openNode(node.root);
  const copy = '/opt/msys/ecelerity/etc/.elsewhere';
  rmSync(node.at(copy), { recursive: true, force: true });
  must(await svn(standin, ['checkout', '-q', serverUrl(standin), node.at(copy)]));
  node.write(`${copy}/${path}`, `${node.text(`${copy}/${path}`)}${added}`);
  const login = ['--username', 'admin', '--password-from-stdin'];
  must(
    await svn(standin, ['commit', '-q', '-m', 'Something else', ...login, '.'], {
      cwd: node.at(copy),
      stdin: ADMIN_PASSWORD,
    }),
  );
}

/** The run whose journal is the newest of a remediation. */
function lastRun(node: RealNode, slug: string): string {
  const folder = join(node.state, 'journal');
  const runs = readdirSync(folder)
    .map((name) => {
      const [first] = readFrames(readFileSync(join(folder, name))).frames;
      return first?.value as { runId: string; slug: string; at: string };
    })
    .filter((run) => run.slug === slug)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  return runs.at(-1)?.runId ?? 'none';
}

function everythingIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

/** A program of the node that does something first. Answers how to put it back. */
function replaceProgram(node: RealNode, program: string, first: string): () => void {
  const script = node.at(program);
  renameSync(script, `${script}.real`);
  writeFileSync(script, `#!/bin/sh\n${first}\nexec "$0.real" "$@"\n`);
  chmodSync(script, 0o755);
  return () => renameSync(`${script}.real`, script);
}
