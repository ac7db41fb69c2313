// What an agent costs a node on which nothing happens: resident memory, and CPU time over 60 s of its own and of the
// programs it runs. The floor is a Node process that holds one idle connection's worth of nothing.
import { spawn } from 'node:child_process';
import { sleep, withFleet } from './fleet.mjs';
import { cpuMs, report, round, rssMb, say } from './measure.mjs';

const SETTLE_MS = 15_000;
const WINDOW_MS = 60_000;

export async function benchIdle() {
  await withFleet(async ({ agentPid }) => {
    const bare = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    try {
      say(`idle for ${(SETTLE_MS + WINDOW_MS) / 1000} s`);
      await sleep(SETTLE_MS);
      const [agentBefore, bareBefore, startedAt] = [cpuMs(agentPid), cpuMs(bare.pid), performance.now()];
      await sleep(WINDOW_MS);
      const windowS = (performance.now() - startedAt) / 1000;
      const share = (pid, before) => ((cpuMs(pid) - before) / 1000 / windowS) * 100;
      const [rss, floorRss] = [rssMb(agentPid), rssMb(bare.pid)];
      const floor = 'a Node process that only waits';
      report({
        measurement: 'agent-idle-rss',
        rssMb: round(rss),
        floor,
        floorRssMb: round(floorRss),
        ratio: round(rss / floorRss, 2),
        reach: 'rssMb <= 80',
      });
      report({
        measurement: 'agent-idle-cpu',
        windowS: round(windowS),
        cpuPercent: round(share(agentPid, agentBefore), 3),
        floor,
        floorCpuPercent: round(share(bare.pid, bareBefore), 3),
        reach: 'cpuPercent <= 0.3',
      });
    } finally {
      bare.kill();
    }
  });
}
