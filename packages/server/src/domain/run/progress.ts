import { isFinal, type RunEvent, type RunState } from '@castellan/shared/model/run';

/**
 * The state of a run after an event. Events may arrive again or late: the one with the highest index speaks, and a run
 * that has ended for good stays as it ended.
 */
export function stateAfter(current: RunSoFar, event: RunEvent): RunState {
  if (!NODE_STATES.has(event.state)) return current.state;
  if (isFinal(current.state) && !isProvisional(current)) return current.state;
  return event.index > current.lastIndex ? event.state : current.state;
}

export interface RunSoFar {
  readonly state: RunState;
  /** Of the events that the node numbered; 0: nothing was heard of the run. */
  readonly lastIndex: number;
}

/** What a node may say of a run; the rest is the server's own book-keeping. */
const NODE_STATES: ReadonlySet<RunState> = new Set([
  'applying',
  'verifying',
  'done',
  'doneInPart',
  'refused',
  'stale',
  'rollingBack',
  'rolledBack',
  'rollbackFailed',
]);

/** States that only the node ends; `approved` and `sent` end with the command's own time. */
export const UNDER_WAY: readonly RunState[] = ['applying', 'verifying', 'rollingBack'];
/**
 * A run of which nothing is heard for so long is lost. Longer than the longest remediation takes with its way back, and
 * than a node takes to come back from a restart; a node that is cut off says later what became of it.
 */
export const RUN_QUIET_MS_MAX = 30 * 60_000;

/**
 * Ends that are not the last word: those that the server made for want of one, a refusal that came before any word of the
 * run, and a way back that failed, which the node tries again.
 */
export function isProvisional({ state, lastIndex }: RunSoFar): boolean {
  return isBadEnd(state) || state === 'expired' || (state === 'refused' && lastIndex === 0);
}

/** A refusal says that nothing was begun: it counts only while nothing was heard of the run. */
export function isOpenToRefusal({ state, lastIndex }: RunSoFar): boolean {
  return lastIndex === 0 && (!isFinal(state) || state === 'expired' || state === 'lost');
}

/** Ends that leave the node stale: somebody must look at it. */
export const BAD_ENDS: readonly RunState[] = ['rollbackFailed', 'lost'];

export function isBadEnd(state: RunState): boolean {
  return BAD_ENDS.includes(state);
}

const STALE_CODES: ReadonlySet<string> = new Set(['CAS_PLAN_STALE', 'CAS_PLAN_EMPTY']);

/** How a run ends that the node refused with this code. */
export function refusedState(code: string): RunState {
  return STALE_CODES.has(code) ? 'stale' : 'refused';
}

/**
 * A command that is sent again after a broken connection is refused by the node that has it already. That refusal says
 * nothing of the run, which goes on.
 */
export function isEchoOfRepeat(event: RunEvent): boolean {
  return event.error === 'CAS_COMMAND_REPLAYED';
}
