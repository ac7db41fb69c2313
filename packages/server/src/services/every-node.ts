import type { NodeGlance } from '../store/node-sweeps.js';
import type { ServerContext } from './context.js';

/** Nodes that are looked at in one turn of the event loop: their rows take a millisecond or two of the one thread. */
export const NODES_AT_ONCE = 500;

/** Every node of the fleet, part by part: whoever looks at all of them holds nobody up. */
export async function* everyNode({ store }: Pick<ServerContext, 'store'>): AsyncGenerator<NodeGlance[]> {
  for (let after = ''; ; ) {
    const part = await store.read.nodes.glances(after, NODES_AT_ONCE);
    const last = part[part.length - 1];
    if (last === undefined) return;
    yield part;
    after = last.id;
  }
}
