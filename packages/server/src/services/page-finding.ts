import { isAtLeast } from '@castellan/shared/model/severity';
import { OWN_PREFIX } from '../domain/own-controls.js';
import type { FindingRecord } from '../store/finding.repository.js';
import type { TargetRecord } from '../store/target.repository.js';
import type { WaitingGroup } from '../store/waiting-page.repository.js';
import type { ServerContext } from './context.js';
import type { PageBucket } from './node-meters.js';
import { commit, type Unit } from './unit.js';

/** A node of which a page would wait longer than this is said to be beyond its quota. */
export const PAGE_WAIT_MS_MAX = 15 * 60_000;

type Paged = Pick<FindingRecord, 'id' | 'nodeId' | 'control' | 'severity'>;

/**
 * Pages for a finding that has opened or has become worse. One node cannot flood the pager: what is beyond its share waits for its turn. A
 * finding that is over before its turn pages nobody, so that there is nothing to take back.
 */
export async function pageInTurn(unit: Unit, finding: Paged): Promise<void> {
  const targets = await targetsOf(unit, finding);
  if (targets.length === 0) return;
  const isOwn = finding.control.startsWith(OWN_PREFIX);
  // Who came later does not go before those that wait, unless there is nobody.
  const mustWait = await unit.tx.waitingPages.has(finding.nodeId, isOwn);
  if (!mustWait && unit.ctx.meters.mayPage(finding.nodeId, bucketOf(isOwn)))
    return page(unit, finding, targets);
  unit.ctx.counters.add('pagesWithheld', 'share of the node');
  await unit.tx.waitingPages.add(finding.id, finding.nodeId, isOwn);
}

/** Tells whoever was paged, or may have been, that somebody has it. */
export async function tellAcknowledged(unit: Unit, findingId: string): Promise<void> {
  const paged = (await unit.tx.deliveries.ofFinding(findingId)).filter(({ type }) => type === 'alert.firing');
  for (const targetId of new Set(paged.map((delivery) => delivery.targetId))) {
    const type = 'alert.acknowledged' as const;
    await unit.tx.deliveries.queue({
      id: unit.ctx.random.id('msg'),
      targetId,
      findingId,
      type,
      at: unit.now,
    });
    unit.queued();
  }
}

/** Pages for those that wait, each node at its rate, the worst first. */
export async function pageWaiting(ctx: ServerContext): Promise<void> {
  for (const group of await ctx.store.read.waitingPages.groups()) await pageSome(ctx, group);
}

async function pageSome(ctx: ServerContext, { nodeId, isOwn, count }: WaitingGroup): Promise<void> {
  const bucket = bucketOf(isOwn);
  const waitMs = (count / ctx.meters.share[bucket].perSecond) * 1_000;
  if (waitMs > PAGE_WAIT_MS_MAX) ctx.meters.refused(nodeId, 'pages');
  for (let left = count; left > 0 && ctx.meters.mayPage(nodeId, bucket); left -= 1)
    await commit(ctx, (unit) => pageNext(unit, nodeId, isOwn));
}

async function pageNext(unit: Unit, nodeId: string, isOwn: boolean): Promise<void> {
  const id = await unit.tx.waitingPages.next(nodeId, isOwn);
  const finding = id === null ? null : await unit.tx.findings.get(id);
  if (!finding) return;
  await unit.tx.waitingPages.remove(finding.id);
  // What is asked for is asked now: targets and severity may have changed meanwhile.
  await page(unit, finding, await targetsOf(unit, finding));
}

async function targetsOf(unit: Unit, finding: Paged): Promise<TargetRecord[]> {
  const targets = await unit.tx.targets.all();
  return targets.filter((target) => target.enabled && isAtLeast(finding.severity, target.severityMin));
}

async function page(unit: Unit, finding: Paged, targets: readonly TargetRecord[]): Promise<void> {
  for (const target of targets) {
    await unit.tx.deliveries.queue({
      id: unit.ctx.random.id('msg'),
      targetId: target.id,
      findingId: finding.id,
      type: 'alert.firing',
      at: unit.now,
    });
    unit.queued();
  }
}

function bucketOf(isOwn: boolean): PageBucket {
  return isOwn ? 'ownPages' : 'pages';
}
