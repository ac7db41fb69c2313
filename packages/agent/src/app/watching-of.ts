import { Poller, type PollerDeps } from '../watch/poller.js';
import type { AgentInput } from './start-agent.js';

/** Changes are asked for. */
export function pollingOf(deps: Omit<PollerDeps, 'signal' | 'changed'>): NonNullable<AgentInput['watching']> {
  return (told) => new Poller({ ...deps, ...told });
}
