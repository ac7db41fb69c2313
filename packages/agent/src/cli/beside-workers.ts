import { casError } from '@castellan/shared/errors/cas-error';
import type { RunEvent } from '@castellan/shared/model/run';
import { sshEnvironment } from '../adapters/beside/ssh-command.js';
import type { Turns } from '../adapters/beside/turns.js';
import { runWorker } from '../adapters/node-worker.js';
import type { Lost } from '../app/beside-executor.js';
import { type Job, type LastWord, type Order, readWord } from '../app/beside-order.js';
import type { BesideNode } from '../config/beside-settings.js';

/** Workers at a time, for all nodes of this process: each is a process of some 100 MB with a session of its own. */
export const WORKERS_MAX = 4;
/** Jobs that wait for their turn; more are refused. */
export const JOBS_WAITING_MAX = 64;
/** A node is not judged while a run of it waits. */
export const TURN_MS_MAX = 300_000;
/** Longer than the longest answer is waited for: a program of a remediation, 15 minutes. */
const SILENCE_MS_MAX = 1_020_000;
const PLAN_MS_MAX = 1_200_000;
/** The hour of a session to change, and what it takes to ask a node again whose link was lost. */
const CHANGE_MS_MAX = 6_000_000;
/** systemd gives a service 90 s to end, unless told otherwise. */
const STOP_MS_MAX = 75_000;

const PROGRAM = new URL('./beside-worker.js', import.meta.url);

export interface Workers {
  readonly turns: Turns;
  /** The agent ends: no worker is begun any more, and those that are there have their time to end. */
  readonly signal: AbortSignal;
  /** What is run; absent: the worker of this release. */
  readonly program?: URL;
  /** Absent: the bounds above. */
  readonly silenceMs?: number;
  readonly totalMs?: number;
  readonly stopMs?: number;
  readonly turnMs?: number;
}

/** Has a worker carry a job out on the node. Rejects with a CasError where none was begun. */
export async function carryBeside(
  node: BesideNode,
  job: Job,
  hear: (event: RunEvent) => void,
  workers: Workers,
): Promise<LastWord | Lost> {
  const { turns, signal, turnMs = TURN_MS_MAX } = workers;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(turnMs)]);
  const endTurn = await turns.take(patience).catch(() => {
    throw casError(
      'CAS_RUN_BUSY',
      signal.aborted
        ? 'the agent ends'
        : `too many plans and runs are under way from this host (${WORKERS_MAX} at a time): ask again later`,
    );
  });
  try {
    return await begun(node, job, hear, workers);
  } finally {
    endTurn();
  }
}

async function begun(
  node: BesideNode,
  job: Job,
  hear: (event: RunEvent) => void,
  { signal, program = PROGRAM, ...bounds }: Workers,
): Promise<LastWord | Lost> {
  const isPlan = job.kind === 'plan';
  const heard: { last: LastWord | null; isStrange: boolean } = { last: null, isStrange: false };
  const why = await runWorker({
    program,
    order: orderOf(node, job),
    environment: sshEnvironment(process.env),
    silenceMs: bounds.silenceMs ?? SILENCE_MS_MAX,
    totalMs: bounds.totalMs ?? (isPlan ? PLAN_MS_MAX : CHANGE_MS_MAX),
    // A plan changes nothing.
    stopMs: isPlan ? 0 : (bounds.stopMs ?? STOP_MS_MAX),
    signal,
    hear: (message) => {
      const word = readWord(message);
      if (word?.kind === 'event') hear(word.event);
      else if (word === null) heard.isStrange = true;
      else if (word.kind !== 'alive') heard.last = word;
    },
  });
  if (heard.last) return heard.last;
  return {
    kind: 'lost',
    why: why ?? (heard.isStrange ? 'it is of another release' : 'it ended without a word'),
  };
}

function orderOf(node: BesideNode, job: Job): Order {
  const { host, changeHost, probeHost, sshConfig, knownHosts, root, probe, assumeMomentum, allow } = node;
  return {
    host: job.kind === 'plan' ? host : (changeHost ?? host),
    probeHost: probeHost ?? host,
    sshConfig,
    knownHosts,
    root,
    probe,
    assumeMomentum,
    allow: [...allow],
    job,
  };
}
