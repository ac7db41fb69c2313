import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The attacker in C, built into `folder`; where there is no compiler the slower one in Node, so that nothing is skipped. */
export function attackerIn(folder: string): {
  readonly command: readonly string[];
  readonly isNative: boolean;
} {
  const program = join(folder, 'attacker');
  spawnSync('cc', ['-O2', '-o', program, here('attacker.c')], { stdio: 'ignore' });
  return existsSync(program)
    ? { command: [program], isNative: true }
    : { command: [process.execPath, here('attacker.mjs')], isNative: false };
}

/** A process of the service's user that exchanges two names of its own as fast as it can. */
export class Swapper {
  private constructor(
    private readonly child: ChildProcess,
    private readonly said: { text: string },
  ) {}

  static async start(command: readonly string[], uid: number, a: string, b: string): Promise<Swapper> {
    const [program = '', ...args] = command;
    const child = spawn(program, [...args, String(uid), a, b], { cwd: '/' });
    const said = { text: '' };
    await new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => reject(new Error(`the attacker ended at once with ${code}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        said.text += chunk.toString('utf8');
        if (said.text.startsWith('ready')) resolve();
      });
    });
    child.removeAllListeners('exit');
    return new Swapper(child, said);
  }

  /** Both have their own names again. How often they were exchanged. */
  async end(): Promise<number> {
    const ended = new Promise((resolve) => this.child.once('close', resolve));
    this.child.kill('SIGTERM');
    await ended;
    return Number(this.said.text.split('\n')[1]);
  }
}
