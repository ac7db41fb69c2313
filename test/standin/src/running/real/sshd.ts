import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../lay/free-ports.js';

export const SSHD = '/usr/sbin/sshd';
const STARTED_MS = 30_000;

export interface RunningSshd {
  readonly pid: number;
  readonly port: number;
  /** How ssh reaches it, whatever name it is given: at its port, or at another that leads there. */
  files(at?: number): { readonly config: string; readonly knownHosts: string };
  stop(): void;
}

/** This host's own sshd on loopback, at which the present user logs in by a key that `folder` holds. */
export async function startSshd(folder: string): Promise<RunningSshd> {
  if (!existsSync(SSHD)) throw new Error(`${SSHD} is not on this host`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const [port = 0] = await freePorts(1);
  for (const name of ['host', 'key'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const hostKey = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(
    join(folder, 'sshd_config'),
    `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n` +
      `PermitRootLogin yes\nMaxStartups 1000\nAuthorizedKeysFile ${folder}/key.pub\n`,
  );
  const child = spawn(SSHD, ['-D', '-f', join(folder, 'sshd_config'), '-E', join(folder, 'log')], {
    stdio: 'ignore',
  });
  await listens(child, port, join(folder, 'log'));
  return {
    pid: child.pid ?? 0,
    port,
    files(at = port) {
      const [config, knownHosts] = [join(folder, `ssh_config_${at}`), join(folder, `known_hosts_${at}`)];
      writeFileSync(knownHosts, `[127.0.0.1]:${at} ${hostKey}\n`);
      writeFileSync(
        config,
        `Host *\n  HostName 127.0.0.1\n  Port ${at}\n  User ${userInfo().username}\n  IdentityFile ${folder}/key\n  IdentitiesOnly yes\n`,
      );
      return { config, knownHosts };
    },
    stop: () => void child.kill('SIGTERM'),
  };
}

async function listens(child: ChildProcess, port: number, log: string): Promise<void> {
  for (const until = performance.now() + STARTED_MS; performance.now() < until; await sleep(20)) {
    if (child.exitCode !== null) break;
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
  }
  throw new Error(`sshd does not listen: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`);
}
