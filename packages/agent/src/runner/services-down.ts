import { EC_CONSOLE } from '../knowledge/momentum/programs.js';
import { serviceState } from '../knowledge/momentum/service-state.js';
import { SERVICES, type Service, type Step } from '../units/step.js';
import type { RunContext } from './steps/run-context.js';

/** Services of the run that their own init scripts call down. Steps that cannot be read: every service is asked. */
export async function servicesDown(
  steps: readonly Step[],
  { deps }: Pick<RunContext, 'deps'>,
): Promise<string[]> {
  const down: string[] = [];
  for (const service of steps.length === 0 ? SERVICES : servicesOf(steps)) {
    const { state, said } = await serviceState(deps.exec, service);
    if (state === 'down') down.push(`${service} is down (${said})`);
  }
  return down;
}

/** Those with a listener in the plan as well: one that answers for another service proves nothing. */
function servicesOf(steps: readonly Step[]): ReadonlySet<Service> {
  return new Set(
    steps.flatMap((step) => {
      if (step.kind === 'service') return [step.service];
      return step.kind === 'program' && step.program === EC_CONSOLE ? ['ecelerity' as const] : [];
    }),
  );
}
