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
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunLock } from '../ports/run-lock.js';
import { StateProblem } from '../ports/state-store.js';
import { errorCode } from './file-problems.js';
import { bootIdOf, startOf } from './process-start.js';
import { type Holder, holderIn, lockText } from './run-lock-text.js';

const TAKE_OVER_MAX = 3;

/**
 * A lock file that appears with its content (link(2) fails where there is one), so that nobody reads it half made. It
 * names its process, when that began and since which start of the system, so that a reused number is no holder; one that
 * is damaged is known by who has it open.
 */
export function nodeRunLock(file: string): RunLock {
  let held: number | null = null;
  const release = (): void => {
    if (held !== null) closeSync(held);
    held = null;
    rmSync(file, { force: true });
  };
  const holder = (): number | null => {
    const text = textIfReadable(file);
    return text === null ? null : livingHolder(text, file);
  };
  return {
    holder,
    isOthers: () => ![null, process.pid].includes(holder()),
    take() {
      if (held !== null) return null;
      try {
        held = takeFile(file);
      } catch (error) {
        throw new StateProblem('lock', file, errorCode(error), { cause: error });
      }
      if (held === null) return null;
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

/** The descriptor of the lock, which stays open while it is held; null: somebody else holds it. */
function takeFile(file: string): number | null {
  for (let attempt = 0; attempt < TAKE_OVER_MAX; attempt += 1) {
    const fd = create(file);
    if (fd !== null) return fd;
    const holder = textOf(file);
    if (holder === null) continue;
    if (livingHolder(holder, file) !== null) return null;
    clear(file, holder);
  }
  return null;
}

function create(file: string): number | null {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${process.pid}`;
  rmSync(aside, { force: true });
  const fd = openSync(aside, 'wx', 0o600);
  let isOurs = false;
  try {
    writeSync(fd, lockText({ pid: process.pid, start: startOf(process.pid), bootId: bootIdOf() }));
    fsyncSync(fd);
    isOurs = moveWithoutReplacing(aside, file);
  } finally {
    if (!isOurs) closeSync(fd);
  }
  return isOurs ? fd : null;
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

/** A lock that is damaged names nobody: it is held all the same by whoever has it open. */
function livingHolder(text: string, file: string): number | null {
  const known = holderIn(text);
  if (known === null) return whoHasOpen(file);
  return isAlive(known) ? known.pid : null;
}

/** A process that has this very file open; null where none has, or no /proc to ask. */
function whoHasOpen(file: string): number | null {
  const wanted = statSync(file, { throwIfNoEntry: false });
  for (const pid of wanted ? namesIn('/proc').filter((name) => /^\d+$/.test(name)) : [])
    for (const fd of namesIn(`/proc/${pid}/fd`)) {
      const open = statOf(`/proc/${pid}/fd/${fd}`);
      if (open?.ino === wanted?.ino && open?.dev === wanted?.dev) return Number(pid);
    }
  return null;
}

/** Empty, or null: it is gone meanwhile, or not for us to see. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function isAlive({ pid, start, bootId }: Holder): boolean {
  // After a restart of the system the services have nearly the numbers and ticks that they had before.
  if (bootId !== '' && bootId !== bootIdOf()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM' && startOf(pid) === start;
  }
  // Our own number in a file that we do not hold is an earlier process's (a container's process 1, say).
  return startOf(pid) === start;
}
