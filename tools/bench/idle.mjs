// What an agent costs a node on which nothing happens: resident memory, and CPU time over 60 s of its own and of the
// programs it runs. The floor is a Node process that holds one idle connection's worth of nothing.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { sleep, withFleet } from './fleet.mjs';
import { report, round, say } from './measure.mjs';

const SETTLE_MS = 15_000;
const WINDOW_MS = 60_000;

export async function benchIdle() {
  const ticksPerS = Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout);
  await withFleet(async ({ agentPid }) => {
    const bare = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    try {
      say(`idle for ${(SETTLE_MS + WINDOW_MS) / 1000} s`);
      await sleep(SETTLE_MS);
      const [agentBefore, bareBefore, startedAt] = [ticks(agentPid), ticks(bare.pid), performance.now()];
      await sleep(WINDOW_MS);
      const windowS = (performance.now() - startedAt) / 1000;
      const share = (pid, before) => ((ticks(pid) - before) / ticksPerS / windowS) * 100;
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
        reach: 'cpuPercent <= 0.5',
      });
    } finally {
      bare.kill();
    }
  });
}

/** Clock ticks of CPU of a process and of its ended children; proc(5), fields 14 to 17. */
function ticks(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

function rssMb(pid) {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}
