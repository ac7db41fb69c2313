import { assert } from '@castellan/shared/base/assert';

interface Needing {
  readonly name: string;
  readonly needs: readonly string[];
}

/** Sorted so that each stands after what it needs; otherwise as given. Asserts on a need that nobody has, and on a circle. */
export function inOrderOfNeeds<T extends Needing>(collectors: readonly T[]): T[] {
  const byName = new Map(collectors.map((collector) => [collector.name, collector]));
  assert(byName.size === collectors.length, 'two collectors make the same fact');
  const done = new Set<string>();
  const open = new Set<string>();
  const ordered: T[] = [];
  const visit = (collector: T): void => {
    if (done.has(collector.name)) return;
    assert(!open.has(collector.name), `the fact ${collector.name} needs itself`);
    open.add(collector.name);
    for (const need of collector.needs) {
      const other = byName.get(need);
      assert(other, `the fact ${collector.name} needs ${need}, which nobody collects`);
      visit(other);
    }
    done.add(collector.name);
    ordered.push(collector);
  };
  for (const collector of collectors) visit(collector);
  return ordered;
}

/** The names, and everything that they need. */
export function withNeeds(names: Iterable<string>, collectors: readonly Needing[]): Set<string> {
  const byName = new Map(collectors.map((collector) => [collector.name, collector]));
  const wanted = new Set<string>();
  const add = (name: string): void => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const need of byName.get(name)?.needs ?? []) add(need);
  };
  for (const name of names) add(name);
  return wanted;
}
