import type { Doubt } from '../facts/parts/doubt.js';
import type { Judgement } from '../units/control.js';
import { isList, type Judged } from './by-subject.js';

/**
 * No control passes over what its facts did not understand. A pass, and "there is nothing to judge", become
 * `indeterminate`; a failure does so only where what was read is not what runs, and keeps its places.
 */
export function weighDoubts(
  answer: Judged | readonly Judgement[],
  doubts: readonly Doubt[],
): Judged | readonly Judgement[] {
  const [first] = doubts;
  if (!first) return answer;
  const notInForce = doubts.find(({ kind }) => kind === 'not-in-force');
  const weigh = <T extends Judged>(judged: T): T | (Judged & Pick<T, never>) => {
    switch (judged.status) {
      case 'pass':
      case 'not-applicable':
        return { ...judged, status: 'indeterminate', reason: told(notInForce ?? first, doubts) };
      case 'fail':
        return notInForce
          ? {
              ...judged,
              status: 'indeterminate',
              reason: `${told(notInForce, doubts)} As it is written: ${judged.summary}`,
            }
          : judged;
      default:
        return judged;
    }
  };
  return isList(answer) ? (answer.map(weigh) as unknown as readonly Judgement[]) : weigh(answer);
}

function told(doubt: Doubt, all: readonly Doubt[]): string {
  const more = all.length - 1;
  return `${doubt.reason}${more > 0 ? ` (and ${more} more)` : ''}`;
}
