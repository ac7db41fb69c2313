import type { Verdict } from '@castellan/shared/model/verdict';
import { ownVerdict } from './own-controls.js';

export const REPLACED_CONTROL = 'CAS-NODE-006';
export const REPLACED_SUBJECT = 'replaced identity';
/** After this somebody has seen it, or nobody will. */
export const REPLACED_SHOWN_MS = 24 * 3_600_000;

/** The server's own verdict on a node that was given a new identity without its old key. */
export function replacedVerdict(status: 'fail' | 'pass', summary: string): Verdict {
  return ownVerdict(REPLACED_CONTROL, { status, summary });
}
