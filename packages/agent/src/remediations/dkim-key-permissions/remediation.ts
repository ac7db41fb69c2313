import { planAccess, verifyAccess } from '../../knowledge/access/plan-access.js';
import { NO_MODES_KEPT } from '../../knowledge/access/wording.js';
import { isWorkingCopy } from '../../knowledge/eccfg/working-copy.js';
import { defineRemediation, type Verified, type VerifyContext } from '../../units/remediation.js';
import { faultyKeys, type Reads, wantedChanges } from './wanted.js';

const CONTROL = 'MOM-DKIM-001';

export default defineRemediation<Reads>({
  slug: 'dkim-key-permissions',
  title: "DKIM keys for root and Momentum's user only",
  fixes: [CONTROL],
  risk: 'Owners, groups and modes change; contents do not. A person or script that read a key through a wrong mode no longer can.',
  reads: ['dkimKeys', 'momentumConfig', 'install'],
  params: {},
  timeoutMs: 120_000,
  plan: ({ facts, look }) =>
    planAccess(wantedChanges(facts, look.files), facts.install, {
      none: "every DKIM key is for root and Momentum's user only",
      more: isWorkingCopy(look.files) ? [NO_MODES_KEPT] : [],
    }),
  verify,
});

/** The control judges the keys' length too, which no mode mends: what is left of that is told, and takes nothing back. */
async function verify(context: VerifyContext<Reads>): Promise<Verified> {
  const wanted = wantedChanges(context.facts, context.look.files);
  const [faulty] = wanted.notes.length > 0 ? [] : faultyKeys(context.facts);
  if (faulty) return { ok: false, why: `the wrong people can read ${faulty.path}, or the right one cannot` };
  const { status, summary } = await context.recheck(CONTROL);
  const isLeft = status === 'fail' || status === 'indeterminate';
  return verifyAccess(
    context,
    isLeft ? { ...wanted, notes: [...wanted.notes, `${CONTROL}: ${summary}`] } : wanted,
    [CONTROL],
  );
}
