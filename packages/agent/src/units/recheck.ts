import type { Verified, VerifyContext } from './remediation.js';

/**
 * Judges the controls anew: each must pass, or have nothing to judge, for the subjects that are asked for. What fails at
 * low only is no reason to put back what is better than before: it is left to a person.
 */
export async function recheckAll(
  context: Pick<VerifyContext, 'recheck' | 'note'>,
  controls: readonly string[],
  isAsked?: (subject: string) => boolean,
): Promise<Verified> {
  const left: string[] = [];
  for (const id of controls) {
    const { status, summary, severity } = await context.recheck(id, isAsked);
    context.note(`${id}: ${status}. ${summary}`);
    if (status === 'fail' && severity === 'low') left.push(`${id}: ${summary}`);
    else if (status !== 'pass' && status !== 'not-applicable')
      return { ok: false, why: `${id} is ${status} after the change: ${summary}` };
  }
  return left.length > 0 ? { ok: true, left } : { ok: true };
}
