export type AlertType = 'alert.firing' | 'alert.resolved';

/** What is known when a delivery's turn has come. `firing` is the finding's first delivery to the same target. */
export interface Turn {
  readonly type: AlertType;
  readonly findingIsResolved: boolean;
  readonly firingReached: 'yes' | 'no' | 'perhaps';
}

/**
 * The current state is told, not the one of the moment when it was queued. A page that nobody got about something that
 * is over is dropped with its resolve; once the page may have arrived, the resolve is owed.
 */
export function decideTurn(turn: Turn): { readonly send: boolean; readonly why: string } {
  if (turn.type === 'alert.firing') {
    return turn.findingIsResolved
      ? { send: false, why: 'resolved before it could be delivered' }
      : { send: true, why: '' };
  }
  return turn.firingReached === 'no'
    ? { send: false, why: 'the page it would resolve was never delivered' }
    : { send: true, why: '' };
}
