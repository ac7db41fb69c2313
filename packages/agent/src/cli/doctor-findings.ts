import type { FactStates } from '../engine/collect.js';
import { collectors } from '../registry/collectors.generated.js';

/** A line of what doctor says. `--`: neither good nor bad. */
export type Finding = readonly [mark: 'ok' | 'no' | '--', what: string, detail: string];

/** What could be collected, and why what could not. */
export function factsOf(states: FactStates): Finding[] {
  return collectors.map(({ name, title }): Finding => {
    const state = states.get(name);
    if (!state) return ['--', name, `not needed by any control: ${title}`];
    return state.state === 'collected'
      ? ['ok', name, `${title} (${state.tookMs} ms)`]
      : ['no', name, state.reason];
  });
}
