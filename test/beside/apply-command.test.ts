import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { LAID_PROGRAM } from '../../packages/agent/src/adapters/beside/first-line.js';
import { DoubleNode, UNREADABLE } from '../faults/double-node.js';
import { faultyExecutor } from '../faults/faulty-executor.js';
import { ROWS } from '../faults/remediation-rows.js';
import { describeReal } from '../real/parts.js';
import { besideExecutor, changeSession, commanded, cutSsh, portsOf } from './changing.js';
import { Sshd } from './sshd.js';

const LOGIN = 'far-root';
const SLUG = 'permissions-repair';
const NEVER = 1e12;

describeReal('castellan-agent plan and apply --host', () => {
  let sshd: Sshd;
  let node: DoubleNode;
  const folder = mkdtempSync(join(tmpdir(), 'castellan-apply-'));
  beforeAll(async () => {
    sshd = await new Sshd().start([
      { name: LOGIN, shell: '/bin/sh', uid: 0 },
      { name: 'far-plain', shell: '/bin/sh', uid: 61_021 },
    ]);
  });
  afterAll(() => {
    sshd.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    node = await DoubleNode.lay();
  });
  afterEach(() => node.remove());

  const tree = () => ['--root', node.root, '--assume-momentum', '3.6.6', '--no-probe'];
  const beside = (config = sshd.config, login = LOGIN) => [
    ...['--host', `${login}@mta1`, '--ssh-config', config, '--known-hosts', sshd.knownHosts],
    ...tree(),
  ];
  const apply = (slug: string, ...more: readonly string[]) =>
    commanded('apply', slug, ...beside(), '--state', node.state, '--yes', ...more);

  test('the plan is the one that the node itself makes, and nothing is written', async () => {
    const before = [node.snapshot(), node.snapshot(node.state)];
    const own = await commanded('plan', SLUG, ...tree());
    const far = await commanded('plan', SLUG, ...beside());
    expect(far).toEqual(own);
    expect(far.out).toContain(UNREADABLE);
    expect([node.snapshot(), node.snapshot(node.state)]).toEqual(before);
  });

  test('it is carried out, and an agent on the node knows of the run', async () => {
    const done = await apply(SLUG);
    expect(done).toMatchObject({ code: 0, note: expect.stringContaining('done and verified') });
    expect(ROWS.find(({ slug }) => slug === SLUG)?.isAfter(node)).toBe(true);
    const told = faultyExecutor(node).lastWords?.() ?? [];
    expect(told).toMatchObject([{ state: 'done' }]);
    const run = told[0]?.runId ?? '';
    const undone = await apply('undo', '--set', `run=${run}`);
    expect(undone.code).toBe(0);
    expect((await apply(SLUG)).code).toBe(0);
  });

  test('as the page says: a login of its own, sudo, the installed program, and the whole node', async () => {
    const node = await DoubleNode.lay();
    const real = await new Sshd().start(
      [
        { name: 'changer', shell: '/bin/sh', uid: 61_022 },
        { name: 'ecuser', shell: '/bin/false', uid: 7100 },
      ],
      `changer ALL=(root) NOPASSWD: ${LAID_PROGRAM} change\nDefaults:changer !requiretty\n`,
      [[join(node.root, 'opt'), '/opt']],
    );
    const words = ['--host', 'changer@mta1', '--ssh-config', real.config, '--known-hosts', real.knownHosts];
    const done = await commanded(
      ...[
        'apply',
        SLUG,
        ...words,
        '--assume-momentum',
        '3.6.6',
        '--no-probe',
        '--yes',
        '--state',
        node.state,
      ],
    );
    expect(done).toMatchObject({ code: 0, note: expect.stringContaining('done and verified') });
    expect(ROWS.find(({ slug }) => slug === SLUG)?.isAfter(node)).toBe(true);
    real.stop();
    node.remove();
  });

  test('nobody is asked where nobody can answer, and nothing is changed', async () => {
    const before = node.snapshot();
    const asked = await commanded('apply', SLUG, ...beside(), '--state', node.state);
    expect(asked).toMatchObject({ code: 2, note: expect.stringContaining('give --yes') });
    expect(node.snapshot()).toEqual(before);
  });

  test.each([
    ['audit-only', (file: string) => `auditOnlyFile: ${file}\n`, SLUG, 'CAS_AUDIT_ONLY'],
    [
      'an issuer of its own',
      () => 'issuers.command: /usr/local/bin/issue\n',
      'certificate-renew',
      'certificate-renew is not carried out from beside',
    ],
    ['settings that are wrong', () => 'allow: [', SLUG, 'on the node, '],
  ])("the node's own settings count: %s", async (_, text, slug, why) => {
    const config = join(folder, 'agent.yaml');
    writeFileSync(config, `version: 1\n${text(config)}`);
    const before = node.snapshot();
    const refused = await apply(slug, '--config', config);
    expect(refused.code).not.toBe(0);
    expect(refused.note).toContain(why);
    expect(node.snapshot()).toEqual(before);
  });

  test('a login that is not root may plan, and is told what it lacks to apply', async () => {
    const refused = await commanded('apply', SLUG, ...beside(sshd.config, 'far-plain'), '--yes');
    expect(refused).toMatchObject({ code: 4, note: expect.stringContaining('the login is not root') });
  });

  test('a plan that is not the newest is refused as stale', async () => {
    const session = await changeSession(sshd, LOGIN);
    const executor = besideExecutor(node, await portsOf(sshd, session, LOGIN, node));
    const plan = await executor.plan(SLUG, {});
    if (!plan.ok) throw plan.error;
    chownSync(join(node.root, UNREADABLE), 0, 7100);
    const events: unknown[] = [];
    const request = { runId: 'run-1', slug: SLUG, params: {}, planDigest: plan.value.digest };
    await executor.apply(request, (event) => events.push(event));
    expect(events).toMatchObject([{ state: 'stale' }]);
    await session.close();
  });

  test('where the link is lost the node is asked anew, and its word is the end', async () => {
    const whole = cutSsh(sshd, 'down', NEVER);
    await commanded('apply', SLUG, ...beside(whole.ssh.configFile ?? ''), '--state', node.state, '--yes');
    const pieces = whole.pieces();
    node.remove();
    node = await DoubleNode.lay();
    const before = node.snapshot();
    // Only the first way is cut.
    const cut = cutSsh(sshd, 'down', pieces.at(-Math.floor(pieces.length / 8)) ?? 0, 1);
    const lost = await commanded(
      'apply',
      SLUG,
      ...beside(cut.ssh.configFile ?? ''),
      '--state',
      node.state,
      '--yes',
    );
    expect(lost.note).toContain('the link to the node was lost');
    const isDone = lost.code === 0;
    expect(lost.note).toMatch(isDone ? /done/ : /rolledBack|nothing of the run was begun/);
    expect(JSON.stringify(node.snapshot()) === JSON.stringify(before)).toBe(!isDone);
    expect(faultyExecutor(node).unfinished?.()).toBe(0);
  });
}, ['openssh-server', 'openssh-client']);
