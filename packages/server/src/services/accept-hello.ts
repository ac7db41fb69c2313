import { stateDigestOfKeys } from '@castellan/shared/model/state-digest';
import type { Heartbeat, Hello } from '@castellan/shared/protocol/messages';
import { nodeCertificateVerdict } from '../domain/certificates.js';
import { silenceVerdict } from '../domain/node-silence.js';
import type { NodeIdentity } from '../ports/authority.js';
import { useCertificate } from './authenticate-node.js';
import { agentVerdict, clockVerdict, judgeOwn, watchersVerdicts } from './own-judgements.js';
import { recordTrust } from './trust.js';
import type { Unit } from './unit.js';

const REPORTS = silenceVerdict('pass', 'The agent reports again.');

export interface HelloAnswer {
  /** Why the whole state is wanted; null when ours is the node's. */
  readonly needFull: string | null;
  /** The node's state is ours: what was stale while it was silent is sure again. */
  readonly isConfirmed: boolean;
  /** Signed commands that the node may not have got. */
  readonly commands: readonly { readonly commandId: string; readonly runId: string; readonly jws: string }[];
}

/**
 * A node has connected: it is no longer silent, and what it holds is compared with what we hold. `heardAt` is when its
 * hello arrived, by our clock: it may have waited before it is stored.
 */
export async function acceptHello(
  unit: Unit,
  identity: NodeIdentity,
  hello: Hello,
  heardAt: number,
): Promise<HelloAnswer> {
  const { nodeId } = identity;
  const notAfter = await useCertificate(unit, identity);
  await unit.tx.nodes.recordHello(nodeId, unit.now, {
    agentVersion: hello.agentVersion,
    description: hello.description,
  });
  await recordTrust(unit, nodeId, hello.trusts ?? null);
  await judgeOwn(unit, nodeId, [
    REPORTS,
    clockVerdict(Date.parse(hello.clock) - heardAt),
    ...(notAfter === null
      ? []
      : [nodeCertificateVerdict(notAfter, unit.now, unit.ctx.facts.certificates.nodeLifeMs)]),
  ]);
  const needFull = await differenceOf(unit, nodeId, hello.stateDigest);
  unit.publish({ kind: 'node', data: { id: nodeId, connected: true } });
  const unheard = await unit.tx.runs.unheard(nodeId, unit.now);
  const commands = unheard.flatMap((run) =>
    run.jws ? [{ commandId: commandIdOf(run.id), runId: run.id, jws: run.jws }] : [],
  );
  return { needFull, isConfirmed: needFull === null && hello.stateDigest !== null, commands };
}

/** The command that carries out a run has the run's own name. */
export function commandIdOf(runId: string): string {
  return `cmd-${runId}`;
}

export function runIdOf(commandId: string): string | null {
  return commandId.startsWith('cmd-') ? commandId.slice(4) : null;
}

/** A sign of life. Returns whether the node's state differs from ours; null when it does not, or is not known yet. */
export async function recordHeartbeat(
  unit: Unit,
  nodeId: string,
  heartbeat: Heartbeat,
  heardAt: number,
): Promise<string | null> {
  await unit.tx.nodes.heard(nodeId, unit.now, heartbeat);
  // A node that fell silent while its connection stayed open has no new hello.
  await judgeOwn(unit, nodeId, [
    REPORTS,
    clockVerdict(Date.parse(heartbeat.at) - heardAt),
    ...watchersVerdicts(unit.ctx, nodeId, heartbeat),
    agentVerdict(heartbeat),
  ]);
  // Records still on their way make the digests differ for a moment: ask only when nothing is.
  if (heartbeat.spool.records > 0) return null;
  return differenceOf(unit, nodeId, heartbeat.stateDigest);
}

async function differenceOf(unit: Unit, nodeId: string, digest: string | null): Promise<string | null> {
  // Where a quota left something out, the digests differ for good: asking again would bring the same.
  if (digest === null || unit.ctx.meters.hasMissing(nodeId)) return null;
  const entries = await unit.tx.verdicts.digestsOf(nodeId);
  if (stateDigestOfKeys(entries) === digest) return null;
  return entries.length === 0 ? 'the server has no state of this node' : "the server's state differs";
}

export async function partNode(unit: Unit, nodeId: string): Promise<void> {
  await unit.tx.nodes.parted(nodeId);
  unit.publish({ kind: 'node', data: { id: nodeId, connected: false } });
}
