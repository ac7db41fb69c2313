import type { InstallFact } from '../../facts/install.js';
import type { FileReader } from '../../ports/files.js';

function firstLine(files: FileReader, path: string): string | null {
  const content = files.read(path, { bytesMax: 64 * 1024 });
  if (!content.ok) return null;
  const line = content.value
    .toString('utf8')
    .split('\n')
    .map((l) => l.trim())
    .find((l) => l !== '' && !l.startsWith('#'));
  return line ?? null;
}

/** Host names are what DNS allows, at most; a file that holds anything else names nobody. */
function asHostName(text: string | null): string | null {
  return text !== null && /^[A-Za-z0-9]([A-Za-z0-9._-]{0,252})$/.test(text) ? text : null;
}

/**
 * Of the tree, not of the host that the agent happens to run on: Debian's and RHEL 7's file, then that of SUSE before 12,
 * then Solaris', then RHEL 6's.
 */
export function nodeNameOf(files: FileReader): string {
  const network = files.read('/etc/sysconfig/network', { bytesMax: 64 * 1024 });
  const rhel6 = network.ok ? /^\s*HOSTNAME=["']?([^"'\s]+)/m.exec(network.value.toString('utf8'))?.[1] : null;
  return (
    asHostName(firstLine(files, '/etc/hostname')) ??
    asHostName(firstLine(files, '/etc/HOSTNAME')) ??
    asHostName(firstLine(files, '/etc/nodename')) ??
    asHostName(rhel6 ?? null) ??
    asHostName(firstLine(files, '/proc/sys/kernel/hostname')) ??
    'unnamed'
  );
}

/** os-release(5); before it there were redhat-release, SuSE-release and, on Solaris, /etc/release. */
export function osOf(files: FileReader): InstallFact['os'] {
  const osRelease = files.read('/etc/os-release', { bytesMax: 64 * 1024 });
  if (osRelease.ok) {
    const text = osRelease.value.toString('utf8');
    const value = (key: string) => new RegExp(`^${key}=(["']?)(.*)\\1\\s*$`, 'm').exec(text)?.[2];
    const pretty = value('PRETTY_NAME') ?? value('NAME') ?? 'Linux';
    return { family: /solaris|illumos/i.test(value('ID') ?? '') ? 'solaris' : 'linux', pretty };
  }
  const release = firstLine(files, '/etc/release');
  if (release && /solaris|sunos/i.test(release)) return { family: 'solaris', pretty: release };
  const linux = firstLine(files, '/etc/redhat-release') ?? firstLine(files, '/etc/SuSE-release');
  if (linux) return { family: 'linux', pretty: linux };
  return files.stat('/proc/sys/kernel').ok
    ? { family: 'linux', pretty: 'Linux' }
    : { family: 'unknown', pretty: release ?? 'unknown' };
}
