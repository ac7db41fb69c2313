import { isSkewed } from '@castellan/shared/model/clock-skew';
import type { Verdict } from '@castellan/shared/model/verdict';
import type { Heartbeat } from '@castellan/shared/protocol/messages';
import { clockSummary } from '../domain/clock-skew.js';
import { OWN_PREFIX, ownVerdict } from '../domain/own-controls.js';
import { TWIN_QUIET_MS } from '../domain/twins.js';
import { unprovenWatchers, WATCH_GRACE_MS } from '../domain/watchers.js';
import type { ServerContext } from './context.js';
import { moveFinding } from './move-finding.js';
import { commit, type Unit } from './unit.js';

export { type Boot, isTwin, TWIN_RETRY_MS, withBoot } from '../domain/twins.js';

/**
 * Moves the findings of the server's own verdicts on a node. Nearly all pass, again and again: one read tells of which
 * there is a finding to end.
 */
export async function judgeOwn(unit: Unit, nodeId: string, verdicts: readonly Verdict[]): Promise<void> {
  const active = await unit.tx.findings.activeControls(nodeId, OWN_PREFIX);
  for (const verdict of verdicts)
    if (verdict.status === 'fail' || active.has(verdict.control)) await moveFinding(unit, nodeId, verdict);
}

/** `skewMs` is the node's clock less ours, at the moment when we heard it. */
export function clockVerdict(skewMs: number): Verdict {
  const status = isSkewed(skewMs) ? 'fail' : 'pass';
  return ownVerdict('CAS-NODE-010', { status, summary: clockSummary(skewMs) });
}

/**
 * What a heartbeat says of the node's watchers. A watcher has a while to prove itself, at a start and after an alarm:
 * until then there is no verdict.
 */
export function watchersVerdicts(
  { presence }: Pick<ServerContext, 'presence'>,
  nodeId: string,
  heartbeat: Heartbeat,
): readonly Verdict[] {
  const key = `unproven:${nodeId}`;
  const bad = unprovenWatchers(heartbeat);
  if (bad.length === 0) {
    presence.forget(key);
    return [ownVerdict('CAS-NODE-011', { status: 'pass', summary: 'Every watcher has proved itself.' })];
  }
  const sinceMs = presence.quietMs(key);
  if (sinceMs === null) presence.heard(key);
  const isLong = sinceMs !== null && sinceMs >= WATCH_GRACE_MS;
  return isLong ? [ownVerdict('CAS-NODE-011', { status: 'fail', summary: bad.join('; ') })] : [];
}

/** What the agent says is wrong with itself. It names a problem only when it has tried again. */
export function agentVerdict({ problems = [] }: Heartbeat): Verdict {
  return problems.length > 0
    ? ownVerdict('CAS-NODE-013', { status: 'fail', summary: `The agent says: ${problems.join('; ')}` })
    : ownVerdict('CAS-NODE-013', { status: 'pass', summary: 'The agent names no problem of its own.' });
}

/** Sightings within this time say the same: one of them is written down. */
const TWIN_SAID_MS = 60_000;

/** A second agent was seen, now. True: it is to be judged; false: it was, a moment ago. */
export function sawTwin({ presence }: ServerContext, nodeId: string): boolean {
  const quietMs = presence.quietMs(twinKey(nodeId));
  presence.heard(twinKey(nodeId));
  return quietMs === null || quietMs >= TWIN_SAID_MS;
}

/** Two agents say that they are this node. */
export async function judgeTwins(unit: Unit, nodeId: string, addresses: readonly string[]): Promise<void> {
  const node = await unit.tx.nodes.get(nodeId);
  const summary = `Two agents use the identity of ${node?.name ?? nodeId}: one from ${addresses.join(', one from ')}. The later one is kept away.`;
  await moveFinding(unit, nodeId, ownVerdict('CAS-NODE-012', { status: 'fail', summary }));
}

const twinKey = (nodeId: string): string => `twin:${nodeId}`;

/** A second agent that was not seen for a while has gone: it would have tried again. */
export async function endTwins(ctx: ServerContext): Promise<void> {
  for (const { nodeId } of await ctx.store.read.findings.activeOfControls(['CAS-NODE-012'])) {
    const quietMs = ctx.presence.quietMs(twinKey(nodeId)) ?? ctx.presence.uptimeMs();
    if (quietMs < TWIN_QUIET_MS) continue;
    const pass = ownVerdict('CAS-NODE-012', { status: 'pass', summary: 'One agent uses this identity.' });
    await commit(ctx, (unit) => moveFinding(unit, nodeId, pass));
    ctx.presence.forget(twinKey(nodeId));
  }
}
