import type { Verdict } from '@castellan/shared/model/verdict';

export const REPLACED_CONTROL = 'CAS-NODE-006';
export const REPLACED_SUBJECT = 'identity';
/** After this somebody has seen it, or nobody will. */
export const REPLACED_SHOWN_MS = 24 * 3_600_000;

/** The server's own verdict on a node that was given a new identity without its old key. */
export function replacedVerdict(status: 'fail' | 'pass', summary: string): Verdict {
  return {
    control: REPLACED_CONTROL,
    title: "This node's identity is the one that it was enrolled with",
    severity: 'medium',
    status,
    subject: REPLACED_SUBJECT,
    summary,
    violations:
      status === 'fail' ? [{ at: { object: 'castellan-agent' }, found: summary.slice(0, 4096) }] : [],
    reason: null,
    remediation: null,
    sources: [],
  };
}
