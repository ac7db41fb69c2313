import type { UmaskFact, UmaskLine } from '../../facts/umask.js';
import { rootAccount } from '../../knowledge/momentum/root-account.js';
import { isBarring, isTooOpen, rootUmask } from '../../knowledge/startup/root-umask.js';
import { withoutSecrets } from '../../knowledge/startup/secret-words.js';
import type { ShellUmask } from '../../knowledge/startup/shells-of-root.js';
import { momentumStarts } from '../../knowledge/startup/starts.js';
import { defineCollector } from '../../units/fact.js';
import { askLoginShell } from './login-shell.js';

/** Momentum's own daemons. The database's are left out: PostgreSQL sets 0077 for itself, and rightly. */
const DAEMONS = ['/opt/msys/ecelerity/sbin'];

export default defineCollector({
  name: 'umask',
  needs: [],
  title:
    "The umask of a new shell of root, of the starts of Momentum's daemons and jobs, and of running daemons",
  timeoutMs: 25_000,
  evidence: 'files-and-system',
  async collect({ files, processes, exec, settings, signal }): Promise<UmaskFact> {
    const root = rootAccount(files);
    const { start, shells } = rootUmask(files, root);
    const telling = tellingOf(shells);
    // A shell's startup files may do anything: it is run only where probing is permitted; and it is started with 022, so
    // that its answer counts only where a login begins with that.
    const isAsked = settings.live && settings.probe && start.umask === 0o022;
    const answer = isAsked ? await askLoginShell({ exec, files, signal }, root) : null;
    return {
      lines: distinct(
        shells.flatMap((shell) => shell.lines),
        (line: UmaskLine) => `${line.file}:${line.line}:${line.text}`,
      ).map(told),
      decidedBy: telling.decidedBy && told(telling.decidedBy),
      effective: answer ?? telling.umask,
      possible: telling.possible,
      from: answer === null ? 'files' : 'shell',
      byFiles: telling.umask,
      systemDefault: start,
      unread: distinct(
        shells.flatMap((shell) => shell.unread),
        (one) => one.file,
      ),
      starts: momentumStarts(files).map((one) => ({ ...one, line: one.line && told(one.line) })),
      processes:
        processes.under(DAEMONS)?.map(({ pid, program, umask }) => ({ pid, program, umask })) ?? null,
    };
  },
});

/** Of the two shells the one that says more: a mask that bars others, then one that is unclear, then one too open. */
function tellingOf(shells: readonly [ShellUmask, ShellUmask]): ShellUmask {
  const bars = shells.find(({ possible }) => possible.every(isBarring));
  const unclear = shells.find(({ umask }) => umask === null);
  const open = shells.find(({ umask }) => umask !== null && isTooOpen(umask));
  return bars ?? unclear ?? open ?? (shells[0].decidedBy ? shells[0] : shells[1]);
}

/** A secret's value is no part of a fact, not even of a line that was not understood. */
function told(line: UmaskLine): UmaskLine {
  return {
    ...line,
    text: withoutSecrets(line.text),
    condition: line.condition === null ? null : withoutSecrets(line.condition),
  };
}

function distinct<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
