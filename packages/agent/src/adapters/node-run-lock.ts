import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunLock } from '../ports/run-lock.js';
import { StateProblem } from '../ports/state-store.js';
import { errorCode } from './file-problems.js';
import { startOf } from './process-start.js';

const TAKE_OVER_MAX = 3;

/**
 * A lock file that appears with its content (link(2) fails where there is one), so that nobody reads it half made. It
 * names its process and when that began, so that a reused number is no holder.
 */
export function nodeRunLock(file: string): RunLock {
  let isHeld = false;
  const release = (): void => {
    isHeld = false;
    rmSync(file, { force: true });
  };
  return {
    holder() {
      const text = textIfReadable(file);
      return text !== null && isAlive(text) ? Number(text.trim().split(' ')[0]) : null;
    },
    take() {
      if (isHeld) return null;
      try {
        isHeld = takeFile(file);
      } catch (error) {
        throw new StateProblem('lock', file, errorCode(error), { cause: error });
      }
      if (!isHeld) return null;
      removeLitter(file);
      return { release };
    },
  };
}

/** What processes that were killed while they took or cleared the lock left beside it. */
function removeLitter(file: string): void {
  const start = `${basename(file)}.`;
  for (const name of readdirSync(dirname(file))) {
    const pid = /^(?:dead\.)?(\d+)$/.exec(name.startsWith(start) ? name.slice(start.length) : '')?.[1];
    if (pid !== undefined && Number(pid) !== process.pid && startOf(Number(pid)) === '')
      rmSync(join(dirname(file), name), { force: true });
  }
}

function takeFile(file: string): boolean {
  for (let attempt = 0; attempt < TAKE_OVER_MAX; attempt += 1) {
    if (create(file)) return true;
    const holder = textOf(file);
    if (holder === null) continue;
    if (isAlive(holder)) return false;
    clear(file, holder);
  }
  return false;
}

function create(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  rmSync(aside, { force: true });
  const fd = openSync(aside, 'wx', 0o600);
  try {
    writeSync(fd, `${process.pid} ${startOf(process.pid)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  return moveWithoutReplacing(aside, file);
}

function moveWithoutReplacing(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(from, { force: true });
  }
}

/** Takes a dead holder's lock away. Where somebody was faster and holds it by now, that one gets it back. */
function clear(file: string, dead: string): void {
  const aside = `${file}.dead.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if (textOf(aside) === dead) rmSync(aside, { force: true });
  else moveWithoutReplacing(aside, file);
}

/** A lock that cannot be read is held by nobody that is known. */
function textIfReadable(file: string): string | null {
  try {
    return textOf(file);
  } catch {
    return null;
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function isAlive(holder: string): boolean {
  const [pidText = '', start = ''] = holder.trim().split(' ');
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
