import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningSshd, startSshd } from '../running/real/sshd.js';
import { RunningProgram } from './programs.js';

/** Seconds between two questions for what changed on a node. */
export const BESIDE_INTERVAL_S = 2;

export interface Beside {
  readonly program: RunningProgram;
  readonly sshd: RunningSshd;
}

export interface BesideOrder {
  /** Holds the sshd's files, the settings, the log and the state folders. */
  readonly folder: string;
  readonly nodes: readonly { readonly name: string; readonly dir: string }[];
  readonly agentsUrl: string;
  readonly token: string;
  readonly logLevel: string;
}

/** One agent that looks after the trees of nodes over a real sshd, enrolled with a token. */
export async function startBeside(order: BesideOrder): Promise<Beside> {
  const { folder, nodes, agentsUrl, token, logLevel } = order;
  mkdirSync(folder, { mode: 0o755 });
  const sshd = await startSshd(join(folder, 'sshd'));
  const { config, knownHosts } = sshd.files();
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const settings = {
    version: 1,
    state: join(folder, 'state'),
    server: agentsUrl,
    tokenFile,
    sshConfig: config,
    knownHosts,
    interval: BESIDE_INTERVAL_S,
    assumeMomentum: '3.6.6',
    log: { level: logLevel },
    nodes: nodes.map(({ name, dir }) => ({ name, host: name, root: dir })),
  };
  // YAML, as every JSON is.
  writeFileSync(join(folder, 'nodes.yaml'), JSON.stringify(settings, null, 2));
  const argv = ['run', '--beside', join(folder, 'nodes.yaml')];
  return { sshd, program: RunningProgram.start('agent', argv, join(folder, 'agent.log')) };
}
