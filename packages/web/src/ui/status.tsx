import BanIcon from '@patternfly/react-icons/dist/esm/icons/ban-icon';
import CheckIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ClockIcon from '@patternfly/react-icons/dist/esm/icons/clock-icon';
import ErrorIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import WarningIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import ProgressIcon from '@patternfly/react-icons/dist/esm/icons/in-progress-icon';
import MinusIcon from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import QuestionIcon from '@patternfly/react-icons/dist/esm/icons/question-circle-icon';
import UndoIcon from '@patternfly/react-icons/dist/esm/icons/undo-icon';
import type { ComponentType } from 'react';
import { PlainLabel } from './plain-label.js';

type Color = 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'grey' | 'purple';
interface Look {
  readonly word: string;
  readonly color: Color;
  readonly Icon: ComponentType;
}

const look = (word: string, color: Color, Icon: ComponentType): Look => ({ word, color, Icon });

/** One word for every state that the console shows. A state that it does not know is shown as it came. */
const LOOKS: Readonly<Record<string, Look>> = {
  // verdicts
  fail: look('Fails', 'red', ErrorIcon),
  pass: look('Passes', 'green', CheckIcon),
  'not-applicable': look('Does not apply', 'grey', MinusIcon),
  indeterminate: look('Not known', 'purple', QuestionIcon),
  errored: look('Check broke', 'purple', WarningIcon),
  // findings
  open: look('Open', 'red', ErrorIcon),
  acknowledged: look('Acknowledged', 'blue', CheckIcon),
  waived: look('Waived', 'grey', MinusIcon),
  resolved: look('Resolved', 'green', CheckIcon),
  silenced: look('Silenced', 'grey', BanIcon),
  inhibited: look('Inhibited', 'grey', MinusIcon),
  stale: look('Stale', 'purple', QuestionIcon),
  // alerts
  held: look('Held back', 'grey', MinusIcon),
  ended: look('Ended', 'green', CheckIcon),
  // nodes, people and tokens
  retired: look('Retired', 'grey', MinusIcon),
  revoked: look('Revoked', 'orange', BanIcon),
  enabled: look('Enabled', 'green', CheckIcon),
  disabled: look('Disabled', 'grey', BanIcon),
  good: look('Good', 'green', CheckIcon),
  usedUp: look('Used up', 'grey', MinusIcon),
  // silences
  active: look('Active', 'blue', BanIcon),
  over: look('Over', 'grey', MinusIcon),
  // plans
  waiting: look('Waiting for the node', 'blue', ProgressIcon),
  ready: look('Ready to read', 'blue', CheckIcon),
  failed: look('No plan', 'red', ErrorIcon),
  expired: look('Expired', 'grey', ClockIcon),
  // runs
  approved: look('Approved', 'blue', CheckIcon),
  sent: look('Sent to the node', 'blue', ProgressIcon),
  applying: look('Applying', 'blue', ProgressIcon),
  verifying: look('Verifying', 'blue', ProgressIcon),
  done: look('Done and verified', 'green', CheckIcon),
  doneInPart: look('Done in part', 'yellow', WarningIcon),
  refused: look('Refused by the node', 'orange', BanIcon),
  rollingBack: look('Rolling back', 'orange', UndoIcon),
  rolledBack: look('Rolled back', 'orange', UndoIcon),
  lost: look('Lost', 'red', ErrorIcon),
  rollbackFailed: look('Rollback failed', 'red', ErrorIcon),
  // deliveries
  pending: look('Being sent', 'blue', ProgressIcon),
  delivered: look('Delivered', 'green', CheckIcon),
  dropped: look('Not sent', 'grey', MinusIcon),
  dead: look('Given up', 'red', ErrorIcon),
};

export function stateWord(state: string): string {
  return LOOKS[state]?.word ?? state;
}

export function StateLabel({ state, word }: { readonly state: string; readonly word?: string }) {
  const { word: usual, color, Icon } = LOOKS[state] ?? look(state, 'grey', QuestionIcon);
  return (
    <PlainLabel isOutline color={color} Icon={Icon}>
      {word ?? usual}
    </PlainLabel>
  );
}

/** Whether a node is here, or why it is not looked for. */
export function NodeLabel({
  node,
}: {
  readonly node: {
    readonly connected: boolean;
    readonly revoked: boolean;
    readonly retiredAt: string | null;
  };
}) {
  if (node.retiredAt !== null) return <StateLabel state="retired" />;
  return node.revoked ? <StateLabel state="revoked" /> : <LinkLabel connected={node.connected} />;
}

function LinkLabel({ connected }: { readonly connected: boolean }) {
  return connected ? (
    <PlainLabel isOutline color="green" Icon={CheckIcon}>
      Connected
    </PlainLabel>
  ) : (
    <PlainLabel isOutline color="orange" Icon={WarningIcon}>
      Silent
    </PlainLabel>
  );
}
