import { planAccess, verifyAccess } from '../../knowledge/access/plan-access.js';
import { defineRemediation } from '../../units/remediation.js';
import { type Reads, wantedChanges } from './wanted.js';

const CONTROLS = ['MOM-CRT-009'];

export default defineRemediation<Reads>({
  slug: 'key-permissions',
  title: 'Private keys for root and their service only',
  fixes: CONTROLS,
  risk: 'Owners, groups and modes change; contents do not. A person or script that read a key through a wrong mode no longer can.',
  reads: ['privateKeys', 'install'],
  params: {},
  timeoutMs: 120_000,
  plan: ({ facts, look }) =>
    planAccess(wantedChanges(facts, look.files), facts.install, {
      none: 'every private key that is named is for root and its service only',
    }),
  verify: (context) => verifyAccess(context, wantedChanges(context.facts, context.look.files), CONTROLS),
});
