import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodePorts } from '../../packages/agent/src/adapters/node-ports.js';
import type { ScanPorts } from '../../packages/agent/src/app/ports.js';
import { scanOnce } from '../../packages/agent/src/app/scan-once.js';
import { placeCanaries } from '../nodes/canary-places.js';
import { CONFIG_FAULTS } from '../nodes/generated/faults-config.js';
import { FILE_FAULTS } from '../nodes/generated/faults-files.js';
import { type GeneratedNode, generate, LAYOUTS, systemsOf } from '../nodes/generated/generate.js';
import { Random } from '../nodes/generated/random.js';
import { ECELERITY_CONF, ECUSER, laidNodes, type TestNode } from '../nodes/node.js';
import { describeReal } from '../real/parts.js';
import { commanded } from './changing.js';
import { Sshd } from './sshd.js';

/** `npm run test:beside`: every planted fault, and every layout on every system. */
const IS_ALL = process.env['CASTELLAN_BESIDE'] === 'all';
const LOGIN = 'far-root';

const SPOILED: readonly (readonly [string, (node: TestNode) => unknown])[] = [
  ['in order', () => undefined],
  ['with a secret in every place that can hold one', placeCanaries],
  ['whose main file is gone', (node) => node.remove(ECELERITY_CONF)],
  [
    'with lists, links and files that others may write',
    (node) =>
      node
        .acl('/opt/msys/etc/credentials.key', 'u:7999:r', 'm::r')
        .acl('/opt/msys/ecelerity/etc/conf/default', 'g:50:rwx')
        .give(ECELERITY_CONF, { uid: ECUSER.uid, mode: 0o666 })
        .link('/opt/msys/ecelerity/etc/conf/default/loop', 'loop')
        .link('/opt/msys/ecelerity/etc/conf/default/away', '/etc/nothing')
        .write('/opt/msys/ecelerity/etc/conf/default/a\nb.conf', 'x', { mode: 0o600 }),
  ],
];
const LAYING = IS_ALL
  ? LAYOUTS.flatMap((layout) => systemsOf(layout).map((system) => [layout, system] as const))
  : LAYOUTS.map((layout) => [layout, systemsOf(layout)[0]] as const);
const FAULTS = [...CONFIG_FAULTS, ...FILE_FAULTS].filter((_, index) => IS_ALL || index % 12 === 0);

describeReal('a node says the same from beside', () => {
  let sshd: Sshd;
  let folder = '';
  let count = 0;
  beforeAll(async () => {
    sshd = await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]);
    folder = mkdtempSync(join(tmpdir(), 'castellan-equal-'));
  });
  afterAll(() => {
    sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const newNode = laidNodes();

  async function expectSame(dir: string, momentum: string | null): Promise<void> {
    const here = await reportOf(nodePorts(dir, { live: false, probe: false }), momentum);
    const session = await sshd.session(LOGIN);
    const there = await reportOf(await sshd.ports(session, LOGIN, dir), momentum);
    await session.close();
    expect(there).toEqual(here);
    expect(here.length).toBeGreaterThan(1000);
  }

  function lay(node: GeneratedNode): string {
    count += 1;
    const dir = join(folder, `node-${count}`);
    mkdirSync(dir, { mode: 0o755 });
    node.draft.lay(dir);
    return dir;
  }

  test.each(SPOILED)('%s', async (_, spoil) => {
    const node = newNode();
    spoil(node);
    await expectSame(node.dir, '3.6.6');
  });

  test.each(LAYING)('%s on %s', async (layout, system) => {
    if (system === undefined) throw new Error('a layout without a system');
    const node = generate(layout, system, 7);
    await expectSame(lay(node), node.momentum);
  });

  test.each(FAULTS.map((fault, index) => ({ name: fault.name, fault, index })))(
    '$name',
    async ({ fault, index }) => {
      const random = new Random(index);
      const layout = random.pick(fault.layouts);
      const systems = systemsOf(layout).filter((name) => fault.systems?.includes(name) ?? true);
      const node = generate(layout, random.pick(systems), index);
      fault.plant(node);
      await expectSame(lay(node), node.momentum);
    },
  );

  test('and the command says from where it was inspected', async () => {
    const { dir } = newNode();
    const tree = ['--root', dir, '--assume-momentum', '3.6.6', '--format'];
    const ssh = ['--host', `${LOGIN}@mta1`, '--ssh-config', sshd.config, '--known-hosts', sshd.knownHosts];
    const report = JSON.parse((await commanded('check', ...ssh, ...tree, 'json')).out);
    const own = JSON.parse((await commanded('check', ...tree, 'json')).out);
    expect(report.node).toEqual({ ...own.node, beside: { through: `${LOGIN}@mta1` } });
    expect(report.verdicts).toEqual(own.verdicts);
    expect((await commanded('check', ...ssh, ...tree, 'table')).out).toContain(
      `inspected from beside through ${LOGIN}@mta1`,
    );
    const doctor = (await commanded('doctor', ...ssh, '--root', dir)).out;
    for (const told of [
      sshd.knownHosts,
      '/usr/bin/perl',
      'LOGIN ALL=(root) NOPASSWD: /usr/local/libexec/castellan-far ""',
    ])
      expect(doctor).toContain(told);
  });

  test.each([
    [['--host', '-oProxyCommand=touch'], 'a host does not begin with "-"'],
    [['--host', 'a b'], 'a host is a name or an address'],
    [['--host', '-l@mta1'], "not a user's name"],
    [['--host', 'mta1', '--root', 'tree'], 'an absolute path of the node'],
    [['--host', 'mta1', '--known-hosts', '/nowhere'], '/nowhere: there is no such file'],
    [['--host', 'mta1', '--live'], '--live is for a tree of this host'],
  ])('%s is refused', async (argv, why) => {
    expect(await commanded('check', ...argv)).toMatchObject({ code: 2, note: expect.stringContaining(why) });
  });
}, ['openssh-server', 'openssh-client', 'acl']);

/** As `check --format json`, less its instant. */
async function reportOf(ports: ScanPorts, momentum: string | null): Promise<string> {
  const { report } = await scanOnce({
    ports,
    settings: { nodeName: null, assumeMomentum: momentum, probe: false, live: false },
    signal: new AbortController().signal,
  });
  return JSON.stringify({ ...report, observedAt: '' }, null, 1);
}
