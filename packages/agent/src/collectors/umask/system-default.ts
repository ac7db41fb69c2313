import type { UmaskFact } from '../../facts/umask.js';
import type { FileReader } from '../../ports/files.js';

type SystemDefault = UmaskFact['systemDefault'];

/** What the kernel's first process has, and everything after it, where nothing says otherwise. */
const KERNEL: SystemDefault = { umask: 0o022, from: 'the system (nothing sets another)' };

function text(files: FileReader, path: string): string | null {
  const content = files.read(path, { bytesMax: 1024 * 1024 });
  return content.ok ? content.value.toString('latin1') : null;
}

/**
 * The umask that a shell of root begins with: pam_umask's, login.defs' (which pam_umask and an old login read, and
 * which counts for nothing where PAM is there without pam_umask), or Solaris' /etc/default/login.
 */
export function systemDefault(files: FileReader): SystemDefault {
  const pam = pamUmask(files);
  if (pam.umask) return pam.umask;
  const isReadByLogin = pam.module || !pam.folder;
  return (
    (isReadByLogin ? setting(files, '/etc/login.defs', /^\s*UMASK\s+([0-7]{1,4})\b/m) : null) ??
    setting(files, '/etc/default/login', /^\s*UMASK=([0-7]{1,4})\b/m) ??
    KERNEL
  );
}

function setting(files: FileReader, path: string, pattern: RegExp): SystemDefault | null {
  const value = pattern.exec(text(files, path) ?? '')?.[1];
  return value === undefined ? null : { umask: Number.parseInt(value, 8) & 0o777, from: path };
}

function pamUmask(files: FileReader): { umask: SystemDefault | null; module: boolean; folder: boolean } {
  const names = files.list('/etc/pam.d');
  if (!names.ok) return { umask: null, module: false, folder: false };
  let isThere = false;
  for (const name of names.value) {
    const line = /^\s*-?session\s[^#\n]*pam_umask\.so([^#\n]*)/m.exec(
      text(files, `/etc/pam.d/${name}`) ?? '',
    );
    if (!line) continue;
    isThere = true;
    const value = /\bumask=([0-7]{1,4})\b/.exec(line[1] ?? '')?.[1];
    if (value !== undefined) {
      return {
        umask: { umask: Number.parseInt(value, 8) & 0o777, from: `/etc/pam.d/${name}` },
        module: true,
        folder: true,
      };
    }
  }
  return { umask: null, module: isThere, folder: true };
}
