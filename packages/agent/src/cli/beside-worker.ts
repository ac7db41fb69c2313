import { type Order, readOrder, type Word } from '../app/beside-order.js';
import { doJob } from './beside-job.js';
import { carrierBeside } from './carrier-beside.js';

/** Who began this process hears so often that it lives, but for when it waits for the node. */
const ALIVE_EVERY_MS = 15_000;

// Each end of a run is the node's to tell: what ends an agent does not end a run in the middle.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
// Nobody is there any more whom anything could be told. The session ends with this process; the journal is the node's.
process.on('disconnect', () => process.exit(0));
process.once('message', (message) => {
  const order = readOrder(message);
  if (order === null) process.exit(1);
  void carriedOut(order);
});

function say(word: Word): void {
  process.send?.(word);
}

async function carriedOut(order: Order): Promise<void> {
  const { host, probeHost, sshConfig, knownHosts, root, probe, assumeMomentum, allow, job } = order;
  const alive = setInterval(() => say({ kind: 'alive' }), ALIVE_EVERY_MS);
  const options = {
    host,
    probeHost,
    root,
    probe,
    ...(sshConfig === null ? {} : { sshConfig }),
    ...(knownHosts === null ? {} : { knownHosts }),
    ...(assumeMomentum === null ? {} : { assumeMomentum }),
  };
  const last = await doJob(job, {
    // As the agent that looks after it judges it: a folder of the node is not a running one.
    open: (mode) => carrierBeside(options, new AbortController().signal, mode, { allow, live: root === '/' }),
    say,
  });
  clearInterval(alive);
  process.send?.(last, undefined, undefined, () => process.exit(0));
}
