export type AlertType = 'alert.firing' | 'alert.resolved';

/** What is known when a delivery's turn has come, of its finding and of the pages of it to the same target. */
export interface Turn {
  readonly type: AlertType;
  readonly findingIsResolved: boolean;
  readonly firingReached: 'yes' | 'no' | 'perhaps';
  /** No page that was delivered said that it is as bad as it is now. */
  readonly isNews: boolean;
}

/**
 * The current state is told, not the one of the moment when it was queued. A page that nobody got about something that
 * is over is dropped with its resolve; once the page may have arrived, the resolve is owed. A page that says no more
 * than one before it is dropped.
 */
export function decideTurn(turn: Turn): { readonly send: boolean; readonly why: string } {
  if (turn.type === 'alert.firing') {
    if (turn.findingIsResolved) return { send: false, why: 'resolved before it could be delivered' };
    return turn.isNews ? { send: true, why: '' } : { send: false, why: 'an earlier page said so already' };
  }
  return turn.firingReached === 'no'
    ? { send: false, why: 'the page it would resolve was never delivered' }
    : { send: true, why: '' };
}
