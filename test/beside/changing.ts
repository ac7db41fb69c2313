import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChangePorts, changePorts } from '../../packages/agent/src/adapters/beside/change-ports.js';
import { readFarProgram } from '../../packages/agent/src/adapters/beside/far-program.js';
import { type FarSession, openSession } from '../../packages/agent/src/adapters/beside/far-session.js';
import type { SessionMode } from '../../packages/agent/src/adapters/beside/first-line.js';
import { waitedPipes } from '../../packages/agent/src/adapters/beside/pipes.js';
import type { SshOptions } from '../../packages/agent/src/adapters/beside/ssh-command.js';
import { parseTarget } from '../../packages/agent/src/adapters/beside/target.js';
import type { Executor } from '../../packages/agent/src/app/command-dispatcher.js';
import { nodeExecutor } from '../../packages/agent/src/app/node-executor.js';
import { runProgram } from '../../packages/agent/src/cli/program.js';
import type { ExecRequest } from '../../packages/agent/src/ports/exec.js';
import { noNet } from '../../packages/agent/testing/no-net.js';
import type { DoubleNode } from '../faults/double-node.js';
import type { Sshd } from './sshd.js';

/** A way to the node by the cutting proxy: cut after so many bytes to the node (`up`) or from it (`down`), so many times. */
export function cutSsh(
  sshd: Sshd,
  direction: 'up' | 'down',
  after: number,
  times = Number.MAX_SAFE_INTEGER,
): { readonly ssh: SshOptions; pieces(): number[] } {
  const log = join(sshd.folder, `cut-${randomBytes(4).toString('hex')}`);
  const proxy = fileURLToPath(new URL('./cutting-proxy.mjs', import.meta.url));
  writeFileSync(
    `${log}.config`,
    `${readFileSync(sshd.config, 'utf8')}  ProxyCommand ${process.execPath} ${proxy} %p ${direction} ${after} ${log} ${times}\n`,
  );
  return {
    ssh: { ...sshd.ssh, configFile: `${log}.config` },
    pieces: () =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.startsWith(direction))
        .map((line) => Number(line.split(' ')[1])),
  };
}

/** A session as `plan` and `apply` open it. */
export function changeSession(
  sshd: Sshd,
  login: string,
  {
    mode = 'change',
    text = (same) => same,
    ssh = sshd.ssh,
    host = '127.0.0.1',
    signal = new AbortController().signal,
  }: {
    readonly mode?: SessionMode;
    readonly text?: (program: Buffer) => Buffer;
    readonly ssh?: SshOptions;
    readonly host?: string;
    readonly signal?: AbortSignal;
  } = {},
): Promise<FarSession> {
  return openSession({
    target: parseTarget(`${login}@${host}`),
    ssh,
    program: readFarProgram(text),
    marker: randomBytes(16).toString('hex'),
    signal,
    mode,
    pipes: waitedPipes(),
  });
}

export function portsOf(
  sshd: Sshd,
  session: FarSession,
  login: string,
  { root, state }: { readonly root: string; readonly state: string },
): Promise<ChangePorts> {
  const target = parseTarget(`${login}@127.0.0.1`);
  return changePorts({ session, target, ssh: sshd.ssh, root, probe: true, live: true, state });
}

/** The agent's own carrier, whose files, state and lock are the node's over the session; its Momentum is played. */
export function besideExecutor(node: DoubleNode, { ports, looks, store, lock }: ChangePorts): Executor {
  const played = {
    exec: { run: (request: ExecRequest) => Promise.resolve(node.run(request)) },
    net: noNet({ probeTls: () => Promise.resolve(node.probe()) }),
    processes: { under: () => null },
  };
  return nodeExecutor({
    ports: { ...ports, ...played },
    looks: { ...looks, ...played },
    store,
    lock,
    settings: { nodeName: null, assumeMomentum: null, probe: true, live: true },
    allow: null,
    isAuditOnly: () => false,
    signal: new AbortController().signal,
  });
}

/** A command line of the agent, in this process. */
export async function commanded(
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly note: string }> {
  const told = { out: '', note: '' };
  const code = await runProgram(
    argv,
    {
      out: (text) => {
        told.out += text;
      },
      note: (text) => {
        told.note += text;
      },
      colour: false,
      width: 100,
    },
    new AbortController().signal,
  );
  process.exitCode = 0;
  return { code, ...told };
}
