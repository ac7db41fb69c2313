// One server and one stand-in node with its agent, all as processes of their own, for what is measured between them.
import { EACH_ALERT_ALONE, Fleet } from '../../test/standin/dist/demo/fleet.js';

export const NODE = 'mta1.example.com';

/** Runs `measure` on a fleet that is up and settled, and ends everything afterwards. `options` are the fleet's. */
export async function withFleet(measure, options = {}) {
  const silent = { step: () => undefined, plain: () => undefined };
  const fleet = new Fleet(silent, [{ name: NODE, faults: [] }], {
    alerts: EACH_ALERT_ALONE,
    ...options,
  });
  try {
    await fleet.layNodes();
    await fleet.startServer();
    await fleet.startReceiver();
    await fleet.startAgents();
    const agent = fleet.programs.find(({ name }) => name === 'agent');
    await until('the node is connected', 30_000, async () => {
      const { items } = await fleet.rest.get('/nodes');
      return items.some(({ connected }) => connected);
    });
    return await measure({ fleet, agentPid: agent.pid, nodeDir: fleet.nodes[0].dir });
  } finally {
    await fleet.stop({ keep: false });
  }
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(what, withinMs, ask) {
  const deadline = performance.now() + withinMs;
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`);
    await sleep(50);
  }
}
