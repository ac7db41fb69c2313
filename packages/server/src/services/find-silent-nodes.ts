import { isSilent, SILENCE_CONTROL, SILENCE_SUBJECT, silenceVerdict } from '../domain/node-silence.js';
import { OWN_PREFIX } from '../domain/own-controls.js';
import type { NodeGlance } from '../store/node-sweeps.js';
import type { ServerContext } from './context.js';
import { everyNode } from './every-node.js';
import { instant } from './instant.js';
import { markFindingStale, moveFinding } from './move-finding.js';
import { commit } from './unit.js';

/** Opens the finding of every node that has been silent for too long. Returns the ids of those newly found. */
export async function findSilentNodes(ctx: ServerContext): Promise<string[]> {
  const found: string[] = [];
  for await (const part of everyNode(ctx))
    for (const node of await silentOf(ctx, part)) {
      await markSilent(ctx, node);
      ctx.links.close(node.id, 4000, 'no heartbeat');
      found.push(node.id);
    }
  return found;
}

/** Those that should be heard, were not for too long, and have no finding about it. */
async function silentOf(ctx: ServerContext, nodes: readonly NodeGlance[]): Promise<readonly NodeGlance[]> {
  const silent = nodes.filter(
    (node) =>
      node.retiredAt === null &&
      !node.isRevoked &&
      isSilent(silentMs(ctx, node), ctx.facts.heartbeatMs, node.lastSeenAt !== null),
  );
  if (silent.length === 0) return silent;
  const ids = silent.map(({ id }) => id);
  const told = await ctx.store.read.findings.nodesWith(SILENCE_CONTROL, SILENCE_SUBJECT, ids);
  return silent.filter(({ id }) => !told.has(id));
}

/** Nothing was heard of the node lately in this life of the server. */
export function isNodeQuiet({ presence, facts }: ServerContext, nodeId: string): boolean {
  return isSilent(presence.quietMs(nodeId) ?? Number.POSITIVE_INFINITY, facts.heartbeatMs);
}

/**
 * After a start every node has the reconnect window to come back before its silence counts. One that was enrolled in
 * this life and never came is as old as its enrolment, unless a clock that was put back says that this is still to come.
 */
function silentMs({ presence, facts, clock }: ServerContext, node: NodeGlance): number {
  const sinceStartMs = presence.uptimeMs() - facts.reconnectWindowMs;
  const ageMs = clock.now() - node.enrolledAt;
  return Math.min(presence.quietMs(node.id) ?? sinceStartMs, sinceStartMs, ageMs < 0 ? sinceStartMs : ageMs);
}

async function markSilent(ctx: ServerContext, node: NodeGlance): Promise<void> {
  const last =
    node.lastSeenAt === null
      ? 'it has never connected since it was enrolled'
      : `last heard ${instant(node.lastSeenAt)}`;
  await commit(ctx, async (unit) => {
    await unit.tx.nodes.parted(node.id);
    for (const finding of await unit.tx.findings.activeOfNode(node.id)) {
      // What the server judges itself is as sure as before.
      if (!finding.control.startsWith(OWN_PREFIX))
        await markFindingStale(unit, finding, 'the node is silent');
    }
    await moveFinding(unit, node.id, silenceVerdict('fail', `The agent of ${node.name} is silent: ${last}.`));
    unit.publish({ kind: 'node', data: { id: node.id, connected: false } });
  });
}
