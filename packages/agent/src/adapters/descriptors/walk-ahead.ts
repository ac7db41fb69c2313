import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, type Stats } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { WalkEnd, WalkLimits, WalkVisitor } from '../../ports/files.js';
import { treePaths } from '../tree-paths.js';
import { hasDescriptorNames, isSame, nameOf } from './fd.js';
import { namesBelow } from './names.js';
import { atPlace } from './place.js';
import { FrameReader } from './walk-frames.js';
import { isSameOrder, type WalkOrder } from './walk-order.js';

/** A tree of fewer entries is walked sooner than a process has started. */
const ENTRIES_MIN = 2000;
const PROGRAM = new URL('./walk-child.js', import.meta.url);
/** The child is given up after so many of these without a word: it writes several times in each. */
const SILENCE_MS = 5000;
const SILENCES_MAX = 3;

/** An open folder, and how a walk begins its paths. */
interface WalkFrom {
  readonly fd: number;
  readonly path: string;
}

interface AheadOptions {
  /** What the child runs. */
  readonly program?: URL;
  readonly entriesMin?: number;
  readonly silenceMs?: number;
}

/**
 * A child process that walks a large folder while this process still loads what it needs. A second thread would not do:
 * the threads of a process share one table of descriptors, and its lock. The child runs the walk of this process on a
 * folder that was opened here, and follows no path; what it tells counts only from the same folder, with the same limits.
 * One that is lost costs time, or an entry that says what was not seen. Whoever begins it ends it.
 */
export class WalkAhead {
  #child: { readonly process: ChildProcess; readonly told: Readable } | null;

  private constructor(
    private readonly order: WalkOrder,
    private readonly folder: Stats,
    process: ChildProcess,
    told: Readable,
    private readonly silenceMs: number,
  ) {
    // Without anybody who listens, what a child wrote is thrown away at its end.
    this.#child = { process, told: told.on('readable', () => undefined) };
  }

  /** Null: it does not pay, or cannot be had. `order.path`: inside the tree at `root`; links on the way are resolved. */
  static begin(
    root: string,
    order: WalkOrder,
    { program = PROGRAM, entriesMin = ENTRIES_MIN, silenceMs = SILENCE_MS }: AheadOptions = {},
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
      const real = { ...order, path: inside };
      const child = spawn(process.execPath, [fileURLToPath(program), JSON.stringify(real)], {
        cwd: '/',
        env: {},
        stdio: ['ignore', 'pipe', 'ignore', fd],
      });
      // One that cannot be had tells nothing: the walk is made here then.
      child.on('error', () => undefined);
      return child.stdout ? new WalkAhead(real, fstatSync(fd), child, child.stdout, silenceMs) : null;
    } catch (error) {
      // What the system refuses here is told by the walk itself.
      if (error instanceof Error && 'code' in error) return null;
      throw error;
    } finally {
      closeSync(fd);
    }
  }

  /**
   * Null: it has nothing to say of this folder, which is to be walked then. Closes `from.fd` otherwise, also when it throws.
   * Each walk is told once.
   */
  async tell(from: WalkFrom, visitor: WalkVisitor, limits: WalkLimits): Promise<WalkEnd | null> {
    let end: WalkEnd | null;
    try {
      end = await this.#tell(from, visitor, limits);
    } catch (error) {
      closeSync(from.fd);
      throw error;
    }
    if (end) closeSync(from.fd);
    return end;
  }

  async #tell(
    { fd, path }: WalkFrom,
    visitor: WalkVisitor,
    { signal, ...limits }: WalkLimits,
  ): Promise<WalkEnd | null> {
    const isAsked = isSameOrder({ path, ...limits }, this.order) && isSame(fstatSync(fd), this.folder);
    if (!this.#child || !isAsked) return null;
    const frames = new FrameReader(path, visitor);
    try {
      for await (const bytes of this.#words(this.#child.told, signal)) if (!frames.take(bytes)) break;
    } finally {
      this.end();
    }
    signal.throwIfAborted();
    if (frames.end) return frames.end;
    if (!frames.hasTold) return null;
    const lost = `${path || '/'}: the process that walked it was lost after ${frames.entriesSeen} entries`;
    visitor.problem(path || '/', 'failed', lost);
    return { entriesSeen: frames.entriesSeen, isTruncated: true };
  }

  end(): void {
    this.#child?.process.kill('SIGKILL');
    this.#child?.told.destroy();
    this.#child = null;
  }

  /** Ends with the child, with what nobody waits for any more, and with silence. */
  async *#words(told: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const stop = () => this.end();
    let silences = 0;
    // Counted: a machine that was too busy to come here in time has used up one.
    const silence = setInterval(() => {
      silences += 1;
      if (silences >= SILENCES_MAX) stop();
    }, this.silenceMs);
    signal.addEventListener('abort', stop);
    try {
      const chunks = told[Symbol.asyncIterator]();
      for (;;) {
        // A pipe that breaks is a child that is lost.
        const next = await chunks.next().catch(() => ({ done: true, value: undefined }));
        if (next.done || signal.aborted) return;
        silences = 0;
        yield next.value;
      }
    } finally {
      clearInterval(silence);
      signal.removeEventListener('abort', stop);
    }
  }
}
