import type { CertificateFilter, CertificateLine } from '../store/certificate.repository.js';
import type { ListPage, ListRequest } from '../store/list.js';
import type { ServerContext } from './context.js';
import { shownAs } from './findings.js';

const DAY_MS = 86_400_000;

export interface CertificatesAsked extends Omit<CertificateFilter, 'endsBefore'> {
  /** Whole days from now; 0: those that have ended. */
  readonly withinDays?: number;
}

export type CertificateView = ReturnType<typeof certificateView>;

/** All certificates that nodes have, also those that nothing is wrong with. */
export async function listCertificates(
  ctx: ServerContext,
  { withinDays, ...filter }: CertificatesAsked,
  request: ListRequest,
): Promise<ListPage<CertificateView>> {
  const endsBefore = withinDays === undefined ? {} : { endsBefore: ctx.clock.now() + withinDays * DAY_MS };
  return shownAs(
    await ctx.store.read.certificates.list({ ...filter, ...endsBefore }, request),
    certificateView,
  );
}

function certificateView(line: CertificateLine) {
  const { id, nodeId, nodeName, group, control, judged, findingId, severity, ...certificate } = line;
  const { notBeforeMs, notAfterMs, ...names } = certificate;
  return {
    id: String(id),
    node: { id: nodeId, name: nodeName },
    group,
    control,
    judged,
    ...names,
    // Of an agent's own only the end is kept.
    notBefore: notBeforeMs === 0 ? null : new Date(notBeforeMs).toISOString(),
    notAfter: new Date(notAfterMs).toISOString(),
    findingId,
    severity,
  };
}
