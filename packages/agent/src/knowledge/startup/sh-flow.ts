import type { ShellState } from './sh-state.js';
import type { Text } from './sh-text.js';

/** How deep functions may call one another. */
export const CALLS_MAX = 16;

/** How a command can end other than by going on to the next. */
export interface End {
  /** `abort`: an error ends all that is being read, and the shell goes on. */
  readonly kind: 'return' | 'exit' | 'break' | 'continue' | 'abort';
  /** Loops to leave. */
  readonly levels: number;
  readonly state: ShellState;
}

/** Where a shell can be after a command: at the next one (null: never), or at an end. */
export interface Flow {
  readonly next: ShellState | null;
  readonly ends: readonly End[];
}

/** Where a command stands. */
export interface Frame {
  readonly file: string;
  /** What it depends on whether this is run, or null. */
  readonly condition: string | null;
  /** Files that have been entered. */
  readonly depth: number;
  /** Functions and texts of eval that have been entered. */
  readonly calls: number;
  /** Its failing does not end a shell with `set -e`. */
  readonly isTested: boolean;
  /** Of the function that is being run: names that it declared for itself, and what they were before. */
  readonly locals?: Map<string, Text | null>;
}

export const goOn = (next: ShellState | null): Flow => ({ next, ends: [] });

export function eitherState(a: ShellState | null, b: ShellState | null): ShellState | null {
  return a && b ? a.joined(b) : (a ?? b);
}

export function eitherFlow(a: Flow, b: Flow): Flow {
  return { next: eitherState(a.next, b.next), ends: [...a.ends, ...b.ends] };
}

/** Some ends caught: their states go on. */
export function caught(flow: Flow, kinds: readonly End['kind'][]): Flow {
  let { next } = flow;
  for (const end of flow.ends) if (kinds.includes(end.kind)) next = eitherState(next, end.state);
  return { next, ends: flow.ends.filter((end) => !kinds.includes(end.kind)) };
}

/** At the end of one turn of a loop: who goes on with the next turn, who leaves it, and who leaves more than it. */
export function turned(flow: Flow): {
  again: ShellState | null;
  left: ShellState | null;
  ends: readonly End[];
} {
  let again = flow.next;
  let left: ShellState | null = null;
  const ends: End[] = [];
  for (const end of flow.ends) {
    if (end.kind !== 'break' && end.kind !== 'continue') ends.push(end);
    else if (end.levels > 1) ends.push({ ...end, levels: end.levels - 1 });
    else if (end.kind === 'break') left = eitherState(left, end.state);
    else again = eitherState(again, end.state);
  }
  return { again, left, ends };
}

/** The same place, with one more thing that it depends on. */
export function within(frame: Frame, condition: string): Frame {
  const all = frame.condition === null ? condition : `${frame.condition}, ${condition}`;
  return { ...frame, condition: all.slice(0, 200) };
}

/** The same, where an expansion may have ended it all with an error. */
export function perhapsAborted(flow: Flow, before: ShellState | null): Flow {
  return before ? { ...flow, ends: [...flow.ends, { kind: 'abort', levels: 0, state: before }] } : flow;
}
