import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RunLock } from '../ports/run-lock.js';
import { errorCode } from './file-problems.js';

const TAKE_OVER_MAX = 3;

/** A lock file made with O_EXCL. It names its process and when that began, so that a reused number is no holder. */
export function nodeRunLock(file: string): RunLock {
  let isHeld = false;
  return {
    take() {
      for (let attempt = 0; attempt < TAKE_OVER_MAX && !isHeld; attempt += 1) {
        if (create(file)) {
          isHeld = true;
          return {
            release() {
              isHeld = false;
              rmSync(file, { force: true });
            },
          };
        }
        if (isHolderAlive(file)) return null;
        rmSync(file, { force: true });
      }
      return null;
    },
  };
}

function create(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const fd = openSync(file, 'wx', 0o600);
    try {
      writeSync(fd, `${process.pid} ${startOf(process.pid)}\n`);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function isHolderAlive(file: string): boolean {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
  const [pidText = '', start = ''] = text.trim().split(' ');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM' && startOf(pid) === start;
  }
  // Our own number in a file that we do not hold is an earlier process's (a container's process 1, say).
  return startOf(pid) === start;
}

/** When the process began, in the kernel's ticks (proc(5), field 22); empty where there is no /proc to ask. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(errorCode(error))) return '';
    throw error;
  }
}
