import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FarSession } from '../../packages/agent/src/adapters/beside/far-session.js';
import { openShSession } from '../../packages/agent/src/adapters/beside/sh-session.js';
import { parseTarget } from '../../packages/agent/src/adapters/beside/target.js';
import { nodePorts } from '../../packages/agent/src/adapters/node-ports.js';
import type { ScanPorts } from '../../packages/agent/src/app/ports.js';
import { scanOnce } from '../../packages/agent/src/app/scan-once.js';
import { openLooking } from '../../packages/agent/src/cli/beside.js';
import { laidNodes } from '../nodes/node.js';
import { describeReal } from '../real/parts.js';
import { commanded } from './changing.js';
import { SPOILED } from './far-sides/cases.js';
import { Sshd } from './sshd.js';

const LOGIN = 'far-root';
const LOGINS = [{ name: LOGIN, shell: '/bin/sh', uid: 0 }];

/** The one with the most in it, unless all is asked for: a look by sh takes a quarter of a minute. */
const SPOILED_HERE = process.env['CASTELLAN_BESIDE'] === 'all' ? SPOILED : SPOILED.slice(-1);

/** The far sides: their tools, and what of this host they hide. */
const FARS: readonly (readonly [string, (folder: string) => readonly (readonly [string, string])[]])[] = [
  ['dash and GNU tools', () => [['/dev/null', '/usr/bin/perl']]],
  [
    'busybox alone',
    (folder) => {
      const tools = join(folder, 'busybox');
      mkdirSync(tools, { mode: 0o755 });
      cpSync('/usr/bin/busybox', join(tools, 'busybox'));
      for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n'))
        if (applet !== 'busybox') symlinkSync('busybox', join(tools, applet));
      return [[tools, '/usr/bin']];
    },
  ],
];

