import { eitherState, type Flow, turned } from './sh-flow.js';
import type { ShellState } from './sh-state.js';

/** Never, once, or more often: until another turn adds nothing to what is possible. */
export function someTimes(state: ShellState, turn: (state: ShellState) => Flow): Flow {
  let all: ShellState = state;
  all.status = 'unclear';
  const ends = [];
  for (let i = 0; i < 6; i += 1) {
    const after = turned(turn(all.clone()));
    ends.push(...after.ends);
    const next: ShellState = eitherState(eitherState(all, after.again), after.left) ?? all;
    const isStable = describe(next) === describe(all);
    all = next;
    if (isStable) return { next: all, ends };
  }
  // It still changes: nothing that it touches is known.
  all.forgetAll();
  const [last] = [...all.masks.values()].slice(-1);
  all.masks.set(null, last ?? { line: null, order: 0 });
  return { next: all, ends };
}

/** What a turn of a loop can change. */
function describe(state: ShellState): string {
  const { functions, aliases, ...rest } = state;
  return JSON.stringify([
    [...rest.masks.keys()],
    [...rest.variables],
    [...functions.keys()],
    [...aliases],
    rest.positional,
    rest.isErrexit,
    rest.isNounset,
    rest.hasOddPatterns,
    rest.haunted !== null,
    rest.isOpaque,
  ]);
}
