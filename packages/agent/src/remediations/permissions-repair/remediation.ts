import { planAccess, verifyAccess } from '../../knowledge/access/plan-access.js';
import { NO_MODES_KEPT } from '../../knowledge/access/wording.js';
import { defineRemediation } from '../../units/remediation.js';
import { type Reads, wantedChanges } from './wanted.js';

const CONTROLS = ['MOM-PERM-002', 'MOM-PERM-003', 'MOM-CRED-004'];

export default defineRemediation<Reads>({
  slug: 'permissions-repair',
  title: "Let Momentum's user read its configuration, and nobody else the credentials",
  fixes: CONTROLS,
  risk: 'Owners, groups and modes change; contents do not. A person or script that read a credential through a wrong mode no longer can. Shared folders become passable for everybody.',
  reads: ['configTree', 'credentialStore', 'secretFiles', 'install'],
  params: {},
  timeoutMs: 120_000,
  plan: ({ facts, look }) =>
    planAccess(wantedChanges(facts, look.files), facts.install, {
      none: 'every owner and mode that this remediation looks after is as it should be',
      more: facts.configTree.workingCopy ? [NO_MODES_KEPT] : [],
    }),
  verify: (context) => verifyAccess(context, wantedChanges(context.facts, context.look.files), CONTROLS),
});
