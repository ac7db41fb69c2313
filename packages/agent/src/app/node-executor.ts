import type { RunEvent } from '@castellan/shared/model/run';
import type { JudgePolicy } from '../engine/judge.js';
import type { RunLock } from '../ports/run-lock.js';
import type { Signer } from '../ports/signer.js';
import type { StateStore } from '../ports/state-store.js';
import { remediations } from '../registry/remediations.generated.js';
import { applyRemediation } from '../runner/apply.js';
import type { PlanDeps, RunnerDeps } from '../runner/deps.js';
import { isKnownRun, writtenRuns } from '../runner/journal.js';
import { lastWords } from '../runner/last-words.js';
import { planRemediation } from '../runner/plan.js';
import { isWorthTrying, recoverRuns } from '../runner/recover.js';
import type { CollectSettings } from '../units/fact.js';
import { type IssuingSettings, NO_ISSUING, NOT_BY_SERVER, type ServerIssuing } from '../units/issuing.js';
import type { Executor } from './command-dispatcher.js';
import { nodeInspection } from './node-inspection.js';
import type { AgentPorts, ScanPorts } from './ports.js';

export interface ExecutorDeps {
  readonly ports: AgentPorts;
  /** What facts are collected with; absent: `ports`. */
  readonly looks?: ScanPorts;
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
    inspect: () => nodeInspection(collecting(deps)),
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
    isOtherAtIt: () => deps.lock.isOthers?.() ?? false,
    lastWords: () => lastWords(deps.store, deps.ports.clock),
    plan: (slug, params, services) => planRemediation(planDeps(deps, services), { slug, params }),
    apply: async ({ runId, slug, params, planDigest, services }, progress) => {
      await applyRemediation(runner(progress, services), { runId, slug, params, planDigest });
    },
  };
}

function collecting<T extends { readonly ports: ScanPorts; readonly looks?: ScanPorts }>(
  deps: T,
): T & { readonly ports: ScanPorts } {
  return { ...deps, ports: deps.looks ?? deps.ports };
}

/** What planning needs; it writes nothing. */
export function planDeps(
  deps: Pick<ExecutorDeps, 'ports' | 'looks' | 'store' | 'settings' | 'signal' | 'issuing'>,
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
    collect: (names) => nodeInspection(collecting(deps)).collect(names),
  };
}
