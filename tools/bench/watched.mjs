// What one change costs an agent that watches 20,000 files more than a node has, in CPU time of its own and of the programs it runs, and what
// it holds in memory.
import { appendFileSync, chmodSync } from 'node:fs';
import { sleep, withFleet } from './fleet.mjs';
import { fillConfiguration } from './large-tree.mjs';
import { cpuMs, median, report, round, rssMb, say } from './measure.mjs';

const FILES = 20_000;
const CHANGES = 20;
/** Longer than the agent waits for further changes, and short enough that no full scan falls into most of them. */
const SETTLE_MS = 2_000;
const BEFORE_MS = 30_000;

export async function benchWatched() {
  await withFleet(async ({ agentPid, nodeDir }) => {
    say(`making ${FILES} files and waiting for the agent to watch them`);
    const paths = fillConfiguration(nodeDir, FILES);
    await sleep(BEFORE_MS);
    const rssSettledMb = rssMb(agentPid);
    const costOf = async (change) => {
      const costs = [];
      for (let i = 0; i < CHANGES; i += 1) {
        const before = cpuMs(agentPid);
        change(paths[(i * 997) % paths.length], i);
        await sleep(SETTLE_MS);
        costs.push(cpuMs(agentPid) - before);
      }
      return costs;
    };
    const idle = await costOf(() => undefined);
    const modes = await costOf((path, i) => chmodSync(path, i % 2 === 0 ? 0o644 : 0o640));
    const contents = await costOf((path) => appendFileSync(path, '# changed\n'));
    for (const [change, costs] of [
      ['mode', modes],
      ['content', contents],
    ])
      report({
        measurement: 'change-cpu',
        change,
        files: FILES,
        changes: CHANGES,
        medianMs: round(median(costs)),
        floor: 'the same time without a change',
        floorMedianMs: round(median(idle)),
        resolutionMs: 10,
        reach: 'medianMs <= 50',
      });
    report({
      measurement: 'agent-watching-rss',
      files: FILES,
      rssMb: round(rssSettledMb),
      afterChangesMb: round(rssMb(agentPid)),
      reach: 'rssMb <= 120',
    });
  });
}
