import type { Verdict } from '@castellan/shared/model/verdict';
import { ownVerdict } from './own-controls.js';

export const SILENCE_CONTROL = 'CAS-NODE-001';
export const SILENCE_SUBJECT = 'agent';
/** This many heartbeats may be missed; the next makes the node silent. */
export const HEARTBEATS_MISSED_MAX = 3;

/** From enrolment to the first connection: a person, a tool or a busy machine is still setting the agent up. */
export const FIRST_CONNECTION_MS = 10 * 60_000;

/** Whether a node has been silent for too long: since its last word, or since the end of the start's grace. */
export function isSilent(silentMs: number, heartbeatMs: number, hasConnected = true): boolean {
  const patienceMs = HEARTBEATS_MISSED_MAX * heartbeatMs;
  return silentMs > (hasConnected ? patienceMs : Math.max(patienceMs, FIRST_CONNECTION_MS));
}

/** The server's own verdict on a node's silence; it takes the path of every other verdict. */
export function silenceVerdict(status: 'fail' | 'pass', summary: string): Verdict {
  return ownVerdict(SILENCE_CONTROL, { status, summary, subject: SILENCE_SUBJECT, found: 'no heartbeat' });
}
