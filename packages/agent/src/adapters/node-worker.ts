import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { signalGroup } from './node-children.js';

export interface WorkerOptions {
  readonly program: URL;
  /** The one message that the worker is given; nothing of it is in its arguments or its environment. */
  readonly order: object;
  readonly environment: NodeJS.ProcessEnv;
  /** Given up after so long without a word. */
  readonly silenceMs: number;
  /** Given up after so long, whatever it says. */
  readonly totalMs: number;
  /** After the signal it has so long to come to its end. */
  readonly stopMs: number;
  readonly signal: AbortSignal;
  hear(word: unknown): void;
}

/**
 * Has a program of ours carry an order out in a process of its own, whose waiting keeps nobody else waiting. Resolves when
 * it is gone and all that it said was heard: null, or why it did not end by itself, for a person. It leads a process
 * group, so that what it started ends with it.
 */
export function runWorker(options: WorkerOptions): Promise<string | null> {
  const { program, order, environment, silenceMs, totalMs, stopMs, signal, hear } = options;
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(program), [], {
      cwd: '/',
      env: environment,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      detached: true,
    });
    let why: string | null = null;
    let [isGone, isSilent] = [false, false];
    const giveUp = (reason: string): void => {
      why ??= reason;
      end();
    };
    const end = (): void => {
      if (child.pid !== undefined && !isGone) signalGroup(child.pid, 'SIGKILL');
    };
    const late = setTimeout(() => giveUp(`it took longer than ${totalMs / 1000} s`), totalMs);
    const hush = () => giveUp(`it said nothing for ${silenceMs / 1000} s`);
    let silence = setTimeout(hush, silenceMs);
    let stopping: NodeJS.Timeout | null = null;
    const stop = () => {
      stopping = setTimeout(() => giveUp(`it had ${stopMs / 1000} s to end, and did not`), stopMs);
    };
    const over = (): void => {
      if (!isGone || !isSilent) return;
      for (const timer of [late, silence, stopping]) if (timer) clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(why);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    child.on('message', (word) => {
      clearTimeout(silence);
      if (!isGone) silence = setTimeout(hush, silenceMs);
      hear(word);
    });
    child.on('exit', (code, killedBy) => {
      if (code !== 0) why ??= killedBy === null ? `it ended with status ${code}` : `${killedBy} ended it`;
      // What it left of its group: an ssh that waits for a dead node.
      end();
      isGone = true;
      over();
    });
    child.on('disconnect', () => {
      isSilent = true;
      over();
    });
    child.on('error', (error) => {
      why ??= error.message;
      // One that could not be started has neither of the two ends.
      if (child.pid === undefined) [isGone, isSilent] = [true, true];
      over();
    });
    child.send(order, (error) => {
      if (error) giveUp(error.message);
    });
  });
}
