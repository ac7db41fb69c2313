import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename } from 'node:path';
import type { Processes, ProcessInfo } from '../ports/processes.js';
import { errorCode } from './file-problems.js';

/** A script's process runs its interpreter: what runs is then named by the first argument. */
const INTERPRETER = /^(node|perl|python|php|ruby|bash|dash|sh|ksh)[0-9.]*$/;

/** The processes of this host whose program is in the tree at `root`. */
export function nodeProcesses(root: string, proc = '/proc'): Processes {
  const real = realpathSync(root);
  const prefix = real === '/' ? '' : real;
  return {
    under: (folders) => {
      const pids = pidsIn(proc);
      if (!pids) return null;
      return pids
        .map((pid) => inspect(proc, pid, prefix))
        .filter(
          (info): info is ProcessInfo =>
            info !== null && folders.some((f) => info.program.startsWith(`${f}/`)),
        );
    },
  };
}

function pidsIn(proc: string): number[] | null {
  try {
    return readdirSync(proc)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'EACCES') return null;
    throw error;
  }
}

/** Null: gone meanwhile, a kernel thread, not ours to see, or not of the tree. */
function inspect(proc: string, pid: number, prefix: string): ProcessInfo | null {
  try {
    const program = programOf(proc, pid, prefix);
    return program === null
      ? null
      : { pid, program, ...identityOf(readFileSync(`${proc}/${pid}/status`, 'latin1')) };
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errorCode(error))) return null;
    throw error;
  }
}

function programOf(proc: string, pid: number, prefix: string): string | null {
  return programInTree(readlinkSync(`${proc}/${pid}/exe`), prefix, () =>
    readFileSync(`${proc}/${pid}/cmdline`, 'utf8').split('\0').at(1),
  );
}

/** Which program of the tree at `prefix` a process runs; null: none. `link`: what its `exe` says. */
export function programInTree(
  link: string,
  prefix: string,
  firstArgument: () => string | undefined,
): string | null {
  // After an upgrade the running program's file is gone: "/opt/.../ecelerity (deleted)".
  const exe = link.replace(/ \(deleted\)$/, '');
  if (INTERPRETER.test(basename(exe))) {
    const script = firstArgument();
    if (script?.startsWith(`${prefix}/`)) return script.slice(prefix.length);
  }
  return exe.startsWith(`${prefix}/`) ? exe.slice(prefix.length) : null;
}

function identityOf(status: string): { uid: number; umask: number | null } {
  const effectiveUid = /^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1];
  const umask = /^Umask:\s+([0-7]+)/m.exec(status)?.[1];
  return { uid: Number(effectiveUid ?? -1), umask: umask === undefined ? null : Number.parseInt(umask, 8) };
}
