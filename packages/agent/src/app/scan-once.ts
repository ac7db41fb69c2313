import type { CheckReport } from '@castellan/shared/model/check-report';
import { summarise } from '@castellan/shared/model/check-report';
import type { FactStates } from '../engine/collect.js';
import { type JudgePolicy, NO_POLICY } from '../engine/judge.js';
import { withNeeds } from '../engine/order.js';
import { instant } from '../ports/clock.js';
import { collectors } from '../registry/collectors.generated.js';
import { controls as allControls } from '../registry/controls.generated.js';
import type { Control } from '../units/control.js';
import type { Collector, CollectSettings, FactName } from '../units/fact.js';
import { Observer } from './observer.js';
import type { ScanPorts } from './ports.js';
import { AGENT_VERSION } from './version.js';

export interface ScanRequest {
  readonly ports: ScanPorts;
  readonly settings: CollectSettings;
  readonly policy?: JudgePolicy;
  /** Control ids; absent: all. */
  readonly only?: readonly string[];
  /** From which login the node is inspected, where that is another host's; absent: the agent is on the node. */
  readonly beside?: string;
  readonly signal: AbortSignal;
}

export interface Scanned {
  readonly report: CheckReport;
  readonly states: FactStates;
}

/** One full look at the node, and what `castellan-agent check` says of it. */
export async function scanOnce({
  ports,
  settings,
  policy = NO_POLICY,
  only,
  beside,
  signal,
}: ScanRequest): Promise<Scanned> {
  const controls: Control[] = allControls
    .filter((control) => only === undefined || only.includes(control.id))
    .sort(byId);
  const wanted = withNeeds(
    ['install', 'momentumVersion', ...controls.flatMap((control) => control.reads)],
    collectors,
  );
  const observer = new Observer({
    ...ports,
    collectors: collectors.filter((collector) => wanted.has(collector.name)).sort(treesLast),
    controls,
    policy,
    settings,
    signal,
  });
  await observer.scanAll();
  const report: CheckReport = {
    schema: 'castellan.check/1',
    observedAt: instant(ports.clock),
    agentVersion: AGENT_VERSION,
    node: { ...observer.description, ...(beside === undefined ? {} : { beside: { through: beside } }) },
    verdicts: [...observer.verdicts],
    summary: summarise(observer.verdicts),
  };
  return { report, states: observer.states };
}

/** Facts of whole trees: a walk that has begun already goes on while the others are collected. */
const OF_TREES: ReadonlySet<string> = new Set<FactName>(['configTree', 'writablePlaces']);

function treesLast(a: Collector, b: Collector): number {
  return Number(OF_TREES.has(a.name)) - Number(OF_TREES.has(b.name));
}

function byId(a: Control, b: Control): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
