import type { RunEvent } from '@castellan/shared/model/run';
import { rankOf } from '@castellan/shared/model/verdict';
import { collectAll, factsOf } from '../engine/collect.js';
import { type JudgePolicy, judge, NO_POLICY } from '../engine/judge.js';
import { withNeeds } from '../engine/order.js';
import type { RunLock } from '../ports/run-lock.js';
import type { Signer } from '../ports/signer.js';
import type { StateStore } from '../ports/state-store.js';
import { collectors } from '../registry/collectors.generated.js';
import { controls } from '../registry/controls.generated.js';
import { remediations } from '../registry/remediations.generated.js';
import { applyRemediation } from '../runner/apply.js';
import type { PlanDeps, RunnerDeps } from '../runner/deps.js';
import { isKnownRun, writtenRuns } from '../runner/journal.js';
import { lastWords } from '../runner/last-words.js';
import { planRemediation } from '../runner/plan.js';
import { isWorthTrying, recoverRuns } from '../runner/recover.js';
import { type CollectSettings, FactUnavailable } from '../units/fact.js';
import { type IssuingSettings, NO_ISSUING, NOT_BY_SERVER, type ServerIssuing } from '../units/issuing.js';
import type { Asked, Rechecked } from '../units/remediation.js';
import type { Executor } from './command-dispatcher.js';
import type { AgentPorts } from './ports.js';

export interface ExecutorDeps {
  readonly ports: AgentPorts;
  readonly store: StateStore;
  readonly lock: RunLock;
  readonly settings: CollectSettings;
  /** Absent: nobody is set up to be asked for certificates. */
  readonly issuing?: Omit<IssuingSettings, 'server'>;
  /** Absent: there is no server that could sign. */
  readonly signer?: Signer;
  readonly policy?: JudgePolicy;
  /** Null: whoever sits at the node's own shell decides. */
  readonly allow: readonly string[] | null;
  isAuditOnly(): boolean;
  readonly signal: AbortSignal;
}

/** Carries out remediations on this node, for the server's commands and for the shell alike. */
export function nodeExecutor(deps: ExecutorDeps): Executor {
  const runner = (onEvent: (event: RunEvent) => void, services?: ServerIssuing): RunnerDeps => ({
    ...planDeps(deps, services),
    ...(deps.signer === undefined ? {} : { signer: deps.signer }),
    writer: deps.ports.writer,
    state: deps.store,
    lock: deps.lock,
    recheck: (controlId, isAsked) => recheck(deps, controlId, isAsked),
    allow: deps.allow,
    isAuditOnly: () => deps.isAuditOnly(),
    onEvent,
  });
  return {
    hasBegun: (runId) => isKnownRun(deps.store, runId),
    recover: async (progress) => {
      await recoverRuns(runner(progress));
    },
    unfinished: () =>
      writtenRuns(deps.store).filter((run) => run.ended === null || isWorthTrying(run)).length,
    isOtherAtIt: () => {
      const holder = deps.lock.holder?.() ?? null;
      return holder !== null && holder !== process.pid;
    },
    lastWords: () => lastWords(deps.store, deps.ports.clock),
    plan: (slug, params, services) => planRemediation(planDeps(deps, services), { slug, params }),
    apply: async ({ runId, slug, params, planDigest, services }, progress) => {
      await applyRemediation(runner(progress, services), { runId, slug, params, planDigest });
    },
  };
}

/** What planning needs; it writes nothing. */
export function planDeps(
  deps: Pick<ExecutorDeps, 'ports' | 'store' | 'settings' | 'signal' | 'issuing'>,
  services: ServerIssuing = NOT_BY_SERVER,
): PlanDeps {
  const { files, exec, net, processes, clock, acme } = deps.ports;
  const { settings, signal } = deps;
  return {
    files,
    exec,
    net,
    processes,
    clock,
    settings,
    signal,
    remediations,
    state: deps.store,
    issuing: { ...(deps.issuing ?? NO_ISSUING), server: services },
    ...(acme === undefined ? {} : { acme }),
    collect: (names) => freshFacts(deps, names),
  };
}

async function freshStates(
  { ports, settings, signal }: Pick<ExecutorDeps, 'ports' | 'settings' | 'signal'>,
  names: readonly string[],
) {
  const known = names.filter((name) => collectors.some((collector) => collector.name === name));
  return collectAll(withNeeds(known, collectors), { ...ports, collectors, settings, signal });
}

async function freshFacts(
  deps: Pick<ExecutorDeps, 'ports' | 'settings' | 'signal'>,
  names: readonly string[],
) {
  const states = await freshStates(deps, names);
  for (const name of names) {
    const state = states.get(name);
    if (state?.state !== 'collected')
      throw new FactUnavailable(state ? state.reason : `nothing collects ${name}`);
  }
  return factsOf(names, states);
}

/** The worst of the control's verdicts on the subjects that are asked for, collected afresh. */
async function recheck(
  deps: ExecutorDeps,
  controlId: string,
  isAsked: Asked = () => true,
): Promise<Rechecked> {
  const control = controls.find(({ id }) => id === controlId);
  if (!control) return { status: 'unknown', summary: 'this agent has no such control' };
  const verdicts = judge(
    [control],
    await freshStates(deps, control.reads),
    deps.policy ?? NO_POLICY,
    deps.ports.clock,
  );
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
