/** What happens too often to be written down each time; the metrics page shows it. Kinds are few: codes and types. */
export interface Counters {
  add(family: CounterFamily, kind: string): void;
  entries(family: CounterFamily): readonly (readonly [kind: string, count: number])[];
}

export type CounterFamily =
  | 'connectionsRefused'
  | 'framesRefused'
  | 'messagesReceived'
  | 'recordsRepeated'
  | 'attempts'
  | 'heartbeats'
  | 'storeFailures'
  | 'verdictsRefused'
  | 'nodesSlowed'
  | 'certificates';

export function counters(): Counters {
  const families = new Map<CounterFamily, Map<string, number>>();
  return {
    add(family, kind) {
      const counts = families.get(family) ?? new Map<string, number>();
      families.set(family, counts.set(kind, (counts.get(kind) ?? 0) + 1));
    },
    entries: (family) => [...(families.get(family) ?? [])],
  };
}
