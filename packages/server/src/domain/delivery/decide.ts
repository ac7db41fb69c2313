export type AlertType = 'alert.firing' | 'alert.acknowledged' | 'alert.resolved';

/** What is known when a delivery's turn has come, of its finding and of the pages of it to the same target. */
export interface Turn {
  readonly type: AlertType;
  readonly finding: 'open' | 'acknowledged' | 'resolved';
  readonly firingReached: 'yes' | 'no' | 'perhaps';
  /** No page that was delivered, since the target last heard that somebody has it, said that it is as bad as it is now. */
  readonly isNews: boolean;
}

/**
 * The current state is told, not the one of the moment when it was queued. A page that nobody got about something that
 * is over is dropped with its resolve; once the page may have arrived, the resolve is owed. A page that says no more
 * than one before it is dropped.
 */
export function decideTurn(turn: Turn): { readonly send: boolean; readonly why: string } {
  const drop = (why: string) => ({ send: false, why });
  const send = { send: true, why: '' };
  switch (turn.type) {
    case 'alert.firing':
      if (turn.finding === 'resolved') return drop('resolved before it could be delivered');
      if (turn.finding === 'acknowledged') return drop('somebody has it');
      return turn.isNews ? send : drop('an earlier page said so already');
    case 'alert.acknowledged':
      if (turn.finding !== 'acknowledged') return drop(`the finding is ${turn.finding} meanwhile`);
      return turn.firingReached === 'no' ? drop('the page that it is about was never delivered') : send;
    case 'alert.resolved':
      return turn.firingReached === 'no' ? drop('the page it would resolve was never delivered') : send;
  }
}
