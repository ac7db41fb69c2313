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
    resolution,
    remediation,
    stale,
    acknowledgement: finding.acknowledgement && {
      ...finding.acknowledgement,
      at: instant(finding.acknowledgement.at),
      until: instantOrNull(finding.acknowledgement.until),
    },
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
  return { ...findingView(finding), history };
}
