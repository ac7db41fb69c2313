import { expect, test } from 'vitest';
import { caseConfig } from '../../../testing/cases/config.js';
import type { FileProblem, FileReader, FileStat } from '../../ports/files.js';
import type { CollectContext } from '../../units/fact.js';
import collector from './collector.js';

const console_ = (path: string, inside = '') =>
  `Control_Listener {\n  Listen "${path}" {\n    ${inside}\n  }\n}\n`;

/** What is collected of a console at this path, and which paths were inspected for it. */
async function collect(text: string, there: Partial<FileStat> | FileProblem) {
  const seen: string[] = [];
  const files = {
    lstat(path: string) {
      seen.push(path);
      return typeof there === 'string'
        ? { ok: false, problem: there, detail: '' }
        : { ok: true, value: there as FileStat };
    },
  } as unknown as FileReader;
  const { sockets } = await collector.collect({
    files,
    facts: caseConfig(text),
  } as unknown as CollectContext<'momentumConfig'>);
  return { socket: sockets[0], seen };
}

test.each<[string, Partial<FileStat> | FileProblem, string, number | null]>([
  ['/tmp/2025', { kind: 'socket', mode: 0o660 }, 'socket', 0o660],
  ['/var/run/ec.sock', { kind: 'socket', mode: 0o666 }, 'socket', 0o666],
  ['/opt/msys/ecelerity/console', { kind: 'socket', mode: 0o600 }, 'socket', 0o600],
  ['/tmp/2025', { kind: 'symlink', mode: 0o777 }, 'other', null],
  ['/tmp/2025', { kind: 'file', mode: 0o644 }, 'other', null],
  ['/tmp/2025', 'missing', 'missing', null],
  ['/tmp/2025', 'denied', 'denied', null],
])('%s, where there is %o: %s', async (path, there, state, mode) => {
  const { socket, seen } = await collect(console_(path), there);
  expect(socket).toMatchObject({ path, state, mode, fileMode: { text: '0660', unclear: null } });
  expect(seen).toEqual([path]);
});

test.each(['/etc/shadow', '/home/somebody/socket', '/tmp/../root/socket', '/tmpfile'])(
  '%s is not inspected',
  async (path) => {
    const { socket, seen } = await collect(console_(path), { kind: 'socket', mode: 0o666 });
    expect(socket).toMatchObject({ state: 'elsewhere', mode: null });
    expect(seen).toEqual([]);
  },
);

test('File_Mode comes with its line, and with the file that may hold another', async () => {
  const { socket } = await collect(console_('/tmp/2025', 'File_Mode = 0666'), 'missing');
  expect(socket?.fileMode).toMatchObject({ text: '0666', at: { line: 3 }, unclear: null });
  const unread = await collect(console_('/tmp/2025', 'include "/etc/unreadable.conf"'), 'missing');
  expect(unread.socket?.fileMode.unclear).toContain('/etc/unreadable.conf');
});

test('ports, and a console that is switched off, have no socket', async () => {
  expect((await collect(console_('127.0.0.1:2025'), 'missing')).socket).toBeUndefined();
  expect((await collect(console_('/tmp/2025', 'Enable = false'), 'missing')).socket).toBeUndefined();
});
