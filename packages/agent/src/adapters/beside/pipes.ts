import { type ChildProcess, execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../file-problems.js';

/** How ssh is spoken to. */
export interface Pipes {
  /** What ssh gets as its stdin and stdout. */
  readonly given: readonly ['pipe' | number, 'pipe' | number];
  /** ssh was started: whatever it says is given to `take`. */
  begin(child: ChildProcess, take: (chunk: Buffer) => void): void;
  write(bytes: Buffer): void;
  /** Waits for something to be said, at most until then (`performance.now()`), while nothing else of this process runs. */
  wait(until: number): 'taken' | 'ended' | 'late';
  /** Nothing more is written. */
  end(): void;
  destroy(): void;
}

/** The child's own streams. */
export function streamPipes(): Pipes {
  let child: ChildProcess | null = null;
  return {
    given: ['pipe', 'pipe'],
    begin(started, take) {
      child = started;
      started.stdin?.on('error', () => started.stdin?.destroy());
      started.stdout?.on('data', take);
    },
    write: (bytes) => child?.stdin?.write(bytes),
    wait: () => {
      throw new Error('these pipes cannot be waited for');
    },
    end: () => child?.stdin?.end(),
    destroy: () => {
      child?.stdin?.destroy();
      child?.stdout?.destroy();
    },
  };
}

const CHUNK_BYTES = 64 * 1024;
/** Between two looks at a pipe that is waited for. */
const LOOK_EVERY_MS = 0.2;
/** ssh takes what is written as fast as its own link does. */
const WRITE_MS_MAX = 60_000;

/**
 * Two pipes of the system (fifo(7)), of which this process holds one end of each: Node's own pipes to a child cannot be
 * read within one call. Their names are gone when ssh was started.
 */
export function waitedPipes(): Pipes {
  const folder = mkdtempSync(join(tmpdir(), 'castellan-ssh-'));
  const { O_RDONLY, O_WRONLY, O_NONBLOCK } = constants;
  const opened: number[] = [];
  const open = (name: string, flags: number): number => {
    const fd = openSync(join(folder, name), flags);
    opened.push(fd);
    return fd;
  };
  try {
    execFileSync('mkfifo', ['-m', '600', join(folder, 'in'), join(folder, 'out')], { stdio: 'ignore' });
    // Whoever opens to read does not wait for a writer, and the writer finds a reader then.
    const given: [number, number] = [open('in', O_RDONLY | O_NONBLOCK), -1];
    const writing = open('in', O_WRONLY | O_NONBLOCK);
    const reading = open('out', O_RDONLY | O_NONBLOCK);
    given[1] = open('out', O_WRONLY);
    return new WaitedPipes(given, writing, reading);
  } catch (error) {
    for (const fd of opened) closeSync(fd);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class WaitedPipes implements Pipes {
  readonly #nobody = new Int32Array(new SharedArrayBuffer(4));
  #socket: Socket | null = null;
  #take: (chunk: Buffer) => void = () => undefined;
  #isWriting = true;
  #isReading = true;

  constructor(
    readonly given: readonly [number, number],
    private readonly writing: number,
    private readonly reading: number,
  ) {}

  begin(_child: ChildProcess, take: (chunk: Buffer) => void): void {
    for (const fd of this.given) closeSync(fd);
    this.#take = take;
    // The socket closes the descriptor when it is destroyed.
    this.#socket = new Socket({ fd: this.reading, readable: true, writable: false });
    this.#socket.on('data', take);
    this.#socket.on('error', () => this.#socket?.destroy());
  }

  write(bytes: Buffer): void {
    const until = performance.now() + WRITE_MS_MAX;
    for (let at = 0; at < bytes.length && this.#isWriting; ) {
      const count = this.#try(() => writeSync(this.writing, bytes, at));
      if (count !== null) at += count;
      else if (performance.now() > until) this.end();
      else this.#rest();
    }
  }

  wait(until: number): 'taken' | 'ended' | 'late' {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    while (this.#isReading) {
      const count = this.#try(() => readSync(this.reading, chunk));
      if (count === 0) return 'ended';
      if (count !== null) {
        this.#take(chunk.subarray(0, count));
        return 'taken';
      }
      if (performance.now() > until) return 'late';
      this.#rest();
    }
    return 'ended';
  }

  end(): void {
    if (this.#isWriting) closeSync(this.writing);
    this.#isWriting = false;
  }

  destroy(): void {
    this.end();
    if (this.#isReading) this.#socket?.destroy();
    this.#isReading = false;
  }

  /** Null: not now. An end that is gone is told by what is read. */
  #try(act: () => number): number | null {
    try {
      return act();
    } catch (error) {
      if (errorCode(error) === 'EAGAIN') return null;
      this.end();
      return 0;
    }
  }

  #rest(): void {
    Atomics.wait(this.#nobody, 0, 0, LOOK_EVERY_MS);
  }
}
