import type { Account } from '../../knowledge/startup/sh-state.js';
import type { Exec } from '../../ports/exec.js';
import type { FileReader } from '../../ports/files.js';

/** A shell that has not answered by then waits for something. */
export const ANSWER_MS = 5000;
const OUTPUT_BYTES_MAX = 4096;
const STAT = '/usr/bin/stat';

interface Asking {
  readonly exec: Exec;
  readonly files: FileReader;
  readonly signal: AbortSignal;
}

/**
 * What real shells of root say: a login shell (interactive and not), and an interactive one that is none, of which the
 * worst counts. Null where one of them does not answer with a mask and nothing else: their files are then read.
 */
export async function askLoginShell(asking: Asking, root: Account): Promise<number | null> {
  if (!(await isOwnTree(asking))) return null;
  const home = root.home === '' ? '/' : root.home;
  const masks: number[] = [];
  for (const option of ['-lic', '-lc', '-ic']) {
    const result = await asking.exec.run({
      program: root.shell,
      argv: [option, 'umask'],
      // The environment is these and the language: nothing of the agent's own goes in.
      env: { HOME: home, SHELL: root.shell, USER: 'root', LOGNAME: 'root', PATH: '/usr/bin:/bin' },
      timeoutMs: ANSWER_MS,
      outputBytesMax: OUTPUT_BYTES_MAX,
      signal: asking.signal,
    });
    const text = result.kind === 'exited' && result.code === 0 ? result.stdout.trim() : '';
    if (!/^[0-7]{1,4}$/.test(text)) return null;
    masks.push(Number.parseInt(text, 8) & 0o777);
  }
  const bars = masks.find((mask) => (mask & 0o005) !== 0);
  const open = masks.find((mask) => (mask & 0o022) !== 0o022);
  return bars ?? open ?? masks[0] ?? null;
}

/** A program of a tree elsewhere (--root with --live) reads the files of the host, not those of the tree. */
async function isOwnTree({ exec, files, signal }: Asking): Promise<boolean> {
  const stat = files.stat('/etc/passwd');
  if (!stat.ok) return false;
  const argv = ['-L', '-c', '%d:%i', '/etc/passwd'];
  const seen = await exec.run({ program: STAT, argv, timeoutMs: ANSWER_MS, outputBytesMax: 200, signal });
  return seen.kind === 'exited' && seen.stdout.trim() === `${stat.value.dev}:${stat.value.ino}`;
}
