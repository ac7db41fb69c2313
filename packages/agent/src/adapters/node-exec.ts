import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { accessSync, constants, realpathSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { isMainThread } from 'node:worker_threads';
import { inTime } from '@castellan/shared/base/in-time';
import type { Exec, ExecRequest, ExecResult } from '../ports/exec.js';
import { errorCode } from './file-problems.js';
import { nodeChildren, signalGroup } from './node-children.js';
import { outlivingPipe } from './outliving-pipe.js';
import { OutputKeeper } from './output-keeper.js';
import { bootIdOf, startOf } from './process-start.js';
import { strangerOverProgram } from './program-trust.js';
import { type Resolved, treePaths } from './tree-paths.js';

export const OUTPUT_BYTES_MAX = 1024 * 1024;
/** Between asking a program to end and ending it. */
const KILL_GRACE_MS = 2000;
/** An init script leaves a daemon behind that holds our pipes: they are then waited for only this long. */
const DRAIN_MS = 250;
/** Files made by a program get the modes that the program means, whatever the agent was started with. */
const UMASK = 0o022;
/** What every program gets, and a request may add to. */
export const BASE_ENV = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C', LC_ALL: 'C' };

/** Waits for one line on descriptor 3 and becomes the program then; where the agent is gone first, nothing is run. */
const GATE = ['/bin/sh', '-c', 'read -r go <&3 || exit 126; exec 3<&-; exec "$0" "$@"'] as const;

type Unstarted = Extract<ExecResult, { kind: 'unstarted' }>;

/** Runs programs of the tree at `root`; with a root other than `/` only when the tree is `live`. */
export function nodeExec(root: string, options: { readonly live: boolean }): Exec {
  const paths = treePaths(root);
  return {
    children: nodeChildren,
    run: async (request) => {
      if (paths.prefix !== '' && !options.live) {
        return unstarted('forbidden', 'programs of a tree that is only read are not run (--live permits it)');
      }
      const found = paths.resolve(request.program, true);
      if (!found.ok)
        return unstarted(
          found.problem === 'missing' || found.problem === 'denied' ? found.problem : 'failed',
          found.detail,
        );
      const refusal = whyNotRunnable(paths.prefix, found.value, request);
      return refusal ?? start(asCalled(`${paths.prefix}${request.program}`, found.value.host), request);
    },
  };
}

/**
 * A program may look at the name that it was called by, so that name is kept; but not where the system would follow
 * its links to another place than the tree does.
 */
function asCalled(called: string, resolved: string): string {
  try {
    return realpathSync(called) === resolved ? called : resolved;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return resolved;
    throw error;
  }
}

function unstarted(problem: Unstarted['problem'], detail: string): Unstarted {
  return { kind: 'unstarted', problem, detail };
}

function whyNotRunnable(prefix: string, found: Resolved, request: ExecRequest): Unstarted | null {
  if (request.signal?.aborted)
    return unstarted('failed', `${request.program}: cancelled before it was started`);
  try {
    const stranger = strangerOverProgram(prefix, found);
    if (stranger !== null) return unstarted('denied', `${request.program} is not run: ${stranger}`);
    accessSync(found.host, constants.X_OK);
    return null;
  } catch (error) {
    return unstarted(
      errorCode(error) === 'ENOENT' ? 'missing' : 'denied',
      `${request.program}: ${errorCode(error)}`,
    );
  }
}

interface Spawned {
  readonly child: ChildProcess;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

function spawnQuietly(program: string, request: ExecRequest): Spawned {
  const [gate, ...words] = GATE;
  const options = {
    cwd: '/',
    env: { ...BASE_ENV, ...request.env },
    // Its own process group, so that what it started can be ended with it.
    detached: true,
  };
  // spawn() forks before it returns, so the mask is the child's alone. A worker cannot set it.
  const before = isMainThread ? process.umask(UMASK) : null;
  try {
    if (!request.started) {
      const child = spawn(program, [...request.argv], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
      return { child, stdout: child.stdout, stderr: child.stderr };
    }
    // What acts on the node is not to be cut off in the middle because the agent is gone.
    const [out, err] = [outlivingPipe(), outlivingPipe()];
    try {
      const stdio: StdioOptions = ['pipe', out.writable, err.writable, 'pipe'];
      const child = spawn(gate, [...words, program, ...request.argv], { ...options, stdio });
      return { child, stdout: out.readable, stderr: err.readable };
    } finally {
      for (const { writable } of [out, err]) writable.destroy();
    }
  } finally {
    if (before !== null) process.umask(before);
  }
}

function start(program: string, request: ExecRequest): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const { child, stdout, stderr } = spawnQuietly(program, request);
    try {
      letGo(child, request);
    } catch (error) {
      endGroup(child, 'SIGKILL');
      reject(error);
      return;
    }
    const keep = () => new OutputKeeper(request.outputBytesMax ?? OUTPUT_BYTES_MAX, request.secrets ?? []);
    const streams = { stdout: keep(), stderr: keep() };
    stdout?.on('data', (chunk: Buffer) => streams.stdout.add(chunk));
    stderr?.on('data', (chunk: Buffer) => streams.stderr.add(chunk));
    // A program that does not read its input breaks the pipe: its exit code says what that means.
    child.stdin?.on('error', () => child.stdin?.destroy());
    child.stdin?.end(request.stdin ?? '');

    let isLate = false;
    let killTimer: NodeJS.Timeout | null = null;
    const stop = () => {
      endGroup(child, 'SIGTERM');
      killTimer = setTimeout(() => endGroup(child, 'SIGKILL'), KILL_GRACE_MS);
    };
    const deadline = setTimeout(() => {
      isLate = true;
      stop();
    }, request.timeoutMs);
    request.signal?.addEventListener('abort', stop, { once: true });
    const settle = (result: ExecResult) => {
      clearTimeout(deadline);
      if (killTimer) clearTimeout(killTimer);
      request.signal?.removeEventListener('abort', stop);
      resolve(result);
    };
    child.on('error', (error) =>
      settle(
        unstarted(
          errorCode(error) === 'ENOENT' ? 'missing' : 'failed',
          `${request.program}: ${errorCode(error)}`,
        ),
      ),
    );
    child.on('exit', (code, signal) => {
      // Whatever of the group outlived an ended leader must not go on working unseen.
      if (isLate || request.signal?.aborted) endGroup(child, 'SIGKILL');
      void drained([stdout, stderr]).then(() => {
        const output = { stdout: streams.stdout.text(), stderr: streams.stderr.text() };
        if (isLate) settle({ kind: 'timeout', ...output });
        else if (code === null) settle({ kind: 'signalled', signal: signal ?? 'unknown', ...output });
        else settle({ kind: 'exited', code, ...output });
      });
    });
  });
}

/** Tells who it is, and lets it begin. */
function letGo(child: ChildProcess, request: ExecRequest): void {
  if (!request.started || child.pid === undefined) return;
  const gate = child.stdio[3];
  // It may be ended before it was let go.
  gate?.on('error', () => gate.destroy());
  request.started({
    pid: child.pid,
    start: startOf(child.pid),
    bootId: bootIdOf(),
    program: request.program,
  });
  if (gate && 'end' in gate) gate.end('\n');
}

/** Resolves when the pipes are closed, or soon after the program is gone; what still holds them may go on writing. */
function drained(streams: readonly (Readable | null)[]): Promise<void> {
  const closed = streams.map((stream) =>
    stream === null || stream.closed ? null : new Promise((resolve) => stream.once('close', resolve)),
  );
  return inTime(
    Promise.all(closed).then(() => undefined),
    DRAIN_MS,
    () => {
      for (const stream of streams) {
        stream?.removeAllListeners('data');
        stream?.resume();
        // Kept open, because closing it would end a daemon at its next word; but no reason for us to stay.
        if (stream && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
      }
    },
  );
}

function endGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid !== undefined) signalGroup(child.pid, signal);
}
