import type { UmaskFact, UmaskLine } from '../../facts/umask.js';
import { parsePasswd } from '../../knowledge/permissions/passwd.js';
import type { FileReader } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';
import { type RootAccount, type ShellUmask, shellsOfRoot } from './shells-of-root.js';
import { systemDefault } from './system-default.js';

/** Momentum's own daemons. The database's are left out: PostgreSQL sets 0077 for itself, and rightly. */
const DAEMONS = ['/opt/msys/ecelerity/sbin'];

export default defineCollector({
  name: 'umask',
  needs: [],
  title: 'The umask of a new shell of root, from its startup files, and of the running daemons',
  timeoutMs: 10_000,
  evidence: 'files-and-system',
  collect({ files, processes }): UmaskFact {
    const start = systemDefault(files);
    const shells = shellsOfRoot(files, rootAccount(files), start.umask);
    const telling = tellingOf(shells);
    return {
      lines: distinct(
        shells.flatMap((shell) => shell.lines),
        (line: UmaskLine) => `${line.file}:${line.line}:${line.text}`,
      ),
      decidedBy: telling.decidedBy,
      effective: telling.umask,
      systemDefault: start,
      unread: distinct(
        shells.flatMap((shell) => shell.unread),
        (one) => one.file,
      ),
      processes:
        processes.under(DAEMONS)?.map(({ pid, program, umask }) => ({ pid, program, umask })) ?? null,
    };
  },
});

function rootAccount(files: FileReader): RootAccount {
  const passwd = files.read('/etc/passwd', { bytesMax: 4 * 1024 * 1024 });
  const root = passwd.ok
    ? parsePasswd(passwd.value.toString('latin1')).find((account) => account.uid === 0)
    : undefined;
  // Solaris: root lives in `/`, and its files are /.profile and so on.
  const home = root?.home === '/' ? '' : root?.home;
  return { home: home ?? '/root', shell: root?.shell ?? '/bin/bash' };
}

/** Of the two shells the one that says more: a mask that bars others, then one that is unclear, then one too open. */
function tellingOf(shells: readonly [ShellUmask, ShellUmask]): ShellUmask {
  const bars = shells.find(({ umask }) => umask !== null && (umask & 0o005) !== 0);
  const unclear = shells.find(({ umask }) => umask === null);
  const open = shells.find(({ umask }) => umask !== null && (umask & 0o022) !== 0o022);
  return bars ?? unclear ?? open ?? (shells[0].decidedBy ? shells[0] : shells[1]);
}

function distinct<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
