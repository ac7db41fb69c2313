import { isOwn, type OwnControlId, ownVerdict } from '../domain/own-controls.js';
import type { FindingRecord } from '../store/finding.repository.js';
import type { ServerContext } from './context.js';
import { moveFinding } from './move-finding.js';
import type { Refusal, ShareUse } from './node-meters.js';
import { commit } from './unit.js';

/** A link that was slowed again and again for so long is a finding. */
export const SLOWED_MS_MAX = 30_000;
/** Nothing was refused or slowed for so long: it is over. */
export const QUIET_MS = 600_000;

interface Judged {
  readonly control: OwnControlId;
  readonly refusals: readonly Refusal[];
  /** What is wrong, for people; null when nothing is. */
  wrong(use: ShareUse): string | null;
}

const QUOTAS: readonly Refusal[] = ['verdicts', 'verdict bytes', 'findings'];

const JUDGED: readonly Judged[] = [
  {
    control: 'CAS-NODE-002',
    refusals: [],
    wrong: (use) =>
      use.slowedForMs >= SLOWED_MS_MAX
        ? 'This node sends more than its share, and its link is slowed. No other node is held up.'
        : null,
  },
  {
    control: 'CAS-NODE-003',
    refusals: QUOTAS,
    wrong: (use) => {
      const beyond = QUOTAS.filter((why) => isFresh(use, why));
      if (beyond.length === 0) return null;
      return `This node is beyond its quota of ${beyond.join(', ')}: what is beyond is left out here. Look at its findings.`;
    },
  },
  {
    control: 'CAS-NODE-004',
    refusals: ['unknown control'],
    wrong: (use) =>
      isFresh(use, 'unknown control')
        ? 'This node judges controls that the server does not know; their verdicts are left out.'
        : null,
  },
  {
    control: 'CAS-NODE-005',
    refusals: ['own control'],
    wrong: (use) =>
      isFresh(use, 'own control')
        ? "This node sent verdicts of the server's own controls; they were left out."
        : null,
  },
];

function isFresh(use: ShareUse, why: Refusal): boolean {
  const refused = use.refused.get(why);
  return refused !== undefined && refused.sinceMs < QUIET_MS;
}

/** Opens and ends the findings about nodes that ask for more than their share. One for each node and control. */
export async function watchShares(ctx: ServerContext): Promise<void> {
  const active = await ctx.store.read.findings.activeOfControls(JUDGED.map(({ control }) => control));
  const told = new Map(active.map((finding) => [keyOf(finding.nodeId, finding.control), finding]));
  for (const use of ctx.meters.uses()) await openWrong(ctx, use, told);
  for (const finding of active) await endRight(ctx, finding);
}

async function openWrong(
  ctx: ServerContext,
  use: ShareUse,
  told: ReadonlyMap<string, FindingRecord>,
): Promise<void> {
  for (const { control, wrong } of JUDGED) {
    const summary = wrong(use);
    if (summary === null || told.get(keyOf(use.nodeId, control))?.summary === summary) continue;
    await commit(ctx, async (unit) => {
      if (await unit.tx.nodes.get(use.nodeId))
        await moveFinding(unit, use.nodeId, ownVerdict(control, { status: 'fail', summary }));
    });
  }
}

async function endRight(ctx: ServerContext, finding: FindingRecord): Promise<void> {
  const judged = JUDGED.find(({ control }) => control === finding.control);
  if (!judged || !(await isOver(ctx, judged, finding.nodeId))) return;
  ctx.meters.forget(finding.nodeId, judged.refusals);
  const summary = 'Nothing was refused or slowed for ten minutes.';
  await commit(ctx, (unit) =>
    moveFinding(unit, finding.nodeId, ownVerdict(judged.control, { status: 'pass', summary })),
  );
}

/** After a start nothing is known of before: it counts as quiet from then on. */
async function isOver(ctx: ServerContext, judged: Judged, nodeId: string): Promise<boolean> {
  if (ctx.presence.uptimeMs() < QUIET_MS) return false;
  const use = ctx.meters.use(nodeId);
  if (use) {
    if (judged.refusals.some((why) => isFresh(use, why))) return false;
    if (judged.control === 'CAS-NODE-002' && (use.sinceSlowedMs ?? QUIET_MS) < QUIET_MS) return false;
  }
  if (judged.control !== 'CAS-NODE-004' && judged.control !== 'CAS-NODE-005') return true;
  const held = await ctx.store.read.verdicts.refusedControls(nodeId);
  return !held.some((control) => isOwn(control) === (judged.control === 'CAS-NODE-005'));
}

function keyOf(nodeId: string, control: string): string {
  return `${nodeId} ${control}`;
}
