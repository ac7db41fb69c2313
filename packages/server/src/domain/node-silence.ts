import type { Verdict } from '@castellan/shared/model/verdict';
import { ownVerdict } from './own-controls.js';

export const SILENCE_CONTROL = 'CAS-NODE-001';
export const SILENCE_SUBJECT = 'agent';
/** This many heartbeats may be missed; the next makes the node silent. */
export const HEARTBEATS_MISSED_MAX = 3;

/** Whether a node has been silent for too long. `since` is the later of its last word and the end of the start's grace. */
export function isSilent(nowMs: number, sinceMs: number, heartbeatMs: number): boolean {
  return nowMs - sinceMs > HEARTBEATS_MISSED_MAX * heartbeatMs;
}

/** The server's own verdict on a node's silence; it takes the path of every other verdict. */
export function silenceVerdict(status: 'fail' | 'pass', summary: string): Verdict {
  return ownVerdict(SILENCE_CONTROL, { status, summary, subject: SILENCE_SUBJECT, found: 'no heartbeat' });
}
