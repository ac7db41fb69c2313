import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import type { WalkLimits } from '../../ports/files.js';
import { treePaths } from '../tree-paths.js';
import { hasDescriptorNames, isSame, nameOf, O_TMPFILE } from './fd.js';
import { type Found, FoundTree, findArguments } from './found-tree.js';
import { namesBelow } from './names.js';
import { atPlace } from './place.js';
import { TOOL_ENV } from './tool.js';

/** A tree of fewer entries is walked in the time that a program takes to start. */
const ENTRIES_MIN = 1000;
/** Of what find may say, in ulimit's blocks of 512 bytes: 64 MiB, more than a million entries of usual names. */
const SAID_BLOCKS_MAX = 2 * 64 * 1024;
/** tmpfs, for shm_open(3). */
const MEMORY = '/dev/shm';
const READ_BYTES = 256 * 1024;
/** Find is asked for more so often, and given up after so many times without a word. */
const PAUSE_MS = 5;
const SILENT_PAUSES_MAX = 3000;

/** Of a folder: what is to be found below it, told as `path`; empty for `/`. */
export interface WalkOrder extends Omit<WalkLimits, 'signal'> {
  readonly path: string;
}

interface AheadOptions {
  readonly find?: string;
  readonly entriesMin?: number;
  readonly silentPausesMax?: number;
}

interface Finding {
  readonly process: ChildProcess;
  /** The file without a name, in memory, that find writes to: a pipe would fill before anybody has time for it. */
  readonly said: number;
  /** Null: it has not ended. */
  isWell: boolean | null;
  readonly ended: Promise<void>;
}

/**
 * GNU find(1), which walks a large folder while this process still loads what it needs, in half of the time. It stands in
 * the folder that was opened here. What it says counts whole or not at all: where it had any trouble, where a limit was
 * reached, or where it is another find, the walk is made here as ever, and tells what the trouble is.
 * Whoever begins it ends it.
 */
export class WalkAhead {
  private constructor(
    private readonly order: WalkOrder,
    private readonly folder: Stats,
    private readonly silentPausesMax: number,
    private finding: Finding | null,
  ) {}

  /** Null: it does not pay, or cannot be had. `order.path`: inside the tree at `root`; links on the way are resolved. */
  static begin(
    root: string,
    order: WalkOrder,
    { find = 'find', entriesMin = ENTRIES_MIN, silentPausesMax = SILENT_PAUSES_MAX }: AheadOptions = {},
  ): WalkAhead | null {
    if (availableParallelism() < 2 || !hasDescriptorNames()) return null;
    const host = treePaths(root).prefix || '/';
    const opened = atPlace(host, order.path, { follow: true }, ({ self, inside }) => ({
      ok: true,
      value: { fd: openSync(nameOf(self ?? -1), constants.O_RDONLY | constants.O_DIRECTORY), inside },
    }));
    if (!opened.ok) return null;
    const { fd, inside } = opened.value;
    try {
      if (namesBelow(fd, entriesMin) < entriesMin) return null;
      return new WalkAhead(
        { ...order, path: inside },
        fstatSync(fd),
        silentPausesMax,
        begun(find, fd, order),
      );
    } catch (error) {
      // What the system refuses here is told by the walk itself.
      if (error instanceof Error && 'code' in error) return null;
      throw error;
    } finally {
      closeSync(fd);
    }
  }

  /** Null: it has nothing to say of `folder`, which is to be walked then. `path`: how a walk begins its paths. Asked once. */
  async tree(folder: Stats, path: string, limits: WalkLimits): Promise<Found | null> {
    const isAsked = isSameOrder({ path, ...limits }, this.order) && isSame(folder, this.folder);
    if (!this.finding || !isAsked) return null;
    try {
      return await this.#found(this.finding, limits.signal);
    } finally {
      this.end();
    }
  }

  async #found(finding: Finding, signal: AbortSignal): Promise<Found | null> {
    const tree = new FoundTree(this.order);
    const bytes = Buffer.allocUnsafe(READ_BYTES);
    // By place: the two processes share where the file stands.
    let at = 0;
    const more = () => bytes.subarray(0, readSync(finding.said, bytes, { position: at }));
    for (let silent = 0; silent < this.silentPausesMax; silent += 1) {
      signal.throwIfAborted();
      const hasEnded = finding.isWell !== null;
      for (let said = more(); said.length > 0; said = more()) {
        if (!tree.take(said)) return null;
        at += said.length;
        silent = 0;
      }
      if (hasEnded) return finding.isWell ? tree.end() : null;
      await Promise.race([finding.ended, wait(PAUSE_MS)]);
    }
    return null;
  }

  end(): void {
    if (!this.finding) return;
    this.finding.process.kill('SIGKILL');
    this.finding.process.stderr?.destroy();
    closeSync(this.finding.said);
    this.finding = null;
  }
}

/** Throws what the system says. */
function begun(find: string, folder: number, order: WalkOrder): Finding {
  const said = openSync(MEMORY, O_TMPFILE | constants.O_RDWR, 0o600);
  try {
    return findingOf(startFind(find, folder, said, order), said);
  } catch (error) {
    closeSync(said);
    throw error;
  }
}

function startFind(find: string, folder: number, said: number, order: WalkOrder): ChildProcess {
  // Of a tree without end, what is said ends.
  const limited = `ulimit -f ${SAID_BLOCKS_MAX} && exec "$0" "$@"`;
  return spawn('/bin/sh', ['-c', limited, find, ...findArguments(order)], {
    cwd: nameOf(folder),
    env: TOOL_ENV,
    stdio: ['ignore', said, 'pipe'],
  });
}

function findingOf(process: ChildProcess, said: number): Finding {
  let hasTrouble = false;
  process.stderr?.on('data', () => {
    hasTrouble = true;
  });
  const finding: Finding = {
    process,
    said,
    isWell: null,
    ended: new Promise((resolve) => {
      const end = (code: unknown) => {
        finding.isWell = code === 0 && !hasTrouble;
        resolve();
      };
      process.on('close', end).on('error', end);
    }),
  };
  return finding;
}

function isSameOrder(a: WalkOrder, b: WalkOrder): boolean {
  return (
    a.path === b.path &&
    a.entriesMax === b.entriesMax &&
    a.depthMax === b.depthMax &&
    a.skipNames.join('\0') === b.skipNames.join('\0')
  );
}
