import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OTHER_ROWS, ROWS } from '../faults/remediation-rows.js';
import { laidNodes } from '../nodes/node.js';
import { describeReal } from '../real/parts.js';
import { commanded } from './changing.js';
import { expectSameRun, nameOf } from './far-sides/carried.js';
import { nodesInOrder, nodesWithFaults, SPOILED } from './far-sides/cases.js';
import { LaidFarSide, laidSides } from './far-sides/lay.js';
import { checkedFrom, checkedThere } from './far-sides/live.js';
import { FAR_SIDE_PARTS, FAR_SIDES } from './far-sides/sides.js';
import { type Inspected, toldFrom, toldHere } from './far-sides/told.js';
import { Sshd } from './sshd.js';

/** `npm run test:beside`: every planted fault, every layout on every system, and every remediation. */
const IS_ALL = process.env['CASTELLAN_BESIDE'] === 'all';
const LOGIN = 'far-root';
const GENERATED = [...nodesInOrder(IS_ALL), ...nodesWithFaults(IS_ALL ? 1 : 12)];
const REMEDIATED = [...ROWS, ...(IS_ALL ? OTHER_ROWS : [])].map((row) => ({ row, name: nameOf(row) }));
/** `CASTELLAN_FAR_SIDE`: only the sides whose name has this in it. */
const SIDES = FAR_SIDES.filter(({ name }) => name.includes(process.env['CASTELLAN_FAR_SIDE'] ?? ''));

describeReal(
  'a node says the same from beside, whatever its tools are',
  () => {
    const sides = laidSides(SIDES);
    let folder = '';
    let count = 0;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'castellan-equal-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });
    const newNode = laidNodes();

    async function expectSame(node: Inspected): Promise<void> {
      const here = await toldHere(node);
      expect(here.length).toBeGreaterThan(1000);
      for (const laid of sides) expect(await toldFrom(laid, node), laid.side.name).toEqual(here);
    }

    test.each(SPOILED)('%s', async (_, spoil) => {
      const node = newNode();
      spoil(node);
      await expectSame({ dir: node.dir, momentum: '3.6.6' });
    });

    test.each(GENERATED)('$name', async ({ lay }) => {
      count += 1;
      const dir = join(folder, `node-${count}`);
      const { momentum } = lay(dir);
      await expectSame({ dir, momentum });
      rmSync(dir, { recursive: true });
    });

    describe.each(SIDES)('$name', (side) => {
      test.each(REMEDIATED)('$name', async ({ row, name }) => {
        const laid = sides.find((one) => one.side === side);
        if (!laid) throw new Error('it was not laid');
        await expectSameRun(laid.sshd, side.login.name, row, side.refused[name]);
      });

      test.each(SPOILED)('a whole node, %s', async (_, spoil) => {
        const node = newNode();
        spoil(node);
        const laid = await LaidFarSide.lay(side, node.dir);
        try {
          expect(await checkedFrom(laid)).toEqual(await checkedThere(laid));
          expect(laid.refused()).toEqual([]);
        } finally {
          laid.stop();
        }
      });
    });
  },
  FAR_SIDE_PARTS,
);

describeReal('and the command', () => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await new Sshd().start([{ name: LOGIN, shell: '/bin/sh', uid: 0 }]);
  });
  afterAll(() => sshd.stop());
  const newNode = laidNodes();

  test('says from where it was inspected', async () => {
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
