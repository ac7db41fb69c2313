import type { Reason } from './alert.js';
import type { Decision } from './decide.js';

/** What a target will be told of an alert, when, and why, in words for people. */
export interface Next {
  /** Instant in ms; null: nothing is told before something changes, or at once. */
  readonly at: number | null;
  readonly words: string;
}

/** A message on its way. `nextAt` is when it is tried again. */
export interface OnItsWay {
  readonly attempts: number;
  readonly nextAt: number;
}

const WAITING: Readonly<Record<Reason, string>> = {
  opened: 'it is told at',
  returned: 'that it came back is told at',
  unacknowledged: 'that nobody has it any more is told at',
  worse: 'that it is worse is told at',
  grew: 'its growth is told at',
  better: 'that it is better is told, if nothing changes before, at',
  reminder: 'a reminder is sent, if nobody has it by then, at',
  acknowledged: 'that somebody has it is told at',
  resolved: 'its end is told when it has stayed away until',
};

/** In words, from what is to be decided now and the message that is on its way (null: none). */
export function nextOf(decision: Decision, onItsWay: OnItsWay | null): Next {
  if (onItsWay !== null)
    return onItsWay.attempts === 0
      ? { at: null, words: 'a message is on its way' }
      : {
          at: onItsWay.nextAt,
          words: `a message did not arrive, and is sent again at ${utc(onItsWay.nextAt)}`,
        };
  switch (decision.kind) {
    case 'wait':
      return { at: decision.at, words: `${WAITING[decision.reason]} ${utc(decision.at)}` };
    case 'notify':
      return { at: null, words: 'it is about to be told' };
    case 'nothing':
      return { at: null, words: `nothing more: ${decision.why}` };
  }
}

/** `2026-11-28 10:15:00 UTC` */
function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
