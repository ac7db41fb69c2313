import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * The ids of the processes that belong to a folder: those that have it in their command line or work in it. PostgreSQL's
 * and Apache's children name nothing on their command line, but work in their folder.
 */
export function processesOf(dir: string): number[] {
  if (!existsSync('/proc/self/cmdline')) return byCommandLine(dir);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => belongs(pid, dir));
}

function belongs(pid: number, dir: string): boolean {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dir)) return true;
    return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${dir}/`);
  } catch {
    // It ended or is another user's.
    return false;
  }
}

function byCommandLine(dir: string): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(dir))
    .map((line) => Number.parseInt(line, 10));
}
