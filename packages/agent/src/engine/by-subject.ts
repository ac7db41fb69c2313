import { createHash } from 'node:crypto';
import { plainText } from '@castellan/shared/model/bounds';
import { rankOf } from '@castellan/shared/model/verdict';
import type { Attached, Judgement, Outcome } from '../units/control.js';

/** The most subjects of one control; what is beyond is judged together, under OTHERS. */
export const SUBJECTS_MAX = 256;
export const SUBJECT_LENGTH_MAX = 512;
export const OTHERS = 'all others';

export type Judged = Outcome | (Attached & { readonly status: 'errored'; readonly reason: string });
export type JudgedSubject = Judged & { readonly subject: string };

/**
 * What a control answered, a subject each. An answer without a subject, or with one twice, would lose a finding or mix
 * up two: that is our bug, and the control's verdict says so.
 */
export function bySubject(whole: string, answer: Judged | readonly Judgement[]): JudgedSubject[] {
  if (!isList(answer)) return [{ ...answer, subject: whole }];
  const judged = answer.map((one) => ({ ...one, subject: shortened(one.subject) }));
  const subjects = new Set(judged.map(({ subject }) => subject));
  if (subjects.size < judged.length || subjects.has('') || subjects.size === 0)
    return [
      { subject: whole, status: 'errored', reason: 'judging gave no subject, an empty one, or one twice' },
    ];
  if (judged.length <= SUBJECTS_MAX) return judged;
  const sorted = judged.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.subject < b.subject ? -1 : 1));
  return [...sorted.slice(0, SUBJECTS_MAX - 1), together(sorted.slice(SUBJECTS_MAX - 1))];
}

export function isList(answer: Judged | readonly Judgement[]): answer is readonly Judgement[] {
  return Array.isArray(answer);
}

/** A long one keeps its beginning, and a digest of the whole that tells it from its like. */
function shortened(subject: string): string {
  const text = plainText(subject);
  if (text.length <= SUBJECT_LENGTH_MAX) return text;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${text.slice(0, SUBJECT_LENGTH_MAX - digest.length - 1)}…${digest}`;
}

/** The worst of them, with every place of those that are as bad. */
function together(rest: readonly Judgement[]): JudgedSubject {
  const [worst] = rest;
  if (!worst) throw new Error('nothing to put together');
  const text = `${rest.length} more subjects, the worst of them ${worst.subject}: ${'summary' in worst ? worst.summary : worst.reason}`;
  if (worst.status !== 'fail')
    return { ...worst, subject: OTHERS, ...('summary' in worst ? { summary: text } : { reason: text }) };
  const violations = rest.flatMap((one) => (one.status === 'fail' ? one.violations : []));
  return { ...worst, subject: OTHERS, summary: text, violations };
}
