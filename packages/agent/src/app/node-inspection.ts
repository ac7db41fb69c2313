import { rankOf } from '@castellan/shared/model/verdict';
import { collectAll, type FactStates, factsOf } from '../engine/collect.js';
import { type JudgePolicy, judge, NO_POLICY } from '../engine/judge.js';
import { withNeeds } from '../engine/order.js';
import { collectInPasses } from '../engine/passes.js';
import { WalkCache } from '../engine/walk-cache.js';
import { collectors } from '../registry/collectors.generated.js';
import { controls } from '../registry/controls.generated.js';
import type { Inspection } from '../runner/deps.js';
import type { Control } from '../units/control.js';
import { type CollectSettings, FactUnavailable } from '../units/fact.js';
import type { Asked, Rechecked } from '../units/remediation.js';
import type { ScanPorts } from './ports.js';

export interface InspectionDeps {
  /** What facts are collected with. */
  readonly ports: ScanPorts;
  readonly settings: CollectSettings;
  readonly policy?: JudgePolicy;
  readonly signal: AbortSignal;
}

/** A look at this node that begins now: each fact is collected when it is first asked for, and once. */
export function nodeInspection(deps: InspectionDeps): Inspection {
  let states: FactStates = new Map();
  const look = async (names: readonly string[]): Promise<FactStates> => {
    const known = names.filter((name) => collectors.some((collector) => collector.name === name));
    const wanted = [...withNeeds(known, collectors)].filter((name) => !states.has(name));
    const { ports, settings, signal } = deps;
    const all = { ...ports, collectors, settings, signal };
    const { snapshot } = ports;
    states = snapshot
      ? await collectInPasses(new Set(wanted), { ...all, snapshot }, states, new WalkCache(ports.files))
      : await collectAll(new Set(wanted), all, states);
    return states;
  };
  return {
    async collect(names) {
      const all = await look(names);
      for (const name of names) {
        const state = all.get(name);
        if (state?.state !== 'collected')
          throw new FactUnavailable(state ? state.reason : `nothing collects ${name}`);
      }
      return factsOf(names, all);
    },
    async recheck(controlId, isAsked = () => true) {
      const control = controls.find(({ id }) => id === controlId);
      if (!control) return { status: 'unknown', summary: 'this agent has no such control' };
      const seen = worstOf(deps, control, await look(control.reads), isAsked);
      if (seen.status === 'pass') return seen;
      // A listener that is only coming up is not there to be judged yet.
      states = new Map();
      return worstOf(deps, control, await look(control.reads), isAsked);
    },
  };
}

/** The worst of the control's verdicts on the subjects that are asked for. */
function worstOf(deps: InspectionDeps, control: Control, states: FactStates, isAsked: Asked): Rechecked {
  const verdicts = judge([control], states, deps.policy ?? NO_POLICY, deps.ports.clock);
  if (typeof isAsked === 'string' && !verdicts.some(({ subject }) => subject === isAsked))
    return { status: 'not-applicable', summary: `nothing is judged of ${isAsked}` };
  const asked = verdicts.filter(({ subject }) =>
    typeof isAsked === 'string' ? subject === isAsked : isAsked(subject),
  );
  // What is said of the whole, where nothing of the subject is, is said of it too.
  const [verdict] = (asked.length > 0 ? asked : verdicts).toSorted((a, b) => rankOf(a) - rankOf(b));
  if (!verdict) return { status: 'not-applicable', summary: 'switched off by policy' };
  const { status, summary, severity } = verdict;
  return { status, summary, ...(status === 'fail' ? { severity } : {}) };
}
