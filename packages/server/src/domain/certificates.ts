import type { Severity } from '@castellan/shared/model/severity';
import type { Verdict } from '@castellan/shared/model/verdict';
import { ownVerdict } from './own-controls.js';

const DAY_MS = 86_400_000;
/** So long before its end a certificate that should have been renewed is a finding. */
export const NOTICE_MS = 21 * DAY_MS;
/** Of a short life the notice is no more than this: it begins after the renewal is due, with time left to try again. */
const NOTICE_SHARE = 7 / 30;
/** A new authority is made by a person, and then takes the place of the one before at every node. */
export const AUTHORITY_NOTICE_MS = 180 * DAY_MS;

/** How long before its end a node's certificate of this life is a finding. Milliseconds. */
export function nodeNoticeMs(lifeMs: number): number {
  return Math.min(NOTICE_MS, lifeMs * NOTICE_SHARE);
}

/** Null: it is good for longer than the notice. */
export function endingSeverity(notAfter: number, now: number, noticeMs: number): Severity | null {
  if (now >= notAfter) return 'critical';
  return notAfter - now <= noticeMs ? 'medium' : null;
}

/** Whether the key of a certificate that ended then may still ask for the next. */
export function isWithinGrace(notAfter: number, now: number, graceMs: number): boolean {
  return now < notAfter + graceMs;
}

export interface KnownCertificates {
  /** The certificate that the node was last seen with, or was enrolled with. */
  readonly current: { readonly serial: string; readonly notAfter: number };
  /** Issued and not used yet. */
  readonly candidateSerial: string | null;
}

/**
 * What a certificate of this node, in its time and not revoked, is to the server. `newer`: issued after what the
 * database knows, which was restored; it takes the place of the current one. `older` serves no more.
 */
export function standingOf(
  { current, candidateSerial }: KnownCertificates,
  presented: { readonly serial: string; readonly notAfter: number },
): 'current' | 'candidate' | 'newer' | 'older' {
  if (presented.serial === current.serial) return 'current';
  if (presented.serial === candidateSerial) return 'candidate';
  return presented.notAfter > current.notAfter ? 'newer' : 'older';
}

export function nodeCertificateVerdict(notAfter: number, now: number, lifeMs: number): Verdict {
  const severity = endingSeverity(notAfter, now, nodeNoticeMs(lifeMs));
  const at = new Date(notAfter).toISOString();
  if (severity === null)
    return ownVerdict('CAS-CRT-001', {
      status: 'pass',
      summary: `The agent's certificate is good until ${at}.`,
    });
  const summary =
    severity === 'critical'
      ? `The agent's certificate ended at ${at}: the agent cannot connect with it.`
      : `The agent's certificate ends at ${at} and was not renewed when it was due.`;
  return ownVerdict('CAS-CRT-001', { status: 'fail', severity, summary });
}

export interface ServerCertificate {
  /** What it is of, for people: the finding's subject. */
  readonly subject:
    | 'agent listener'
    | 'console listener'
    | 'authority'
    | 'previous authority'
    | 'services authority'
    | 'previous services authority';
  readonly notAfter: number;
}

export function serverCertificateVerdict({ subject, notAfter }: ServerCertificate, now: number): Verdict {
  const noticeMs = ['authority', 'services authority'].includes(subject) ? AUTHORITY_NOTICE_MS : NOTICE_MS;
  const severity = endingSeverity(notAfter, now, noticeMs);
  const at = new Date(notAfter).toISOString();
  if (severity === null)
    return ownVerdict('CAS-CRT-002', {
      status: 'pass',
      subject,
      summary: `The certificate of the ${subject} is good until ${at}.`,
    });
  const summary = `The certificate of the ${subject} ${severity === 'critical' ? 'ended' : 'ends'} at ${at}.`;
  return ownVerdict('CAS-CRT-002', { status: 'fail', severity, subject, summary });
}
