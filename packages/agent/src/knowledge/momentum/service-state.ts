import type { Exec } from '../../ports/exec.js';
import type { Service } from '../../units/step.js';
import { statusCommand } from './programs.js';

const STATUS_MS = 30_000;
/** LSB, init script actions: dead with a pid file, dead with a lock file, not running. */
const DOWN = [1, 2, 3];

export interface ServiceState {
  readonly state: 'up' | 'down' | 'unknown';
  /** The call and how it ended, for a person. */
  readonly said: string;
}

/**
 * What a service's own init script says of it. ASSUMED: `status` ends as LSB has it; the manual names no code. What an
 * init script does not say is not guessed.
 */
export async function serviceState(exec: Exec, service: Service): Promise<ServiceState> {
  const { program, argv } = statusCommand(service);
  const call = `${program} ${argv.join(' ')}`;
  const result = await exec.run({ program, argv, timeoutMs: STATUS_MS });
  if (result.kind === 'unstarted') return { state: 'unknown', said: `${call}: ${result.detail}` };
  if (result.kind !== 'exited') return { state: 'unknown', said: `${call}: ${result.kind}` };
  const said = `${call} ended with ${result.code}`;
  if (result.code === 0) return { state: 'up', said };
  return { state: DOWN.includes(result.code) ? 'down' : 'unknown', said };
}
