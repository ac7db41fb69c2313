/** What a key asks for. */
export type KeyAction =
  | { readonly kind: 'search' | 'help' | 'palette' | 'next' | 'previous' | 'open' | 'select' }
  | { readonly kind: 'go'; readonly to: '/nodes' | '/findings' | '/alerts' | '/posture' };

export interface Pressed {
  readonly key: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly alt: boolean;
  /** When, ms on any clock that goes forward. */
  readonly at: number;
}

/** `g` waits for the second key; null: nothing waits. */
export interface Waiting {
  readonly since: number;
}

/** The second key of two comes within this time. */
export const SECOND_KEY_MS_MAX = 1_500;

const GO: Readonly<Record<string, '/nodes' | '/findings' | '/alerts' | '/posture'>> = {
  n: '/nodes',
  f: '/findings',
  a: '/alerts',
  p: '/posture',
};

const ALONE: Readonly<Record<string, Exclude<KeyAction['kind'], 'go' | 'palette'>>> = {
  '/': 'search',
  '?': 'help',
  j: 'next',
  k: 'previous',
  Enter: 'open',
  x: 'select',
};

/** One line a key, for people. The table above and this one are shown and acted on together: keys.test.ts holds them so. */
export const KEY_HELP: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], "The list's search"],
  [['j'], 'The next row'],
  [['k'], 'The row before'],
  [['Enter'], 'Open the row'],
  [['x'], 'Select the row, where rows can be selected'],
  [['g', 'n'], 'Nodes'],
  [['g', 'f'], 'Findings'],
  [['g', 'a'], 'Alerts'],
  [['g', 'p'], 'Posture'],
  [['Ctrl', 'K'], 'Pages, nodes, findings and controls by name'],
  [['?'], 'This help'],
];

/** What a key means after what was pressed before it. Keys with Alt, and letters with Ctrl but K, are the browser's. */
export function actionOf(
  pressed: Pressed,
  waiting: Waiting | null,
): { readonly action: KeyAction | null; readonly waiting: Waiting | null } {
  const { key, ctrl, meta, alt, at } = pressed;
  if (alt) return { action: null, waiting: null };
  if (ctrl || meta) return { action: key.toLowerCase() === 'k' ? { kind: 'palette' } : null, waiting: null };
  if (waiting && at - waiting.since <= SECOND_KEY_MS_MAX) {
    const to = Object.hasOwn(GO, key) ? GO[key] : undefined;
    if (to) return { action: { kind: 'go', to }, waiting: null };
  }
  if (key === 'g') return { action: null, waiting: { since: at } };
  const kind = Object.hasOwn(ALONE, key) ? ALONE[key] : undefined;
  return { action: kind ? { kind } : null, waiting: null };
}

/** Somewhere that letters are typed, or that a dialog or a menu has the keyboard: nothing of ours happens there. */
export const BUSY_SELECTOR =
  'input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="dialog"], [role="menu"], [role="listbox"]';
