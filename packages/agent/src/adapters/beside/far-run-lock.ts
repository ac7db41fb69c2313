import { posix } from 'node:path';
import type { RunLock } from '../../ports/run-lock.js';
import { StateProblem } from '../../ports/state-store.js';
import { holderIn, lockText } from '../run-lock-text.js';
import { type FarChanges, FarRefused } from './far-changes.js';

const TAKE_OVER_MAX = 3;

/** The node's own lock (node-run-lock.ts): its holder is the far program, and when the session ends it holds nothing. */
export function farRunLock(changes: FarChanges, file: string): RunLock {
  const at = [posix.dirname(file), posix.basename(file)] as const;
  let isHeld = false;

  /** One that is damaged is held by whoever has it open. */
  function living(text: string): number | null {
    const known = holderIn(text);
    if (known === null) {
      const [, open = ''] = changes.texts('holder', 2, ...at, '1');
      return open === '' ? null : Number(open);
    }
    const [isAlive] = changes.texts('alive', 1, String(known.pid), known.start, known.bootId);
    return isAlive === '1' ? known.pid : null;
  }
  function holder(): { readonly text: string; readonly pid: number | null } {
    const [text = ''] = changes.texts('holder', 2, ...at, '0');
    return { text, pid: living(text) };
  }
  function takeIt(): boolean {
    const [pid, start = '', bootId = ''] = changes.texts('lock-self', 3);
    const ours = lockText({ pid: Number(pid), start, bootId });
    for (let attempt = 0; attempt < TAKE_OVER_MAX; attempt += 1) {
      if (changes.texts('lock-take', 1, ...at, ours)[0] === 'taken') return true;
      const found = holder();
      if (found.pid !== null) return false;
      changes.ask('lock-clear', ...at, found.text);
    }
    return false;
  }
  return {
    holder: () => holder().pid,
    isOthers: () => !isHeld && holder().pid !== null,
    take() {
      if (isHeld) return null;
      try {
        isHeld = takeIt();
      } catch (error) {
        if (!(error instanceof FarRefused)) throw error;
        throw new StateProblem('lock', file, error.message, { cause: error });
      }
      if (!isHeld) return null;
      return {
        release: () => {
          isHeld = false;
          changes.ask('lock-release', ...at);
        },
      };
    },
  };
}
