import { isFinal, type RunEvent, type RunState } from '@castellan/shared/model/run';

/**
 * The state of a run after an event. Events may arrive again or late: the one with the highest index speaks, and a run
 * that has ended stays as it ended.
 */
export function stateAfter(current: { state: RunState; lastIndex: number }, event: RunEvent): RunState {
  if (isFinal(current.state)) return current.state;
  return event.index > current.lastIndex ? event.state : current.state;
}

/**
 * A command that is sent again after a broken connection is refused by the node that has it already. That refusal says
 * nothing of the run, which goes on.
 */
export function isEchoOfRepeat(event: RunEvent): boolean {
  return event.error === 'CAS_COMMAND_REPLAYED';
}