describeReal('a node without Perl is looked at by sh', () => {
  const newNode = laidNodes();
  describe.each(FARS)('%s', (name, bindsIn) => {
    let sshd: Sshd;
    let folder = '';
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'castellan-sh-'));
      sshd = await new Sshd().start(LOGINS, '', bindsIn(folder));
    });
    afterAll(() => {
      sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    function session(): Promise<FarSession> {
      return openLooking({
        target: parseTarget(`${LOGIN}@127.0.0.1`),
        ssh: sshd.ssh,
        signal: new AbortController().signal,
      });
    }

    test.each(SPOILED_HERE)('a node %s gets no verdict that it does not have', async (_, spoil) => {
      const node = newNode();
      spoil(node);
      const here = await verdictsOf(nodePorts(node.dir, { live: false, probe: false }));
      const far = await session();
      expect(far.blind?.length).toBeGreaterThan(0);
      const there = await verdictsOf(await sshd.ports(far, LOGIN, node.dir));
      await far.close();
      const other = [...here].flatMap(([key, verdict]) =>
        there.get(key) === verdict ? [] : [`${key}: ${verdict} ${there.get(key)}`],
      );
      expect([...there.keys()].sort()).toEqual([...here.keys()].sort());
      if (name === 'busybox alone')
        expect(other.filter((line) => !line.endsWith(' indeterminate'))).toEqual([]);
      else expect(other).toEqual([]);
    });

    test('any name, a FIFO and a file that grows are told as they are', async () => {
      const tree = join(folder, 'tree');
      mkdirSync(join(tree, 'sub'), { recursive: true });
      const names = [
        'a\nb',
        '-rf',
        '$(touch made)',
        '`id`',
        '"q\'',
        'x\n81a4 0 0 1 1 1 1 1 1 .',
        '!ENOENT',
        'z 1',
        '*',
        '\\0101',
      ];
      for (const name of names) writeFileSync(join(tree, 'sub', name), name);
      writeFileSync(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff])]), 'x');
      execFileSync('mkfifo', [join(tree, 'fifo')]);
      writeFileSync(join(tree, 'grows'), 'x');
      const grower = spawn('sh', ['-c', `while echo x; do :; done >> ${tree}/grows`]);
      const far = await session();
      const asked = (path: string, wants: string) => far.request('L', [path, '1', wants, '100000'], 1000);
      const codes: string[] = [];
      for (const name of names) {
        const answer = await asked(`${tree}/sub/${name}`, 'r');
        if (answer.kind !== 'answered') throw new Error(answer.code);
        codes.push(String(answer.parts[8]));
      }
      expect(codes).toEqual(names);
      const fifo = await asked(`${tree}/fifo`, 'r');
      expect(fifo.kind === 'answered' && String(fifo.parts[7])).toBe('ENOTFILE');
      const grows = await asked(`${tree}/grows`, 'r');
      grower.kill('SIGKILL');
      const told = grows.kind === 'answered' ? [String(grows.parts[0]), String(grows.parts[7])] : [];
      expect(['ESTALE', 'ok EFBIG']).toContain(told.join(' ').trim());
      const listed = await asked(`${tree}/sub`, 'n');
      expect(listed.kind === 'answered' && String(listed.parts[10]).split('\0').sort()).toEqual(
        [...names].sort(),
      );
      const walked = await far.request('W', [tree, '1000', '10'], 1000);
      if (walked.kind !== 'answered') throw new Error(walked.code);
      const seen = walked.parts.filter((_, index) => index % 3 === 1).map((path) => path.toString('latin1'));
      expect(seen.sort()).toEqual(
        ['/fifo', '/grows', '/sub', '/\xff', ...names.map((name) => `/sub/${name}`)].sort(),
      );
      expect(await far.request('E', ['/bin/sh', '1000', '100', '', '0', '-c', 'id'], 1000)).toMatchObject({
        end: [Buffer.from('forbidden'), expect.anything(), expect.anything(), expect.anything()],
      });
      await far.close();
    });

    // What they say is the same on both.
    if (name !== FARS[0]?.[0]) return;
    test('doctor says how it is looked at, and apply is refused', async () => {
      const ssh = ['--host', `${LOGIN}@mta1`, '--ssh-config', sshd.config, '--known-hosts', sshd.knownHosts];
      const doctor = (await commanded('doctor', ...ssh, '--root', newNode().dir)).out;
      expect(doctor).toContain('no Perl: looked at by sh');
      expect(doctor).toContain('cannot see');
      expect(await commanded('apply', 'permissions-repair', '--yes', ...ssh)).toMatchObject({
        note: expect.stringContaining('there is no Perl that may be used'),
      });
    });
  });
}, ['openssh-server', 'openssh-client', 'acl', 'busybox']);

async function verdictsOf(ports: ScanPorts): Promise<ReadonlyMap<string, string>> {
  const { report } = await scanOnce({
    ports,
    settings: { nodeName: null, assumeMomentum: '3.6.6', probe: false, live: false },
    signal: new AbortController().signal,
  });
  return new Map(report.verdicts.map((one) => [JSON.stringify([one.control, one.subject]), one.status]));
}

describe('a false sh is believed nothing', () => {
  test.each([
    [
      'a line of another kind',
      'printf "UPPER \\001\\n"; echo z 0',
      'a line that the far side does not write',
    ],
    ['another order', 'echo z 9', 'an answer to 9, which nobody asked'],
    ['a line without an end', 'head -c 200000 /dev/zero | tr "\\0" x', 'a line without an end'],
    ['another hello', 'echo h 2 1 0 0 0; echo z 0', 'what answered is not the sh program'],
  ])('%s', async (_, says, why) => {
    const folder = mkdtempSync(join(tmpdir(), 'castellan-false-sh-'));
    const ssh = join(folder, 'ssh');
    writeFileSync(ssh, `#!/bin/sh\nread -r M N\necho "$M"\n${says}\ncat >/dev/null\n`, { mode: 0o755 });
    const opened = openShSession({
      target: parseTarget('root@mta1'),
      ssh: { configFile: null, knownHostsFile: '/dev/null' },
      marker: '0123456789abcdef'.repeat(2),
      signal: new AbortController().signal,
      sshProgram: ssh,
    });
    await expect(opened).rejects.toMatchObject({
      code: 'CAS_BESIDE_PROTOCOL',
      detail: expect.stringContaining(why),
    });
    rmSync(folder, { recursive: true, force: true });
  });
});
