import type { RunEvent } from '@castellan/shared/model/run';
import { rankOf } from '@castellan/shared/model/verdict';
import { collectAll, factsOf } from '../engine/collect.js';
import { type JudgePolicy, judge, NO_POLICY } from '../engine/judge.js';
import { withNeeds } from '../engine/order.js';
import type { RunLock } from '../ports/run-lock.js';
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
import type { Executor } from './command-dispatcher.js';
import type { AgentPorts } from './ports.js';

export interface ExecutorDeps {
  readonly ports: AgentPorts;
  readonly store: StateStore;
  readonly lock: RunLock;
  readonly settings: CollectSettings;
  readonly policy?: JudgePolicy;
  /** Null: whoever sits at the node's own shell decides. */
  readonly allow: readonly string[] | null;
  isAuditOnly(): boolean;
  readonly signal: AbortSignal;
}

/** Carries out remediations on this node, for the server's commands and for the shell alike. */
export function nodeExecutor(deps: ExecutorDeps): Executor {
  const runner = (onEvent: (event: RunEvent) => void): RunnerDeps => ({
    ...planDeps(deps),
    writer: deps.ports.writer,
    state: deps.store,
    lock: deps.lock,
    recheck: (controlId, subject) => recheck(deps, controlId, subject),
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
    plan: (slug, params) => planRemediation(planDeps(deps), { slug, params }),
    apply: async ({ runId, slug, params, planDigest }, progress) => {
      await applyRemediation(runner(progress), { runId, slug, params, planDigest });
    },
  };
}

/** What planning needs; it writes nothing. */
export function planDeps(deps: Pick<ExecutorDeps, 'ports' | 'store' | 'settings' | 'signal'>): PlanDeps {
  const { files, exec, net, processes, clock } = deps.ports;
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

/** The worst of the control's verdicts, or the one on a subject, collected afresh. */
async function recheck(
  deps: ExecutorDeps,
  controlId: string,
  subject?: string,
): Promise<{ readonly status: string; readonly summary: string }> {
  const control = controls.find(({ id }) => id === controlId);
  if (!control) return { status: 'unknown', summary: 'this agent has no such control' };
  const [verdict] = judge(
    [control],
    await freshStates(deps, control.reads),
    deps.policy ?? NO_POLICY,
    deps.ports.clock,
  )
    .filter((one) => subject === undefined || one.subject === subject)
    .toSorted((a, b) => rankOf(a) - rankOf(b));
  return verdict
    ? { status: verdict.status, summary: verdict.summary }
    : {
        status: 'not-applicable',
        summary: subject === undefined ? 'switched off by policy' : `nothing is judged of ${subject}`,
      };
}
