import type { Snapshot } from '../ports/snapshot.js';
import type { Collector } from '../units/fact.js';
import { type CollectDeps, collectAll, type FactState, type FactStates } from './collect.js';
import { staleFacts, withDependents } from './stale.js';
import type { WalkCache } from './walk-cache.js';

/** The most batches in which a node is asked for its facts. */
export const PASSES_MAX = 12;
/** How often what changed while it was read is read again. */
export const READ_AGAIN_MAX = 2;

/**
 * As `collectAll`, of a node that answers from a snapshot: collectors that missed something, and those that work with
 * what they made, work again when it was fetched. At the end everything that was read is asked again; what changed
 * meanwhile is read anew, and is unknown when it keeps changing.
 */
export async function collectInPasses(
  names: ReadonlySet<string>,
  deps: CollectDeps & { readonly snapshot: Snapshot },
  before: FactStates,
  walks: WalkCache,
): Promise<FactStates> {
  const isAll = deps.collectors.every(({ name }) => names.has(name));
  try {
    await deps.snapshot.begin(isAll ? null : touchedBy(names, before));
    return await inPasses(names, deps, before, walks);
  } finally {
    walks.forget();
    deps.snapshot.end();
  }
}

async function inPasses(
  names: ReadonlySet<string>,
  deps: CollectDeps & { readonly snapshot: Snapshot },
  before: FactStates,
  walks: WalkCache,
): Promise<FactStates> {
  // What was wanted by the look before, in one batch.
  await deps.snapshot.fetch();
  let states = before;
  let open = names;
  for (let turn = 0, pass = 0; ; turn += 1) {
    for (; open.size > 0 && pass < PASSES_MAX; pass += 1) {
      const uncertain = new Set<string>();
      const collectors = deps.collectors.map((collector) => marking(collector, deps.snapshot, uncertain));
      states = await collectAll(open, { ...deps, collectors }, states, walks);
      // The walks of the engine rest on what was known then.
      if (uncertain.size > 0) walks.forget();
      await deps.snapshot.fetch();
      open = ofThese(names, withDependents(uncertain, deps.collectors));
    }
    if (open.size > 0)
      return unknown(states, open, `the node was asked ${PASSES_MAX} times, and there was still more to ask`);
    const changed = await deps.snapshot.changed();
    open = ofThese(names, staleFacts(changed, states, deps.collectors));
    if (open.size === 0) return states;
    if (turn >= READ_AGAIN_MAX || pass >= PASSES_MAX)
      return unknown(states, open, 'what it is read from kept changing while it was read');
    walks.forget();
  }
}

function touchedBy(names: ReadonlySet<string>, states: FactStates): Set<string> {
  return new Set([...names].flatMap((name) => [...(states.get(name)?.touched.paths ?? [])]));
}

function ofThese(names: ReadonlySet<string>, some: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...some].filter((name) => names.has(name)));
}

/** The same collector, which says when what it made is not certain. */
function marking(collector: Collector, snapshot: Snapshot, uncertain: Set<string>): Collector {
  return {
    ...collector,
    collect: async (context) => {
      const isSure = !collector.needs.some((need) => uncertain.has(need));
      const missesBefore = snapshot.misses;
      snapshot.enter(isSure);
      try {
        return await collector.collect(context);
      } finally {
        if (!isSure || snapshot.misses > missesBefore) uncertain.add(collector.name);
      }
    },
  };
}

function unknown(states: FactStates, names: ReadonlySet<string>, reason: string): FactStates {
  const told = new Map(states);
  for (const name of names) {
    const state = states.get(name);
    const { touched, tookMs } = state ?? { touched: NOTHING, tookMs: 0 };
    told.set(name, { state: 'unavailable', reason, touched, tookMs } satisfies FactState);
  }
  return told;
}

const NOTHING = { paths: new Set<string>(), listed: new Set<string>(), walked: new Set<string>() };
