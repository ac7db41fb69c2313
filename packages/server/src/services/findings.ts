import { casError } from '@castellan/shared/errors/cas-error';
import { type Cursor, decodeCursor, type Page, pageOf } from '../store/cursor.js';
import { type FindingFilter, type FindingRecord, rankOf } from '../store/finding.repository.js';
import type { ServerContext } from './context.js';
import { instant, instantOrNull } from './instant.js';

export type { FindingFilter, Page };

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

export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

/** The place where the last page ended; a cursor that is not ours is bad input. */
export function cursorOf(request: PageRequest): Cursor | null {
  if (request.cursor === null) return null;
  const cursor = decodeCursor(request.cursor);
  if (!cursor) throw casError('CAS_INPUT_INVALID', 'cursor: this is not a cursor of ours; begin without one');
  return cursor;
}

export async function listFindings(
  ctx: ServerContext,
  filter: FindingFilter,
  request: PageRequest,
): Promise<Page<FindingView>> {
  const { findings } = ctx.store.read;
  const rows = await findings.list(filter, request.limit + 1, cursorOf(request));
  const page = pageOf(rows, request.limit, findings.read, (finding) => ({
    rank: rankOf(finding),
    at: finding.updatedAt,
    id: finding.id,
  }));
  return { items: page.items.map(findingView), next: page.next };
}

export async function getFinding(ctx: ServerContext, id: string) {
  const { findings } = ctx.store.read;
  const finding = await findings.get(id);
  if (!finding) return null;
  const history = (await findings.history(id)).map((line) => ({ ...line, at: instant(line.at) }));
  return { ...findingView(finding), history };
}
