import type { Result } from '@castellan/shared/base/result';
import { casError } from '@castellan/shared/errors/cas-error';
import { NodeName } from '@castellan/shared/model/ids';
import { Compile } from 'typebox/compile';
import { GROUP_WORDS, isGroup } from '../domain/access/groups.js';
import { SILENCE_CONTROL, SILENCE_SUBJECT } from '../domain/node-silence.js';
import type { NodeRecord } from '../store/node.repository.js';
import { regroupFindings } from './alerts/regroup.js';
import type { ServerContext } from './context.js';
import { NODES_AT_ONCE } from './every-node.js';
import { endFinding } from './move-finding.js';
import { type Act, type Actor, audited, commit, type Unit } from './unit.js';

const nodeName = Compile(NodeName);

/** Findings that end in one transaction: nobody waits for more. */
const FINDINGS_AT_ONCE = 100;

/** How a connection of a node is closed that may not come back. */
const GONE = 4003;

/** The id of a node by its name, for the command line. */
export async function nodeIdOf(ctx: ServerContext, name: string): Promise<string> {
  const node = await ctx.store.read.nodes.byName(name);
  if (node?.name !== name) throw casError('CAS_NOT_FOUND', `there is no node "${name}"`);
  return node.id;
}

/** What it is called here. Tokens made for its old name end: the name may become another's. */
export async function renameNode(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  name: string,
): Promise<Result<void>> {
  const act = { actor, action: 'node.rename', object: id, detail: { to: name } };
  return changeNode(ctx, act, async (unit, node) => {
    if (!nodeName.Check(name))
      throw casError('CAS_INPUT_INVALID', 'a node has a host name: letters, digits and . _ - inside');
    const other = await unit.tx.nodes.byName(name);
    if (other && other.id !== id) throw casError('CAS_CONFLICT', `there is a node "${other.name}" already`);
    await unit.tx.tokens.revokeForNode(node.name, unit.now);
    await unit.tx.nodes.change(id, { name });
    tell(unit, node);
  });
}

/** To another group: what holds for a group of nodes holds for it from now on. */
export async function moveNode(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  group: string,
): Promise<Result<void>> {
  const act = { actor, action: 'node.move', object: id, detail: { to: group } };
  return changeNode(ctx, act, async (unit, node) => {
    if (!isGroup(group)) throw casError('CAS_INPUT_INVALID', GROUP_WORDS);
    await unit.tx.nodes.change(id, { group });
    await regroupFindings(unit, id, group);
    tell(unit, node);
  });
}

/** Its certificate is good no longer. Whoever revokes it knows that it falls silent: that is no finding. */
export async function revokeNode(
  ctx: ServerContext,
  actor: Actor,
  id: string,
  reason: string,
): Promise<Result<void>> {
  const act = { actor, action: 'node.revoke', object: id, detail: { reason } };
  const revoked = await changeNode(ctx, act, async (unit, node) => {
    await unit.tx.nodes.revokeAll(node, unit.now, reason);
    const silence = await unit.tx.findings.active(id, SILENCE_CONTROL, SILENCE_SUBJECT);
    if (silence) await endFinding(unit, silence, `the certificate of the node was revoked: ${reason}`);
    tell(unit, node);
  });
  if (revoked.ok) ctx.links.close(id, GONE, 'revoked');
  return revoked;
}

/**
 * The node is no longer looked after. Its certificate is revoked, its findings end, nobody waits for it; all that was
 * known of it is still there to be read.
 */
export async function retireNode(ctx: ServerContext, actor: Actor, id: string): Promise<Result<void>> {
  const retired = await changeNode(ctx, { actor, action: 'node.retire', object: id }, async (unit, node) => {
    await unit.tx.nodes.revokeAll(node, unit.now, 'the node was retired');
    await unit.tx.tokens.revokeForNode(node.name, unit.now);
    await unit.tx.nodes.retire(id, unit.now);
    tell(unit, { ...node, connected: false });
  });
  if (!retired.ok) return retired;
  ctx.links.close(id, GONE, 'retired');
  ctx.presence.forget(id);
  await endFindingsOfRetired(ctx);
  return retired;
}

/** In short transactions, because a node may have thousands; a job goes on with what a killed server left. */
export async function endFindingsOfRetired(ctx: ServerContext): Promise<void> {
  for (let count = FINDINGS_AT_ONCE; count === FINDINGS_AT_ONCE; ) {
    if ((await ctx.store.read.findings.activeOfRetired(1)).length === 0) return;
    count = await commit(ctx, async (unit) => {
      const findings = await unit.tx.findings.activeOfRetired(FINDINGS_AT_ONCE);
      for (const finding of findings) await endFinding(unit, finding, 'the node was retired', 'retired');
      return findings.length;
    });
  }
}

/** Of a retired node only its name stays, for the history of its findings and runs. Another may be called so. */
export async function deleteNode(ctx: ServerContext, actor: Actor, id: string): Promise<Result<void>> {
  const act = await named(ctx, { actor, action: 'node.delete', object: id });
  await endFindingsOfRetired(ctx);
  return audited(ctx, act, async (unit) => {
    const node = await nodeOf(unit, id);
    if (node.retiredAt === null)
      throw casError('CAS_CONFLICT', `the node "${node.name}" is not retired: retire it first`);
    await unit.tx.verdicts.forgetNode(id);
    await unit.tx.configurations.forget(id);
    await unit.tx.nodes.forget(node);
    tell(unit, node);
  });
}

/** What the command line, which is another process, has retired or revoked: its connections are here. */
export async function partBanned(ctx: ServerContext): Promise<void> {
  await endFindingsOfRetired(ctx);
  const linked = ctx.links.linked();
  for (let from = 0; from < linked.length; from += NODES_AT_ONCE)
    for (const id of await ctx.store.read.nodes.bannedOf(linked.slice(from, from + NODES_AT_ONCE)))
      ctx.links.close(id, GONE, 'revoked or retired');
}

/** Of a node that is looked after. */
async function changeNode(
  ctx: ServerContext,
  act: Act,
  work: (unit: Unit, node: NodeRecord) => Promise<void>,
): Promise<Result<void>> {
  return audited(ctx, await named(ctx, act), async (unit) => {
    const node = await nodeOf(unit, act.object);
    if (node.retiredAt !== null) throw casError('CAS_CONFLICT', `the node "${node.name}" was retired`);
    await work(unit, node);
  });
}

/** The audit says the node's name beside its id: who reads it later may find no node of that id. */
async function named(ctx: ServerContext, act: Act): Promise<Act> {
  const node = await ctx.store.read.nodes.get(act.object);
  return { ...act, detail: { ...(node ? { name: node.name } : {}), ...act.detail } };
}

async function nodeOf(unit: Unit, id: string): Promise<NodeRecord> {
  const node = await unit.tx.nodes.get(id);
  if (!node || node.isServer) throw casError('CAS_NOT_FOUND', 'there is no such node');
  return node;
}

function tell(unit: Unit, { id, connected }: NodeRecord): void {
  unit.publish({ kind: 'node', data: { id, connected } });
}
