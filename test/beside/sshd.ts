import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BesidePorts, besidePorts } from '../../packages/agent/src/adapters/beside/beside-ports.js';
import { readFarProgram } from '../../packages/agent/src/adapters/beside/far-program.js';
import { type FarSession, openSession } from '../../packages/agent/src/adapters/beside/far-session.js';
import { LAID_PROGRAM } from '../../packages/agent/src/adapters/beside/first-line.js';
import type { SshOptions } from '../../packages/agent/src/adapters/beside/ssh-command.js';
import { parseTarget } from '../../packages/agent/src/adapters/beside/target.js';
import { freePorts } from '../standin/dist/lay/free-ports.js';
import { processesBelow } from '../standin/dist/running/processes-below.js';

export interface Login {
  readonly name: string;
  readonly shell: string;
  /** 0: root under another name. */
  readonly uid: number;
  /** Files of its home. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Lines of sh, in the namespace that it begins. */
export interface Mounts {
  /** Before its own files are put in place. */
  readonly first?: readonly string[];
  /** Right before it starts. */
  readonly last?: readonly string[];
  /** Whose users there are besides the logins; absent: those of this host. */
  readonly passwd?: string;
}

const STARTED_MS = 30_000;
const FAR = new URL('../../packages/agent/far/castellan-far', import.meta.url);

/**
 * Debian's own sshd on loopback, with keys of its own. It sees other users than this host: its /etc/passwd, its sudoers
 * and the folder of the installed far program are its alone (a mount namespace).
 */
export class Sshd {
  readonly folder = mkdtempSync(join(tmpdir(), 'castellan-sshd-'));
  readonly knownHosts = join(this.folder, 'known_hosts');
  readonly config = join(this.folder, 'ssh_config');
  port = 0;
  #child: ChildProcess | null = null;
  #binds: readonly (readonly [string, string])[] = [];
  #mounts: Mounts = {};
  #hasEtc = false;

  /** An /etc of its own, as this host's is now, in the folder that it gives. Before it is started. */
  copyEtc(): string {
    this.#hasEtc = true;
    const etc = join(this.folder, 'etc');
    execFileSync('cp', ['-a', '/etc', etc]);
    return etc;
  }

  get ssh(): SshOptions {
    return { configFile: this.config, knownHostsFile: this.knownHosts };
  }

