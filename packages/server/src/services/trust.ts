import type { ServerMessage } from '@castellan/shared/protocol/messages';
import type { TrustPayload } from '@castellan/shared/protocol/trust';
import type { Authority } from '../ports/authority.js';
import type { NodeTrust } from '../store/authority.repository.js';
import type { NodeRecord } from '../store/node.repository.js';
import type { Authorities } from './authorities.js';
import type { ServerContext } from './context.js';
import type { Unit } from './unit.js';

/** Whether a node trusts exactly this server's authorities. Null: it cannot be told, so that there is nothing to tell. */
function isToldAll({ trusted }: Authorities, trusts: readonly string[] | null): boolean {
  if (trusts === null) return true;
  return trusts.length === trusted.length && trusted.every(({ fingerprint }) => trusts.includes(fingerprint));
}

/** What a node is to be told of the authorities; null: nothing. `trusts`: what it said, or null for an older agent. */
export async function trustFor(
  ctx: ServerContext,
  nodeId: string,
  trusts: readonly string[] | null,
): Promise<ServerMessage | null> {
  const { authorities, facts } = ctx;
  if (isToldAll(authorities, trusts)) return null;
  const payload: TrustPayload = {
    kind: 'trust',
    iss: facts.serverId,
    aud: nodeId,
    revision: authorities.revision,
    authorities: authorities.trusted.map(({ rootPem }) => rootPem),
  };
  return { type: 'trust', jws: await authorities.sign(Buffer.from(JSON.stringify(payload))) };
}

/** Tells each node that is connected and trusts other authorities than there are. Who is not, is told at its hello. */
export async function tellTrust(ctx: ServerContext): Promise<void> {
  for (const { id, trusts } of await ctx.store.read.authorities.nodes()) {
    if (!ctx.links.isConnected(id)) continue;
    const message = await trustFor(ctx, id, trusts);
    if (message !== null) ctx.links.send(id, message);
  }
}

/** What a node says that it trusts, at its hello and after it was told. */
export async function recordTrust(
  unit: Unit,
  nodeId: string,
  trusts: readonly string[] | null,
): Promise<void> {
  const known = (await unit.tx.nodes.get(nodeId))?.trustedAuthorities ?? null;
  const said = trusts === null ? null : [...new Set(trusts)].sort();
  if (JSON.stringify(known) === JSON.stringify(said)) return;
  await unit.tx.nodes.setTrust(nodeId, said);
  await unit.audit({
    actor: `node:${nodeId}`,
    action: 'node.trust',
    object: nodeId,
    outcome: 'ok',
    detail: { authorities: said ?? 'unknown' },
  });
}

/**
 * Which authority issues for this node: the newest that it trusts. An agent that cannot be told of another would refuse a
 * certificate of one that it does not know, and end with none.
 */
export function issuerFor(
  { trusted, issuing }: Authorities,
  node: Pick<NodeRecord, 'trustedAuthorities' | 'certificateAuthority'>,
): Authority {
  const known = node.trustedAuthorities ?? [node.certificateAuthority];
  return trusted.findLast(({ fingerprint }) => known.includes(fingerprint)) ?? issuing;
}

/** Whom the agent listener would be strange to, if its certificate were of this authority. */
export function strangersTo(authority: Authority, nodes: readonly NodeTrust[]): readonly NodeTrust[] {
  return nodes.filter(({ trusts }) => !trusts?.includes(authority.fingerprint));
}
