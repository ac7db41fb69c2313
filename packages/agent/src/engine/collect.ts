import type { Facts } from '../facts/facts.generated.js';
import { type Clock, steady } from '../ports/clock.js';
import type { Exec } from '../ports/exec.js';
import type { FileReader } from '../ports/files.js';
import type { Net } from '../ports/net.js';
import type { Processes } from '../ports/processes.js';
import type { CollectContext, Collector, CollectSettings, FactName } from '../units/fact.js';
import { FactInapplicable, FactUnavailable } from '../units/fact.js';
import { freezeFact } from './freeze.js';
import { inOrderOfNeeds } from './order.js';
import { recordingFiles, type Touched } from './recording-files.js';
import { boundedFiles, SCAN_BYTES_MAX, SCAN_ENTRIES_MAX } from './scan-budget.js';
import { WalkCache } from './walk-cache.js';

/**
 * One fact as the last scan left it. `unavailable`: it could not be had, for a reason;
 * `inapplicable`: the node is none that has it; `errored`: our collector failed.
 */
export type FactState =
  | {
      readonly state: 'collected';
      readonly value: unknown;
      readonly touched: Touched;
      readonly tookMs: number;
    }
  | {
      readonly state: 'unavailable' | 'inapplicable' | 'errored';
      readonly reason: string;
      readonly touched: Touched;
      readonly tookMs: number;
    };

export type FactStates = ReadonlyMap<string, FactState>;

export interface CollectDeps {
  readonly collectors: readonly Collector[];
  readonly files: FileReader;
  readonly exec: Exec;
  readonly net: Net;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly settings: CollectSettings;
  readonly signal: AbortSignal;
}

/**
 * Collects the named facts in the order of their needs; the others are taken from `before`. Never throws for a
 * collector's failure: that is the fact's state. `walks`: what is known of trees since an earlier time, told of what
 * changed since.
 */
export async function collectAll(
  names: ReadonlySet<string>,
  deps: CollectDeps,
  before: FactStates = new Map(),
  walks: WalkCache = new WalkCache(deps.files),
): Promise<FactStates> {
  const states = new Map(before);
  for (const collector of inOrderOfNeeds(deps.collectors)) {
    if (!names.has(collector.name)) continue;
    deps.signal.throwIfAborted();
    states.set(collector.name, await collectOne(collector, states, { ...deps, files: walks.files }));
  }
  walks.settle();
  return states;
}

async function collectOne(collector: Collector, states: FactStates, deps: CollectDeps): Promise<FactState> {
  const recording = recordingFiles(
    boundedFiles(
      deps.files,
      { bytesMax: SCAN_BYTES_MAX, entriesMax: SCAN_ENTRIES_MAX, msMax: collector.timeoutMs },
      // In CPU time: a busy machine makes nobody give up.
      () => deps.clock.cpuMs?.() ?? steady(deps.clock),
    ),
  );
  const startedAt = steady(deps.clock);
  const failed = (state: Exclude<FactState['state'], 'collected'>, reason: string): FactState => ({
    state,
    reason,
    touched: recording.touched(),
    tookMs: Math.round(steady(deps.clock) - startedAt),
  });
  const missing = collector.needs
    .map((need) => [need, states.get(need)] as const)
    .filter(([need, state]) => state?.state !== 'inapplicable' || !collector.mayLack?.includes(need))
    .find(([, state]) => state?.state !== 'collected');
  if (missing) {
    const [need, state] = missing;
    const why = state && state.state !== 'collected' ? state.reason : 'it was not collected';
    if (state?.state === 'errored') return failed('errored', `needs the fact ${need}: ${why}`);
    return state && state.state !== 'collected'
      ? failed(state.state, why)
      : failed('unavailable', `needs the fact ${need}: ${why}`);
  }
  try {
    const value = await withinTime(collector, contextOf(collector, states, recording.files), deps);
    return {
      state: 'collected',
      value: freezeFact(value),
      touched: recording.touched(),
      tookMs: Math.round(steady(deps.clock) - startedAt),
    };
  } catch (error) {
    deps.signal.throwIfAborted();
    if (error instanceof FactUnavailable) return failed('unavailable', error.message);
    if (error instanceof FactInapplicable) return failed('inapplicable', error.message);
    return failed(
      'errored',
      `collecting ${collector.name} failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }

  function contextOf(
    one: Collector,
    known: FactStates,
    files: FileReader,
  ): Omit<CollectContext<FactName>, 'signal'> {
    return {
      files,
      exec: deps.exec,
      net: deps.net,
      processes: deps.processes,
      clock: deps.clock,
      settings: deps.settings,
      facts: factsOf(one.needs, known),
    };
  }
}

/** The collected ones of `names`, as controls and collectors read them. */
export function factsOf(names: readonly string[], states: FactStates): Facts {
  const facts: Record<string, unknown> = {};
  for (const name of names) {
    const state = states.get(name);
    if (state?.state === 'collected') facts[name] = state.value;
  }
  // The names are checked by whoever asks: a collector's needs, a control's reads.
  return facts as unknown as Facts;
}

const SLICES = 20;

/**
 * A span of work, not of the wall clock: on a machine that is too busy to come back in time each slice counts as its
 * own length only, and a machine that slept through the whole span has used up one.
 */
async function inSlices(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const count = Math.min(SLICES, Math.max(1, Math.floor(ms / 100)));
  for (let slice = 0; slice < count; slice += 1) await clock.sleep(ms / count, signal);
}

/** A collector that stops at its signal ends in time; one that does not is left behind, and its fact is errored. */
async function withinTime(
  collector: Collector,
  context: Omit<CollectContext<FactName>, 'signal'>,
  deps: CollectDeps,
): Promise<Facts[FactName]> {
  const late = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([deps.signal, late.signal]);
  const timer = inSlices(deps.clock, collector.timeoutMs, AbortSignal.any([done.signal, deps.signal])).then(
    () => {
      late.abort(new Error('overrun'));
      throw new Error(`it took longer than ${collector.timeoutMs} ms`);
    },
  );
  try {
    return await Promise.race([Promise.resolve(collector.collect({ ...context, signal })), timer]);
  } finally {
    done.abort(new Error('collected'));
    // The timer rejects when it is called off: that is not news.
    timer.catch(() => undefined);
  }
}
