import { dirname } from 'node:path';
import type { Collector } from '../units/fact.js';
import type { FactStates } from './collect.js';
import type { Touched } from './recording-files.js';

/** The facts that a change of these paths may have changed, and the facts that need them. */
export function staleFacts(
  changed: Iterable<string>,
  states: FactStates,
  collectors: readonly Collector[],
): Set<string> {
  const stale = new Set<string>();
  for (const path of changed) {
    for (const [name, state] of states) {
      if (!stale.has(name) && concerns(path, state.touched)) stale.add(name);
    }
  }
  return withDependents(stale, collectors);
}

/** Whether a change at `path` can change what was seen: the path itself, a name in a listed folder, or a swapped folder above. */
function concerns(path: string, touched: Touched): boolean {
  if (touched.paths.has(path) || touched.listed.has(dirname(path))) return true;
  if (foldersAbove(touched).has(path)) return true;
  for (let at = path; ; at = dirname(at)) {
    if (touched.walked.has(at)) return true;
    if (at === '/') return false;
  }
}

/** Every folder above what was touched, once for each record: thousands of paths may have changed at once. */
const ABOVE = new WeakMap<Touched, ReadonlySet<string>>();

function foldersAbove(touched: Touched): ReadonlySet<string> {
  const known = ABOVE.get(touched);
  if (known) return known;
  const above = new Set<string>();
  for (const path of touched.paths) {
    for (let at = dirname(path); !above.has(at); at = dirname(at)) above.add(at);
  }
  ABOVE.set(touched, above);
  return above;
}

/** The facts, and those that need them, however indirectly. */
export function withDependents(names: Iterable<string>, collectors: readonly Collector[]): Set<string> {
  const stale = new Set(names);
  for (let size = -1; size !== stale.size; ) {
    size = stale.size;
    for (const collector of collectors) {
      if (collector.needs.some((need) => stale.has(need))) stale.add(collector.name);
    }
  }
  return stale;
}
