import { casError } from '@castellan/shared/errors/cas-error';
import { err } from '@castellan/shared/base/result';
import type { Clock } from '../ports/clock.js';
import { instant } from '../ports/clock.js';
import type { Carrier } from './run-desk.js';

/** Stands where nothing can be carried out: looks and reports only. */
export function lookingOnly(clock: Clock): Carrier {
  return {
    recover: () => Promise.resolve(),
    plan: (slug) => Promise.resolve(err(casError('CAS_REMEDIATION_UNKNOWN', `this agent carries out no remediation, so not "${slug}"`))),
    apply: ({ runId }, progress) => {
      progress({ runId, index: 1, at: instant(clock), state: 'refused', line: 'this agent carries out no remediation', error: 'CAS_REMEDIATION_UNKNOWN' });
      return Promise.resolve();
    },
  };
}
