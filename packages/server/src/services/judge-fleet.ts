import type { Verdict } from '@castellan/shared/model/verdict';
import { BEHIND_CONTROL, behindVerdict } from '../domain/fleet/behind.js';
import { groupRowId } from '../domain/fleet/group-row.js';
import { SECURECREDS_CONTROL, securecredsVerdict } from '../domain/fleet/securecreds.js';
import { keySubject, sharedKeyVerdict } from '../domain/fleet/shared-keys.js';
import { versionsVerdict } from '../domain/fleet/versions.js';
import type { FindingRecord } from '../store/finding.repository.js';
import type { FleetMark } from '../store/fleet.repository.js';
import type { ServerContext } from './context.js';
import { reviewHold } from './holds/review-hold.js';
import { evidenceOf, moveFinding } from './move-finding.js';
import { commit, type Unit } from './unit.js';

/** Bounds of one tick: what is left waits for the next one. A group is judged once a tick, however often it changes. */
const GROUPS_MAX = 50;
const KEYS_MAX = 5_000;
/** Keys that are looked at by one statement; nearly all are on one node, and nothing is said of them. */
const KEYS_AT_ONCE = 500;
/** Findings that move in one transaction: nobody waits for more. */
const FINDINGS_AT_ONCE = 50;

/** Judges again what has changed of the fleet as a whole: groups, and the keys that nodes hold. */
export async function judgeFleet(ctx: ServerContext): Promise<void> {
  for (const mark of await ctx.store.read.fleet.marked('group', GROUPS_MAX)) await judgeGroup(ctx, mark);
  const keys = await ctx.store.read.fleet.marked('key', KEYS_MAX);
  for (let from = 0; from < keys.length; from += KEYS_AT_ONCE)
    await judgeKeys(ctx, keys.slice(from, from + KEYS_AT_ONCE));
  await judgeBehind(ctx);
}

interface Judged {
  readonly group: string;
  readonly verdict: Verdict;
  readonly known: FindingRecord | null;
}

/** It is read beside the writer, which nodes wait for; a change meanwhile is a mark with another number. */
async function judgeGroup(ctx: ServerContext, mark: FleetMark): Promise<void> {
  const { fleet, findings } = ctx.store.read;
  const group = mark.name;
  const verdicts = [
    securecredsVerdict(group, await fleet.securecreds(group)),
    versionsVerdict(group, await fleet.versions(group)),
  ];
  const judged = await Promise.all(
    verdicts.map(async (verdict) => ({
      group,
      verdict,
      known: await findings.active(groupRowId(group), verdict.control, verdict.subject),
    })),
  );
  await settle(ctx, judged, [mark]);
}

/** It comes with time, which sets no mark: groups that are behind are asked for, and those that were. */
async function judgeBehind(ctx: ServerContext): Promise<void> {
  const { configurations, findings } = ctx.store.read;
  const before = ctx.clock.now() - ctx.facts.configuration.behindMs;
  const active = await findings.activeOfControls([BEHIND_CONTROL]);
  const known = new Map(active.map((finding) => [groupOf(finding), finding]));
  const judged: Judged[] = [];
  for (const group of new Set([...(await configurations.groupsBehind(before)), ...known.keys()])) {
    const verdict = behindVerdict(group, await configurations.behindIn(group, before));
    judged.push({ group, verdict, known: known.get(group) ?? null });
  }
  if (judged.some(isNews)) await settle(ctx, judged, []);
}

async function judgeKeys(ctx: ServerContext, marks: readonly FleetMark[]): Promise<void> {
  const { fleet, findings } = ctx.store.read;
  const judged: Judged[] = [];
  for (const key of await fleet.keysInQuestion(marks.map(({ name }) => name))) {
    const held = await fleet.heldKey(key);
    const verdict = sharedKeyVerdict(held);
    const known = await findings.activeOfSharedKey(keySubject(key));
    const told = new Map(known.map((finding) => [finding.nodeId, finding]));
    for (const group of held.groups) {
      judged.push({ group, verdict, known: told.get(groupRowId(group)) ?? null });
      told.delete(groupRowId(group));
    }
    // No node of these groups has it any more, whoever else shares it.
    const gone = sharedKeyVerdict({ ...held, nodesTotal: 0 });
    for (const finding of told.values())
      judged.push({ group: groupOf(finding), verdict: gone, known: finding });
  }
  await settle(ctx, judged, marks);
}

function groupOf({ nodeId }: FindingRecord): string {
  return nodeId.slice(groupRowId('').length);
}

/** Findings move, and the marks go with them: a server that dies in between judges again. */
async function settle(
  ctx: ServerContext,
  judged: readonly Judged[],
  marks: readonly FleetMark[],
): Promise<void> {
  for (let from = 0; from === 0 || from < judged.length; from += FINDINGS_AT_ONCE)
    await commit(ctx, async (unit) => {
      const part = judged.slice(from, from + FINDINGS_AT_ONCE);
      for (const one of part) if (isNews(one)) await moveGroupFinding(unit, one);
      for (const one of part) await reviewCause(unit, one);
      if (from + FINDINGS_AT_ONCE >= judged.length) await unit.tx.fleet.judged(marks);
    });
}

async function moveGroupFinding(unit: Unit, { group, verdict }: Judged): Promise<void> {
  await unit.tx.nodes.putGroup(group, unit.now);
  await moveFinding(unit, groupRowId(group), verdict);
}

/** Most of what is judged again is as it was: nothing is written for it. */
function isNews({ verdict, known }: Judged): boolean {
  if (verdict.status !== 'fail') return known !== null;
  return !known || known.stale || JSON.stringify(evidenceOf(verdict)) !== JSON.stringify(known.verdict);
}

/** The finding of a node that it follows from may have ended, while another's is open. */
async function reviewCause(unit: Unit, { group, verdict, known }: Judged): Promise<void> {
  if (verdict.control !== SECURECREDS_CONTROL || known === null) return;
  const active = await unit.tx.findings.active(groupRowId(group), verdict.control, verdict.subject);
  if (active) await reviewHold(unit, active);
}
