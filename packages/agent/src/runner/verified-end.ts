import type { RunEnd } from './rollback.js';

/** Lines that are told of what is left; the rest is counted. */
const LEFT_TOLD_MAX = 3;

/** How a run ends that was verified. `left` is what is left to a person; `but` is added to the line. */
export function verifiedEnd(left: readonly string[], but = ''): RunEnd {
  if (left.length === 0) return { state: 'done', error: null, line: `done and verified${but}` };
  const more = left.length > LEFT_TOLD_MAX ? ` (and ${left.length - LEFT_TOLD_MAX} more)` : '';
  return {
    state: 'doneInPart',
    error: null,
    line: `done in part${but}. What was planned is done and verified; left to a person: ${left.slice(0, LEFT_TOLD_MAX).join('; ')}${more}`,
  };
}
