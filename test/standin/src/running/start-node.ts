import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** In the order in which a node comes up. */
const SERVICES = ['msyspg', 'ecconfigd', 'ecelerity', 'ecwebconsole'] as const;

/** Starts every service of a laid node by its own init script. Throws with what the first that failed said. */
export async function startNode(root: string): Promise<void> {
  for (const service of SERVICES) {
    const { code, output } = await runIn(root, `/etc/init.d/${service}`, ['start']);
    if (code !== 0) throw new Error(`${service} of ${root} did not start: ${output.trim()}`);
  }
}

/** Stops what runs. Never throws: it is called on the way out. */
export async function stopNode(root: string): Promise<void> {
  for (const service of [...SERVICES].reverse()) await runIn(root, `/etc/init.d/${service}`, ['stop']);
}

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a program of the tree. `output` is what it said on both streams. */
export function runIn(root: string, program: string, args: readonly string[], stdin = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(join(root, program), [...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 128, output }));
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdin.end(stdin);
  });
}
