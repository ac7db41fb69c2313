import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LAID_PROGRAM } from '../../packages/agent/src/adapters/beside/first-line.js';
import { sshNet } from '../../packages/agent/src/adapters/beside/ssh-net.js';
import { parseTarget } from '../../packages/agent/src/adapters/beside/target.js';
import { ECUSER, laidNodes, type TestNode } from '../nodes/node.js';
import { describeReal } from '../real/parts.js';
import { NODE_FILE, type NodeSettings } from '../standin/dist/lay/options.js';
import { changeSession, commanded } from './changing.js';
import {
  allReport,
  approved,
  beginBeside,
  endOf,
  KEY,
  NAMES,
  nodeId,
  openOf,
  SLUG,
  seen,
  stopped,
} from './running.js';
import { Sshd } from './sshd.js';

/** As docs/beside.md says it, word for word. */
const SUDOERS = `castellan ALL=(root) NOPASSWD: ${LAID_PROGRAM} ""
Defaults:castellan !requiretty
changer ALL=(root) NOPASSWD: ${LAID_PROGRAM} change
Defaults:changer !requiretty
`;
const FILE = join(dirname(KEY), 'more.conf');
const UNREADABLE = 'MOM-PERM-003';

describeReal('a key to look, one to probe and one to change', () => {
  const newNode = laidNodes();
  const state = mkdtempSync(join(tmpdir(), 'castellan-far-state-'));
  const sshd = new Sshd();
  let etc = '';
  let node: TestNode;
  let config = '';
  let port = 0;
  let listener: Server;
  /** Whoever met the listener of the node. */
  let met = 0;

  beforeAll(async () => {
    node = newNode();
    const { ports }: NodeSettings = JSON.parse(node.read(NODE_FILE));
    port = ports.esmtp;
    listener = createServer((socket) => {
      met += 1;
      // Whoever asks for TLS, or for mail, is answered at once.
      socket.on('error', () => undefined).end('500 not now\r\n');
    }).listen(port, '127.0.0.1');
    etc = sshd.copyEtc();
    mkdirSync(join(etc, 'castellan'), { recursive: true });
    appendFileSync(join(etc, 'group'), `ecuser:x:${ECUSER.gid}:\n`);
    await sshd.start(
      [
        { name: 'castellan', shell: '/bin/sh', uid: 61_031 },
        { name: 'changer', shell: '/bin/sh', uid: 61_032 },
        { name: 'ecuser', shell: '/bin/false', uid: ECUSER.uid },
      ],
      SUDOERS,
      [
        [node.at('/opt'), '/opt'],
        [state, '/var/lib'],
      ],
    );
    const blocks = [
      sshd.addKey('castellan', 'mta1', `restrict,command="sudo -n ${LAID_PROGRAM}"`),
      sshd.addKey(
        'castellan',
        'mta1-probe',
        `restrict,port-forwarding,permitopen="127.0.0.1:${port}",command="/bin/false"`,
      ),
      sshd.addKey(
        'changer',
        'mta1-change',
        `restrict,from="127.0.0.1",command="sudo -n ${LAID_PROGRAM} change"`,
      ),
    ].map(({ block }) => block);
    config = join(sshd.folder, 'three');
    writeFileSync(config, blocks.join('\n'));
  });
  afterAll(() => {
    listener.close();
    sshd.stop();
    rmSync(state, { recursive: true, force: true });
  });

  test('the agent looks, probes and changes with each of its own; the key to look does nothing else', {
    timeout: 900_000,
  }, async () => {
    writeFileSync(node.at(FILE), '# nothing\n', { mode: 0o600 });
    const beside = await beginBeside(
      [node, node],
      [sshd, sshd],
      [[`allow: [${SLUG}]`, 'probeHost: mta1-probe', 'changeHost: mta1-change'], [`allow: [${SLUG}]`]],
      () => ['host: mta1', `sshConfig: ${config}`],
    );
    await allReport(beside);
    const [first, second] = [await nodeId(beside, NAMES[0]), await nodeId(beside, NAMES[1])];
    for (const name of NAMES)
      await seen(beside, `${name} has the finding`, async () =>
        (await openOf(beside, name)).includes(UNREADABLE),
      );
    await seen(beside, 'the listener is met', () => Promise.resolve(met > 0));

    const denied = await endOf(beside, await approved(beside, second, FILE));
    expect(denied).toMatchObject({ state: 'refused', error: 'CAS_BESIDE_DENIED' });
    expect(statSync(node.at(FILE)).uid).toBe(0);
    expect(existsSync(join(state, 'castellan/journal'))).toBe(false);

    const auditOnly = join(etc, 'castellan/audit-only');
    writeFileSync(auditOnly, '');
    const refused = await endOf(beside, await approved(beside, first, FILE));
    expect(refused).toMatchObject({ state: 'refused', error: 'CAS_AUDIT_ONLY' });
    expect(statSync(node.at(FILE)).uid).toBe(0);
    rmSync(auditOnly);

    const done = await endOf(beside, await approved(beside, first, FILE));
    expect(done, JSON.stringify(done)).toMatchObject({ state: 'done', error: null });
    expect(statSync(node.at(FILE)).uid).toBe(ECUSER.uid);
    await stopped(beside.agent);
    const log = readFileSync(join(sshd.folder, 'log'), 'utf8');
    expect(log).not.toContain('fatal');
  });

  test.each([
    ['mta1', 'look', { may: 'look', why: null, mode: 'laid', euid: 0 }],
    ['mta1', 'change', { may: 'look', why: 'key', mode: 'laid', euid: 0 }],
    ['mta1-change', 'change', { may: 'change', why: null, mode: 'laid', euid: 0 }],
  ] as const)('%s, asked to %s', async (alias, mode, said) => {
    const session = await changeSession(sshd, alias === 'mta1' ? 'castellan' : 'changer', {
      mode,
      ssh: { ...sshd.ssh, configFile: config },
      host: alias,
    });
    await session.close();
    expect(session.hello).toMatchObject(said);
  });

  test('the key to probe has no session, and the other two forward nothing', async () => {
    const ssh = { ...sshd.ssh, configFile: config };
    await expect(changeSession(sshd, 'castellan', { ssh, host: 'mta1-probe' })).rejects.toMatchObject({
      code: expect.stringMatching(/^CAS_BESIDE_/),
    });
    const ask = (alias: string, to: number) =>
      sshNet({ target: parseTarget(alias), ssh, forbidden: null, mayAct: () => undefined }).probeTls({
        host: '127.0.0.1',
        port: to,
        preamble: 'none',
        timeoutMs: 30_000,
      });
    const before = met;
    for (const [alias, to] of [
      ['mta1', port],
      ['mta1-change', port],
      ['mta1-probe', port + 1],
    ] as const)
      expect([alias, await ask(alias, to)]).toEqual([alias, expect.objectContaining({ kind: 'forbidden' })]);
    expect(met).toBe(before);
    expect(await ask('mta1-probe', port)).toMatchObject({ kind: 'no-tls' });
    expect(met).toBe(before + 1);
  });

  test('a login to probe that is none is refused before anybody is asked', async () => {
    const words = ['--ssh-config', config, '--known-hosts', sshd.knownHosts, '--probe-host', '-x'];
    expect(await commanded('check', '--host', 'mta1', ...words)).toMatchObject({
      note: expect.stringContaining('--probe-host "-x": a host does not begin with "-"'),
    });
  });
}, ['openssh-server', 'openssh-client', 'sudo']);
