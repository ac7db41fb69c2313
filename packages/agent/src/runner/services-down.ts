import { EC_CONSOLE, statusCommand } from '../knowledge/momentum/programs.js';
import { SERVICES, type Service, type Step } from '../units/step.js';
import type { RunContext } from './steps/run-context.js';

const STATUS_MS = 30_000;
/** LSB, init script actions: dead with a pid file, dead with a lock file, not running. */
const DOWN = [1, 2, 3];

/**
 * Services of the run that their own init scripts call down. ASSUMED: `status` ends as LSB has it; the manual names no
 * code. What an init script does not say is not guessed. Steps that cannot be read: every service is asked.
 */
export async function servicesDown(
  steps: readonly Step[],
  { deps }: Pick<RunContext, 'deps'>,
): Promise<string[]> {
  const down: string[] = [];
  for (const service of steps.length === 0 ? SERVICES : servicesOf(steps)) {
    const { program, argv } = statusCommand(service);
    const result = await deps.exec.run({ program, argv, timeoutMs: STATUS_MS });
    if (result.kind === 'exited' && DOWN.includes(result.code))
      down.push(`${service} is down (${program} ${argv.join(' ')} ended with ${result.code})`);
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
