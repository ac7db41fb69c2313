import { err } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { type Clock, instant } from '../ports/clock.js';
import type { Executor } from './command-dispatcher.js';

/**
 * Of a node that is only looked at from beside: whatever is asked of it is refused, and said. An executor that changes a
 * node over its session takes this one's place in `cli/run-beside.ts`.
 */
export function besideExecutor(clock: Clock): Executor {
  const refusal = casError(
    'CAS_COMMAND_NOT_ALLOWED',
    'this node is looked after from beside, and nothing is changed from there: carry it out on the node',
  );
  return {
    recover: () => Promise.resolve(),
    hasBegun: () => false,
    plan: () => Promise.resolve(err(refusal)),
    apply: ({ runId }, progress) => {
      progress({
        runId,
        index: 1,
        at: instant(clock),
        state: 'refused',
        line: refusal.detail,
        error: refusal.code,
      });
      return Promise.resolve();
    },
  };
}
