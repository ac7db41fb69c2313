import { isFinal, type RunEvent } from '@castellan/shared/model/run';
import { type Clock, instant } from '../ports/clock.js';
import type { StateStore } from '../ports/state-store.js';
import { type WrittenRun, writtenRuns } from './journal.js';

/** Runs whose end is told again at a start; the server leaves out what it has heard. */
export const TOLD_AGAIN_MAX = 20;
const TOLD_AGAIN_MS = 7 * 86_400_000;

/** The last event of each of the latest runs, with the number it had: a spool that was lost must not leave one open for ever. */
export function lastWords(state: Pick<StateStore, 'read' | 'list'>, clock: Clock): RunEvent[] {
  return writtenRuns(state)
    .filter((run) => run.ended !== null && clock.now() - begunMs(run) < TOLD_AGAIN_MS)
    .sort((a, b) => begunMs(a) - begunMs(b))
    .slice(-TOLD_AGAIN_MAX)
    .flatMap(({ runId, records }) => {
      const last = records.findLast((one) => one.t === 'event' && isFinal(one.state));
      if (last?.t !== 'event') return [];
      const { index, state: end, line, error } = last;
      return [
        { runId, index, at: instant(clock), state: end, line, ...(error === undefined ? {} : { error }) },
      ];
    });
}

function begunMs({ records }: WrittenRun): number {
  const [first] = records;
  return first?.t === 'run' ? Date.parse(first.at) : 0;
}
