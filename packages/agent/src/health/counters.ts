export interface OwnCost {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Share of one core since the last reading: 0.01 is one per cent. */
  readonly cpuShare: number;
}

/** Reads what this process costs, since the reading before. `nowMs` from the clock. */
export function ownCostReader(): (nowMs: number) => OwnCost {
  let last: { atMs: number; cpuUs: number } | null = null;
  return (nowMs) => {
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const cpuUs = user + system;
    const spanMs = last ? nowMs - last.atMs : 0;
    const cpuShare = last && spanMs > 0 ? (cpuUs - last.cpuUs) / 1000 / spanMs : 0;
    last = { atMs: nowMs, cpuUs };
    return { rssBytes: rss, heapBytes: heapUsed, cpuShare: Math.round(cpuShare * 10_000) / 10_000 };
  };
}
