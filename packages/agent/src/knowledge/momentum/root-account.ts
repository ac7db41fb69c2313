import type { FileReader } from '../../ports/files.js';
import { parsePasswd } from '../permissions/passwd.js';

export interface RootAccount {
  /** Empty: root lives in `/`. */
  readonly home: string;
  readonly shell: string;
}

/** Root's home and shell, by the node's own passwd. */
export function rootAccount(files: FileReader): RootAccount {
  const passwd = files.read('/etc/passwd', { bytesMax: 4 * 1024 * 1024 });
  const root = passwd.ok
    ? parsePasswd(passwd.value.toString('latin1')).find((account) => account.uid === 0)
    : undefined;
  // Solaris: root lives in `/`, and its files are /.profile and so on.
  const home = root?.home === '/' ? '' : root?.home;
  return { home: home ?? '/root', shell: root?.shell ?? '/bin/bash' };
}
