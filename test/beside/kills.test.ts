import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describeReal } from '../real/parts.js';

const COMMAND = fileURLToPath(new URL('../../tools/kills/main.mjs', import.meta.url));
const ROW = 'dkim-key-permissions';
const WAYS = ['up', 'down', 'near', 'ssh', 'node'];
/** More than there are points: one of each way. */
const EVERY = '1000000';

describeReal('a run from beside that is broken off anywhere leaves the node as before or as after', () => {
  test('one point of each way, and nobody lied', { timeout: 900_000 }, async () => {
    const argv = [COMMAND, '--beside', '--only', ROW, '--every', EVERY];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    const told = { out: '', note: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      told.out += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      told.note += chunk.toString('utf8');
    });
    const [code] = await once(child, 'close');
    expect([code, told.note]).toEqual([0, expect.not.stringContaining('LIE')]);
    const cells = (name: string) =>
      told.out
        .split('\n')
        .find((line) => line.startsWith(name.padEnd(28)))
        ?.slice(28)
        .trim()
        .split(/ +/) ?? [];
    const counts = Object.fromEntries(cells('').map((name, at) => [name, Number(cells(ROW)[at])]));
    expect(counts).toMatchObject({ ...Object.fromEntries(WAYS.map((way) => [way, 1])), lies: 0 });
    const { notBegun = 0, rolledBack = 0, done = 0 } = counts;
    // And the run that nobody broke off.
    expect(notBegun + rolledBack + done).toBe(WAYS.length + 1);
  });
}, [
  'apache2',
  'libapache2-mod-svn',
  'subversion',
  'postfix',
  'postgresql',
  'openssl',
  'openssh-server',
  'openssh-client',
  'acl',
]);
