import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildIdentity, Children, Exec, ExecRequest, ExecResult } from '../../ports/exec.js';
import { BASE_ENV, OUTPUT_BYTES_MAX } from '../node-exec.js';
import type { FarChanges } from './far-changes.js';
import { notStarted, readResult, secretMargin, whyNotRunnable } from './far-exec.js';
import type { FarSession } from './far-session.js';
import { LookStore, notWhatWasAsked } from './look-store.js';

const KILL_GRACE_MS = 2000;
const GONE_MS_MAX = 5000;
const LOOK_EVERY_MS = 100;

/**
 * Programs of a run, each carried out when it is asked for. One that changes something waits on the node until it is
 * written down; it is not cut off when the link is: the far program waits for its end, and holds the lock so long.
 */
export function changeExec(session: FarSession, changes: FarChanges): Exec {
  const store = new LookStore(session);
  return {
    children: farChildren(changes),
    async run(request) {
      if (request.signal?.aborted)
        return notStarted('failed', `${request.program}: cancelled before it was started`);
      const refusal = await whyNotRunnable(session, store, request.program);
      if (refusal) return refusal;
      return request.started ? runNoted(session, changes, request) : runAtOnce(session, request);
    },
  };
}

function environmentOf({ env }: ExecRequest): string[] {
  const pairs = Object.entries({ ...BASE_ENV, ...env }).flat();
  return [String(pairs.length), ...pairs];
}

function bytesKept({ outputBytesMax = OUTPUT_BYTES_MAX, secrets = [] }: ExecRequest): string {
  return String(outputBytesMax + secretMargin(secrets));
}

async function runAtOnce(session: FarSession, request: ExecRequest): Promise<ExecResult> {
  const { program, argv, stdin = '', timeoutMs } = request;
  const fields = [program, String(timeoutMs), bytesKept(request), stdin, ...environmentOf(request), ...argv];
  return readResult(request, await session.request('E', fields, timeoutMs));
}

async function runNoted(session: FarSession, changes: FarChanges, request: ExecRequest): Promise<ExecResult> {
  const { program, argv, stdin = '', timeoutMs } = request;
  const [word, pid = '', start = '', bootId = ''] = changes.texts(
    'program',
    4,
    program,
    ...environmentOf(request),
    ...argv,
  );
  if (word === 'forbidden')
    return notStarted('forbidden', `${program} is not among the programs that are run from beside`);
  if (word !== 'waits' || !/^\d{1,10}$/.test(pid)) throw notWhatWasAsked();
  try {
    request.started?.({ pid: Number(pid), start, bootId, program });
  } catch (error) {
    if (!session.isOver) changes.ask('drop');
    throw error;
  }
  return readResult(
    request,
    await session.request('C', ['go', String(timeoutMs), bytesKept(request), stdin], timeoutMs),
  );
}

function farChildren(changes: FarChanges): Children {
  const fields = ({ pid, start, bootId }: ChildIdentity) => [String(pid), start, bootId];
  const isRunning = (child: ChildIdentity): boolean =>
    changes.texts('running', 1, ...fields(child))[0] === '1';
  const isGone = async (child: ChildIdentity, withinMs: number): Promise<void> => {
    for (let waitedMs = 0; waitedMs < withinMs && isRunning(child); waitedMs += LOOK_EVERY_MS)
      await sleep(LOOK_EVERY_MS);
  };
  return {
    isRunning,
    async end(child) {
      changes.ask('signal', ...fields(child), 'TERM');
      await isGone(child, KILL_GRACE_MS);
      changes.ask('signal', ...fields(child), 'KILL');
      await isGone(child, GONE_MS_MAX);
    },
  };
}
