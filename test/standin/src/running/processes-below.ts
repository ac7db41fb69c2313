import { readdirSync, readFileSync } from 'node:fs';

/** The processes of this host that one has begun, by its number; one that only waits to be asked about is none any more. */
export function childrenOf(pid: number): number[] {
  return parents()
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child);
}

/** Those too that its children have begun, and theirs, each before what it began. */
export function processesBelow(pid: number): number[] {
  const all = parents();
  const found: number[] = [];
  for (const pids = [pid]; pids.length > 0; ) {
    const above = pids.shift();
    const own = all.filter(([, parent]) => parent === above).map(([child]) => child);
    found.push(...own);
    pids.push(...own);
  }
  return found;
}

function parents(): (readonly [pid: number, parent: number])[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const parent = parentOf(name);
      return parent === null ? [] : [[Number(name), parent] as const];
    });
}

/** Null: it is gone meanwhile, or ended. */
function parentOf(pid: string): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : Number(parent);
  } catch {
    return null;
  }
}