  /** `binds`: folders of this host, and where its logins find them. */
  async start(
    logins: readonly Login[],
    sudoers = '',
    binds: readonly (readonly [string, string])[] = [],
    mounts: Mounts = {},
  ): Promise<this> {
    this.#binds = binds;
    this.#mounts = mounts;
    chmodSync(this.folder, 0o755);
    [this.port = 0] = await freePorts(1);
    for (const name of ['host', 'key'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(this.folder, name)]);
    const hostKey = readFileSync(join(this.folder, 'host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
    writeFileSync(this.knownHosts, `[127.0.0.1]:${this.port} ${hostKey}\n`);
    writeFileSync(
      this.config,
      `Host *\n  HostName 127.0.0.1\n  Port ${this.port}\n  IdentityFile ${this.folder}/key\n  IdentitiesOnly yes\n`,
    );
    writeFileSync(
      join(this.folder, 'passwd'),
      `${mounts.passwd ?? readFileSync('/etc/passwd', 'utf8')}${this.#accounts(logins)}`,
    );
    if (sudoers !== '')
      writeFileSync(join(this.folder, 'sudoers'), `root ALL=(ALL:ALL) ALL\n${sudoers}`, { mode: 0o440 });
    this.installFar();
    writeFileSync(
      join(this.folder, 'sshd_config'),
      `Port ${this.port}\nListenAddress 127.0.0.1\nHostKey ${this.folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n` +
        `PermitRootLogin yes\nMaxStartups 100\nAuthorizedKeysFile ${this.folder}/key.pub ${this.folder}/keys-%u\n`,
    );
    await this.listen();
    return this;
  }

  /** For the first time, or again after it was told not to. */
  async listen(): Promise<void> {
    mkdirSync('/run/sshd', { recursive: true });
    const { first = [], last = [] } = this.#mounts;
    const mounts = [
      ...first,
      ...(this.#hasEtc ? [`mount --bind ${this.folder}/etc /etc`] : []),
      `mount --bind ${this.folder}/passwd /etc/passwd`,
      `if test -e ${this.folder}/sudoers; then mount --bind ${this.folder}/sudoers /etc/sudoers; fi`,
      `mkdir -p ${this.folder}/local/libexec && cp -a ${this.folder}/castellan-far ${this.folder}/local/libexec/`,
      `mount --bind ${this.folder}/local /usr/local`,
      ...this.#binds.map(([from, to]) => `mount --bind ${from} ${to}`),
      ...last,
    ];
    const sshd = `exec /usr/sbin/sshd -D -f ${this.folder}/sshd_config -E ${this.folder}/log`;
    this.#child = spawn(
      'unshare',
      ['-m', '--propagation', 'private', '/bin/sh', '-ec', [...mounts, sshd].join('\n')],
      { stdio: 'ignore' },
    );
    await this.#listens();
  }

  /** Nobody can log in any more; who did stays. */
  async deafen(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  /** Everything of it is gone at once, the sessions too, without a word to anybody. */
  async losePower(): Promise<void> {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    for (let found = processesBelow(pid); found.length > 0; found = processesBelow(pid))
      for (const one of found) killed(one);
    const ended = once(this.#child ?? process, 'exit');
    killed(pid);
    await ended;
  }

  /** As an administrator does. */
  installFar(text: Buffer = readFileSync(FAR)): void {
    const to = join(this.folder, 'castellan-far');
    writeFileSync(to, text, { mode: 0o755 });
    chmodSync(to, 0o755);
    const installed = join(this.folder, LAID_PROGRAM.replace('/usr/', ''));
    if (existsSync(installed)) copyFileSync(to, installed);
  }

  /**
   * Another key, of this login alone; `options` stand before it in authorized_keys. `file`: an ssh_config that calls the node
   * `alias` and knows this key; `block`: its text.
   */
  addKey(login: string, alias: string, options: string): { readonly file: string; readonly block: string } {
    const file = join(this.folder, `${login}-${alias}`);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
    appendFileSync(join(this.folder, `keys-${login}`), `${options} ${readFileSync(`${file}.pub`, 'utf8')}`);
    const lines = [
      `Host ${alias}`,
      '  HostName 127.0.0.1',
      `  Port ${this.port}`,
      `  User ${login}`,
      `  IdentityFile ${file}`,
      '  IdentitiesOnly yes',
    ];
    writeFileSync(`${file}.config`, `${lines.join('\n')}\n`);
    return { file: `${file}.config`, block: `${lines.join('\n')}\n` };
  }

  async session(
    login: string,
    signal = new AbortController().signal,
    program = readFarProgram(),
  ): Promise<FarSession> {
    return openSession({
      target: parseTarget(`${login}@127.0.0.1`),
      ssh: this.ssh,
      program,
      marker: randomBytes(16).toString('hex'),
      signal,
    });
  }

  ports(session: FarSession, login: string, root = '/'): Promise<BesidePorts> {
    return besidePorts({
      session,
      target: parseTarget(`${login}@127.0.0.1`),
      ssh: this.ssh,
      root,
      probe: true,
    });
  }

  stop(): void {
    this.#child?.kill('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #accounts(logins: readonly Login[]): string {
    return logins
      .map(({ name, shell, uid, files = {} }) => {
        const home = join(this.folder, `home-${name}`);
        mkdirSync(home, { mode: 0o755 });
        for (const [file, text] of Object.entries(files)) writeFileSync(join(home, file), text);
        return `${name}:*:${uid}:${uid}::${home}:${shell}\n`;
      })
      .join('');
  }

  async #listens(): Promise<void> {
    for (const until = performance.now() + STARTED_MS; performance.now() < until; await delay(20)) {
      const isOpen = await new Promise<boolean>((resolve) => {
        const socket = connect(this.port, '127.0.0.1');
        socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
        socket.once('connect', () => socket.destroy());
      });
      if (isOpen) return;
    }
    throw new Error(
      `sshd does not listen: ${existsSync(join(this.folder, 'log')) ? readFileSync(join(this.folder, 'log'), 'utf8') : ''}`,
    );
  }
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
