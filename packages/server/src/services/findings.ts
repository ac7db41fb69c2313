import { whyInhibited } from '../domain/alert/inhibition.js';
import { isGroupRow } from '../domain/fleet/group-row.js';
import { SECURECREDS_CONTROL, SECURECREDS_REMEDIATION } from '../domain/fleet/securecreds.js';
import type { FindingFilter, FindingRecord } from '../store/finding.repository.js';
import type { ListPage, ListRequest } from '../store/list.js';
import type { ServerContext } from './context.js';
import { instant, instantOrNull } from './instant.js';

export type { FindingFilter };

export type FindingView = ReturnType<typeof findingView>;

export function findingView(finding: FindingRecord) {
  const { id, control, subject, title, severity, state, summary, verdict, resolution, remediation, stale } =
    finding;
  return {
    id,
    node: { id: finding.nodeId, name: finding.nodeName },
    control,
    subject,
    title,
    severity,
    state,
    summary,
    verdict,
    openedAt: instant(finding.openedAt),
    updatedAt: instant(finding.updatedAt),
    resolvedAt: instantOrNull(finding.resolvedAt),
    alertId: finding.alertId,
    resolution,
    remediation,
    stale,
    acknowledgement: finding.acknowledgement && {
      ...finding.acknowledgement,
      at: instant(finding.acknowledgement.at),
      until: instantOrNull(finding.acknowledgement.until),
    },
    waiver: finding.waiver && {
      ...finding.waiver,
      at: instant(finding.waiver.at),
      until: instant(finding.waiver.until),
    },
    silenceId: finding.silenceId,
    inhibitedBy: finding.inhibitedBy,
  };
}

export async function listFindings(
  ctx: ServerContext,
  filter: FindingFilter,
  request: ListRequest,
): Promise<ListPage<FindingView>> {
  return shownAs(await ctx.store.read.findings.list(filter, request), findingView);
}

/** The page with each item as it is shown. */
export function shownAs<R, T>(page: ListPage<R>, show: (item: R) => T): ListPage<T> {
  return { ...page, items: page.items.map(show) };
}

export async function getFinding(ctx: ServerContext, id: string) {
  const { findings } = ctx.store.read;
  const finding = await findings.get(id);
  if (!finding) return null;
  const history = (await findings.history(id)).map((line) => ({ ...line, at: instant(line.at) }));
  const more = { ...(await heldBy(ctx, finding)), ofGroup: await ofGroup(ctx, finding) };
  return { ...findingView(finding), ...more, history };
}

/** Of a finding about a group as a whole the nodes that it names, as they are known now, and what mends each of them. */
async function ofGroup(ctx: ServerContext, { nodeId, control, verdict }: FindingRecord) {
  if (!isGroupRow(nodeId)) return null;
  const names = new Set(verdict.violations.flatMap(({ at }) => at.object ?? []));
  return {
    nodes: await ctx.store.read.fleet.named([...names]),
    remediation: control === SECURECREDS_CONTROL ? SECURECREDS_REMEDIATION : null,
  };
}

/** What keeps it from being told, in words. */
async function heldBy(ctx: ServerContext, { control, silenceId, inhibitedBy }: FindingRecord) {
  const { silences, findings } = ctx.store.read;
  const silence = silenceId === null ? null : await silences.get(silenceId);
  const source = inhibitedBy === null ? null : await findings.get(inhibitedBy);
  return {
    silence: silence && {
      id: silence.id,
      reason: silence.reason,
      author: silence.author,
      until: instant(silence.activeUntil),
    },
    inhibition: source && {
      findingId: source.id,
      control: source.control,
      summary: source.summary,
      why: whyInhibited(source.control, control) ?? source.title,
    },
  };
}
