// Debian's own sshd on loopback with keys of its own, for what is measured from beside; and a link to it that is slow.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { freePorts } from '../../test/standin/dist/lay/free-ports.js';

/** Root logs in by a key in `folder`. `options` are what ssh is to be told, as `check` takes them. */
export async function startSshd(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  chmodSync(folder, 0o755);
  mkdirSync('/run/sshd', { recursive: true });
  const [port] = await freePorts(1);
  for (const name of ['host', 'key'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)]);
  const hostKey = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(
    join(folder, 'sshd_config'),
    `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${folder}/host\nPidFile none\nUsePAM no\nStrictModes no\n` +
      `PermitRootLogin yes\nMaxStartups 1000\nAuthorizedKeysFile ${folder}/key.pub\n`,
  );
  const child = spawn(
    '/usr/sbin/sshd',
    ['-D', '-f', join(folder, 'sshd_config'), '-E', join(folder, 'log')],
    {
      stdio: 'ignore',
    },
  );
  await listens(port);
  return {
    pid: child.pid,
    port,
    /** How ssh reaches it at `at`, which is its own port or another that leads there. */
    files(at = port) {
      const [config, knownHosts] = [join(folder, `ssh_config_${at}`), join(folder, `known_hosts_${at}`)];
      writeFileSync(knownHosts, `[127.0.0.1]:${at} ${hostKey}\n`);
      writeFileSync(
        config,
        `Host *\n  HostName 127.0.0.1\n  Port ${at}\n  User root\n  IdentityFile ${folder}/key\n  IdentitiesOnly yes\n`,
      );
      return { config, knownHosts };
    },
    stop: () => child.kill('SIGTERM'),
  };
}

/** Passes everything on to a port of this host, each way `ms` later. */
export function startDelay(port, ms) {
  const later = (from, to) => {
    from.on('data', (chunk) => setTimeout(() => to.writable && to.write(chunk), ms));
    from.on('close', () => setTimeout(() => to.destroy(), ms));
    from.on('error', () => to.destroy());
  };
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) socket.setNoDelay(true);
    later(near, far);
    later(far, near);
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port, stop: () => server.close() })),
  );
}

async function listens(port) {
  for (const until = performance.now() + 30_000; performance.now() < until; ) {
    const isOpen = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', () => resolve(false)).once('connect', () => resolve(true));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('sshd does not listen');
}
