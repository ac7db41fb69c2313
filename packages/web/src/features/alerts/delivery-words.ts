/** Why something was said; what is not here is shown by its own word. */
const REASONS: Readonly<Record<string, string>> = {
  opened: 'Opened',
  returned: 'Came back',
  unacknowledged: 'Nobody has it any more',
  worse: 'Worse',
  grew: 'More findings',
  better: 'Better',
  reminder: 'Reminder',
  acknowledged: 'Somebody has it',
  resolved: 'Resolved',
};

export function reasonWord(reason: string): string {
  return REASONS[reason] ?? reason;
}
