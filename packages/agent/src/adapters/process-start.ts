import { readFileSync } from 'node:fs';
import { errorCode } from './file-problems.js';

/** When the process began, in the kernel's ticks (proc(5), field 22); empty where there is no /proc to ask, or no such process. */
export function startOf(pid: number): string {
  return statFields(pid)[19] ?? '';
}

/** A process that ended and that nobody has asked about yet does nothing any more. */
export function isZombie(pid: number): boolean {
  return statFields(pid)[0] === 'Z';
}

/** Fields from the third on: the second, the program's name, may hold anything. */
function statFields(pid: number): string[] {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Changes with every start of the system; empty where the system does not say. */
export function bootIdOf(): string {
  return textOf('/proc/sys/kernel/random/boot_id').trim();
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(errorCode(error))) return '';
    throw error;
  }
}
