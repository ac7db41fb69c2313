// What an agent costs a node on which nothing happens: resident memory, and CPU time of its own and of the programs it
// runs, over 60 s between two full looks and over as long as one look and the time to the next take together. The floor is a Node process that holds one idle connection's worth of nothing.
import { spawn } from 'node:child_process';
import { sleep, withFleet } from './fleet.mjs';
import { cpuMs, report, round, rssMb, say } from './measure.mjs';

/** V8 collects once, half a minute after the work of the start, and then no more. */
const SETTLE_MS = 45_000;
const WINDOW_MS = 60_000;
/** `rescanMs`, and as much as its jitter may add. */
const WITH_LOOK_MS = 330_000;

export async function benchIdle() {
  await withFleet(async ({ agentPid }) => {
    const bare = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    try {
      say(`idle for ${(SETTLE_MS + WINDOW_MS + WITH_LOOK_MS) / 1000} s`);
      await sleep(SETTLE_MS);
      const [agentShare, bareShare] = [shareOf(agentPid), shareOf(bare.pid)];
      await sleep(WINDOW_MS);
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
      const cpu = (measurement) =>
        report({
          measurement,
          windowS: round(agentShare().windowS),
          cpuPercent: round(agentShare().percent, 3),
          floor,
          floorCpuPercent: round(bareShare().percent, 3),
          reach: 'cpuPercent <= 0.3',
        });
      cpu('agent-idle-cpu');
      await sleep(WITH_LOOK_MS - WINDOW_MS);
      cpu('agent-idle-cpu-with-a-full-look');
    } finally {
      bare.kill();
    }
  });
}

/** Of one core, from now on. */
function shareOf(pid) {
  const [before, startedAt] = [cpuMs(pid), performance.now()];
  return () => {
    const windowS = (performance.now() - startedAt) / 1000;
    return { windowS, percent: ((cpuMs(pid) - before) / 1000 / windowS) * 100 };
  };
}
