import type { Verified, VerifyContext } from './remediation.js';

/** Judges the controls anew: each must pass, or have nothing to judge. */
export async function recheckAll(
  context: Pick<VerifyContext, 'recheck' | 'note'>,
  controls: readonly string[],
): Promise<Verified> {
  for (const id of controls) {
    const { status, summary } = await context.recheck(id);
    context.note(`${id}: ${status}. ${summary}`);
    if (status !== 'pass' && status !== 'not-applicable')
      return { ok: false, why: `${id} is ${status} after the change: ${summary}` };
  }
  return { ok: true };
}
