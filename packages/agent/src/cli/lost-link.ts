import { setTimeout as sleep } from 'node:timers/promises';
import { casError } from '@castellan/shared/errors/cas-error';
import { isFinal, type RunEvent } from '@castellan/shared/model/run';
import type { ExecutorApply } from '../app/command-dispatcher.js';
import type { Carrier } from './carrier.js';

/**
 * After a link was lost, the node is asked so often what became of the run, and so long apart: longer than the far program
 * of the session before lives that nobody speaks to.
 */
const ASKED_MAX = 30;
const BETWEEN_MS = 5000;

export interface Told {
  /** A new way to the node. */
  open(): Promise<Carrier>;
  tell(event: RunEvent): void;
  note(line: string): void;
}

/**
 * Carries a run out, and gives its last event; null: nothing of it was begun. Where the link is lost on the way nothing
 * that this process believes of it counts: the node is asked by a new session, which finishes or puts back what the
 * journal on the node tells. Throws where nobody can tell.
 */
export async function carriedOut(
  carrier: Carrier,
  request: ExecutorApply,
  told: Told,
): Promise<RunEvent | null> {
  let last: RunEvent | null = null;
  try {
    await carrier.executor.apply(request, (event) => {
      if (carrier.isLost()) return;
      last = event;
      told.tell(event);
    });
  } catch (error) {
    if (!carrier.isLost()) throw error;
  }
  if (!carrier.isLost()) return last;
  told.note('castellan-agent: the link to the node was lost; it is asked anew what became of the run\n');
  for (let asked = 0; asked < ASKED_MAX; asked += 1) {
    if (asked > 0) await sleep(BETWEEN_MS);
    const end = await endOf(request.runId, told);
    if (end !== null) return end === 'none' ? null : end;
  }
  throw casError(
    'CAS_BESIDE_LOST',
    'the link to the node was lost, and what became of the run is not known. A program of it may still run there; the next apply, or the start of an agent on the node, finishes it or puts it back',
  );
}

/** Null: it is not at its end, or the node cannot be reached; `none`: nothing of it was begun. */
async function endOf(runId: string, { open, tell, note }: Told): Promise<RunEvent | 'none' | null> {
  let carrier: Carrier;
  try {
    carrier = await open();
  } catch {
    return null;
  }
  const { executor } = carrier;
  try {
    // Who holds the lock is at it: the far program of the session before, which waits for a program of the run.
    if (executor.isOtherAtIt?.()) return null;
    if (!executor.hasBegun(runId)) {
      note('castellan-agent: nothing of the run was begun\n');
      return 'none';
    }
    let isTold = false;
    await executor.recover((event) => {
      isTold ||= event.runId === runId && isFinal(event.state);
      tell(event);
    });
    const end = executor.lastWords?.().find((event) => event.runId === runId);
    if (end && !isTold) tell(end);
    return end ?? null;
  } catch (error) {
    if (carrier.isLost()) return null;
    throw error;
  } finally {
    await carrier.close();
  }
}
