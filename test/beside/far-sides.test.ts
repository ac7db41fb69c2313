import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS, readLimits } from '../../packages/agent/src/adapters/beside/limits.js';
import type { Verdict } from '../../packages/shared/src/model/verdict.js';
import { ROWS } from '../faults/remediation-rows.js';
import { laidNodes } from '../nodes/node.js';
import { describeReal } from '../real/parts.js';
import { changeSession, commanded, portsOf } from './changing.js';
import { expectSameRun, nameOf } from './far-sides/carried.js';
import { nodesWithFaults, SPOILED } from './far-sides/cases.js';
import { LaidFarSide } from './far-sides/lay.js';
import { checkedFrom, checkedThere } from './far-sides/live.js';
import { RHEL5_TOOLS } from './far-sides/rhel5.js';
import { FAR_SIDE_PARTS, FAR_SIDES } from './far-sides/sides.js';
import { SOLARIS10_TOOLS } from './far-sides/solaris10.js';
import { type Inspected, toldFrom, toldHere } from './far-sides/told.js';
import { type Tool, wrapperOf } from './far-sides/tool.js';

/** The rest in equality.test.ts. */
const SPOILED_HERE = ['with lists, links and files that others may write'];
const RUN_HERE = 'permissions-repair';

describe('a tool as it was', () => {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-tools-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  /** Refused, or what the program behind it would be called with. */
  function called(name: string, tool: Tool | undefined, argv: readonly string[]): string {
    if (!tool) throw new Error(`no tool is called ${name}`);
    const script = join(folder, name);
    const text = wrapperOf(name, { ...tool, says: 'echo "$*"' }, join(folder, 'log'));
    writeFileSync(script, text.replace(/^#!.*/, '#!/bin/sh'));
    chmodSync(script, 0o755);
    const { status, stdout, stderr } = spawnSync(script, argv, { encoding: 'utf8' });
    expect([0, 2]).toContain(status);
    return status === 0 ? stdout.trim() : stderr.trim();
  }

  test.each([
    [['-ldniq', './a', '-Z'], '-ldniq ./a -Z'],
    [['-ldU', 'a'], 'ls: illegal option -- U'],
    [['--color', 'a'], 'ls: illegal option -- -'],
    [['-l', '--', '-U'], '-l -- -U'],
  ])('ls %j on Solaris 10', (argv, said) => {
    expect(called('ls', SOLARIS10_TOOLS['ls'], argv)).toBe(said);
  });

  test.each([
    ['grep', ['-q', 'x'], 'grep: illegal option -- q'],
    ['id', ['-u'], 'id: illegal option -- u'],
    ['find', ['/a', '-maxdepth', '1'], 'find: illegal option -- m'],
    ['find', ['/a', '-mtime', '-1', '-print'], '/a -mtime -1 -print'],
    ['svcs', ['-H', '-o', 'state', 'name-service-cache'], '-H -o state name-service-cache'],
  ])('%s %j on Solaris 10', (name, argv, said) => {
    expect(called(name, SOLARIS10_TOOLS[name], argv)).toBe(said);
  });

  test.each([
    ['stat', ['-L', '-c', '%d:%i', '/etc/passwd'], '-L -c %d:%i /etc/passwd'],
    ['stat', ['--cached=never', 'a'], 'stat: illegal option -- --cached=never'],
    ['ls', ['a', '--zero'], 'ls: illegal option -- --zero'],
    ['ls', ['-l', '--time-style=full-iso', 'a'], '-l --time-style=full-iso a'],
    ['rpm', ['-qa', '--queryformat', '%{NAME}', 'msys*'], '-qa --queryformat %{NAME} msys*'],
    ['find', ['/a', '-newermt', 'x'], 'find: illegal option -- n'],
  ])('%s %j on RHEL 5', (name, argv, said) => {
    expect(called(name, RHEL5_TOOLS[name], argv)).toBe(said);
  });

  test('there is none of a later time', () => {
    const later = ['stat', 'readlink', 'mktemp', 'timeout', 'rpm', 'systemctl'];
    expect(later.filter((name) => name in SOLARIS10_TOOLS)).toEqual([]);
    expect(['timeout', 'base64', 'realpath', 'systemctl'].filter((name) => name in RHEL5_TOOLS)).toEqual([]);
  });
});

describeReal(
  'a node says the same whatever its tools are',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'castellan-sides-'));
    const newNode = laidNodes();
    const nodes: (Inspected & { readonly here: string })[] = [];
    beforeAll(async () => {
      const add = async (dir: string, momentum: string) =>
        nodes.push({ dir, momentum, here: await toldHere({ dir, momentum }) });
      for (const [name, spoil] of SPOILED) {
        if (!SPOILED_HERE.includes(name)) continue;
        const node = newNode();
        spoil(node);
        await add(node.dir, '3.6.6');
      }
      for (const one of nodesWithFaults(80)) {
        const dir = join(folder, `node-${nodes.length}`);
        await add(dir, one.lay(dir).momentum);
      }
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    describe.each(FAR_SIDES)('$name', (side) => {
      let laid: LaidFarSide;
      beforeAll(async () => {
        laid = await LaidFarSide.lay(side);
      });
      afterAll(() => laid.stop());

      test('trees are judged as on the node itself', async () => {
        expect(nodes.length).toBeGreaterThanOrEqual(SPOILED_HERE.length + 1);
        for (const node of nodes) expect(await toldFrom(laid, node)).toEqual(node.here);
        expect(laid.refused()).toEqual([]);
      });

      test('what its start-up files print is told apart, and what it cannot promise is said', async () => {
        const session = await laid.sshd.session(side.login.name);
        expect(session.noise).toBe(side.noise);
        expect(session.hello).toMatchObject({ euid: 0, mode: 'carried', ...side.hello });
        expect(await readLimits(session)).toEqual(side.limits.map((limit) => LIMITS[limit]));
        await session.close();
      });

      test('a program that an earlier session left is waited for, and a stranger with its number is let be', async () => {
        const session = await changeSession(laid.sshd, side.login.name);
        const node = newNode().dir;
        const { ports } = await portsOf(laid.sshd, session, side.login.name, {
          root: node,
          state: join(node, 'state'),
        });
        const bystander = spawn('sleep', ['1000'], { stdio: 'ignore', detached: true });
        const child = { pid: bystander.pid ?? 0, start: '', bootId: '', program: '/left' };
        try {
          // Where nobody tells when it began, it may be the one.
          expect(ports.exec.children?.isRunning(child)).toBe(side.perl === 'solaris');
          await ports.exec.children?.end(child);
          expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
        } finally {
          const ended = once(bystander, 'exit');
          bystander.kill('SIGKILL');
          await ended;
        }
        expect(ports.exec.children?.isRunning(child)).toBe(false);
        await session.close();
      });

      test('a run comes out as on the node itself, or is refused for what it cannot promise', async () => {
        const row = ROWS.find((one) => nameOf(one) === RUN_HERE);
        if (!row) throw new Error(`no remediation is called ${RUN_HERE}`);
        await expectSameRun(laid.sshd, side.login.name, row, side.refused[RUN_HERE]);
        expect(laid.refused()).toEqual([]);
      });
    });

    test.each(FAR_SIDES.filter(({ tools }) => typeof tools === 'object'))(
      'a whole node whose programs run: $name',
      async (side) => {
        const laid = await LaidFarSide.lay(side, newNode().dir);
        try {
          expect(await checkedFrom(laid)).toEqual(await checkedThere(laid));
          expect(laid.refused()).toEqual([]);
        } finally {
          laid.stop();
        }
      },
    );

    test('an access list that no tool reads is never passed, and doctor says what the platform tells', async () => {
      const solaris = FAR_SIDES.find(({ perl }) => perl === 'solaris');
      const { getfacl } = SOLARIS10_TOOLS;
      if (!solaris || !getfacl) throw new Error('there is no such side');
      // As it ends on ZFS.
      const tools = { ...SOLARIS10_TOOLS, getfacl: { ...getfacl, says: 'exit 1' } };
      const laid = await LaidFarSide.lay({ ...solaris, tools });
      const node = newNode();
      node.acl('/opt/msys/etc/credentials.key', 'u:7999:r', 'm::r');
      node.acl('/opt/msys/ecelerity/etc/conf/default', 'g:50:rwx');
      try {
        const inspected = { dir: node.dir, momentum: '3.6.6' };
        const [here, there] = [await toldHere(inspected), await toldFrom(laid, inspected)].map(statusesOf);
        const failing = [...(here ?? [])].filter(([, status]) => status === 'fail').map(([what]) => what);
        expect(failing).toContain('MOM-CRED-004 credential store access');
        expect(failing.map((what) => there?.get(what))).toEqual(failing.map(() => 'indeterminate'));
        const { sshd } = laid;
        const host = ['--host', `${solaris.login.name}@mta1`, '--root', node.dir];
        const ssh = ['--ssh-config', sshd.config, '--known-hosts', sshd.knownHosts];
        const { out } = await commanded('doctor', ...host, ...ssh);
        for (const told of [
          '5.8.4',
          'SunOS 5.10',
          'as getfacl of the node',
          'does not tell it',
          'by name only',
        ])
          expect(out).toContain(told);
      } finally {
        laid.stop();
      }
    });
  },
  FAR_SIDE_PARTS,
);

function statusesOf(told: string): Map<string, string> {
  const { verdicts }: { readonly verdicts: readonly Verdict[] } = JSON.parse(told);
  return new Map(verdicts.map(({ control, subject, status }) => [`${control} ${subject}`, status]));
}
