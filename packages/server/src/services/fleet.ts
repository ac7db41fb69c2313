import { casError } from '@castellan/shared/errors/cas-error';
import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import { type Page, pageOf } from '../store/cursor.js';
import type { NodeRecord } from '../store/node.repository.js';
import type { PlanLine, PlanState } from '../store/plan.repository.js';
import type { RunRecord } from '../store/run.repository.js';
import type { ServerContext } from './context.js';
import { cursorOf, type PageRequest } from './findings.js';
import { instant, instantOrNull } from './instant.js';

export type OpenCounts = Record<Severity, number>;

function noCounts(): OpenCounts {
  return { critical: 0, high: 0, medium: 0, low: 0 };
}

function nodeView(node: NodeRecord, open: OpenCounts) {
  const { id, name, group, description, connected, agentVersion, publicJwk, watchers, spool } = node;
  return {
    id,
    name,
    group,
    description,
    connected,
    lastSeenAt: instantOrNull(node.lastSeenAt),
    enrolledAt: instant(node.enrolledAt),
    agentVersion,
    certificateNotAfter: instant(node.certificateNotAfter),
    publicJwk,
    open,
    watchers,
    spool,
    retiredAt: instantOrNull(node.retiredAt),
    revoked: node.isRevoked,
  };
}
export type NodeView = ReturnType<typeof nodeView>;

/** By name; the cursor is the last name. Retired ones only when they are asked for. */
export async function listNodes(
  ctx: ServerContext,
  request: PageRequest,
  isRetired = false,
): Promise<Page<NodeView>> {
  const after = request.cursor === null ? null : Buffer.from(request.cursor, 'base64url').toString('utf8');
  const rows = await ctx.store.read.nodes.list(request.limit + 1, after, isRetired);
  const nodes = rows.slice(0, request.limit);
  const counts = new Map(nodes.map((node) => [node.id, noCounts()]));
  for (const { nodeId, severity, count } of await ctx.store.read.findings.countOpenByNode(
    nodes.map((node) => node.id),
  )) {
    const open = counts.get(nodeId);
    if (open) open[severity] = count;
  }
  const last = nodes[nodes.length - 1];
  return {
    items: nodes.map((node) => nodeView(node, counts.get(node.id) ?? noCounts())),
    next: rows.length > request.limit && last ? Buffer.from(last.name, 'utf8').toString('base64url') : null,
  };
}

export async function getNode(ctx: ServerContext, id: string) {
  const { nodes, verdicts, findings } = ctx.store.read;
  const node = await nodes.get(id);
  if (!node) return null;
  const open = noCounts();
  for (const { severity, count } of await findings.countOpen(id)) open[severity] += count;
  const stored = await verdicts.ofNode(id);
  return {
    ...nodeView(node, open),
    verdicts: stored.map(({ verdict, since, observedAt }) => ({
      ...verdict,
      since: instant(since),
      observedAt: instant(observedAt),
    })),
  };
}

function planLineView(plan: PlanLine) {
  const { id, remediation, state, error, requestedBy, runId } = plan;
  return {
    id,
    node: { id: plan.nodeId, name: plan.nodeName },
    remediation,
    state,
    error,
    requestedBy,
    requestedAt: instant(plan.requestedAt),
    expiresAt: instant(plan.expiresAt),
    runId,
  };
}

export async function listPlans(
  ctx: ServerContext,
  filter: { readonly state?: PlanState; readonly nodeId?: string },
  request: PageRequest,
) {
  const { plans } = ctx.store.read;
  const rows = await plans.list(filter, request.limit + 1, cursorOf(request));
  const page = pageOf(rows, request.limit, plans.readLine, ({ requestedAt, id }) => ({
    rank: 0,
    at: requestedAt,
    id,
  }));
  return { items: page.items.map(planLineView), next: page.next };
}

export async function getPlan(ctx: ServerContext, id: string) {
  const plan = await ctx.store.read.plans.get(id);
  return plan ? { ...planLineView(plan), plan: plan.plan } : null;
}

function runView(run: RunRecord) {
  const { id, remediation, state, planId, approvedBy, error } = run;
  return {
    id,
    node: { id: run.nodeId, name: run.nodeName },
    remediation,
    state,
    planId,
    approvedBy,
    approvedAt: instant(run.approvedAt),
    finishedAt: instantOrNull(run.finishedAt),
    error,
  };
}

export async function listRuns(ctx: ServerContext, nodeId: string | null, request: PageRequest) {
  const { runs } = ctx.store.read;
  const rows = await runs.list(nodeId, request.limit + 1, cursorOf(request));
  const page = pageOf(rows, request.limit, runs.read, (run) => ({ rank: 0, at: run.approvedAt, id: run.id }));
  return { items: page.items.map(runView), next: page.next };
}

export async function getRun(ctx: ServerContext, id: string) {
  const { runs } = ctx.store.read;
  const run = await runs.get(id);
  return run ? { ...runView(run), events: await runs.events(id) } : null;
}

/** The numbers of the first page, and of the metrics. */
export async function overview(ctx: ServerContext) {
  const { nodes, findings, deliveries } = ctx.store.read;
  const { total, connected, revoked } = await nodes.count();
  const open = noCounts();
  let stale = 0;
  for (const line of await findings.countOpen(null)) {
    open[line.severity] += line.count;
    if (line.stale) stale += line.count;
  }
  const { pending, dead, oldestPendingAt } = await deliveries.counts();
  return {
    nodes: { total, connected, silent: Math.max(0, total - connected - revoked) },
    findings: {
      open: SEVERITIES.reduce((sum, severity) => sum + open[severity], 0),
      stale,
      bySeverity: open,
    },
    deliveries: { pending, dead, oldestPendingAt: instantOrNull(oldestPendingAt) },
  };
}

/** Newest first; the cursor is the number of the last line. */
export async function listAudit(ctx: ServerContext, request: PageRequest) {
  const before = request.cursor === null ? null : Number(request.cursor);
  if (before !== null && !Number.isInteger(before))
    throw casError('CAS_INPUT_INVALID', 'cursor: this is not a cursor of ours');
  const rows = await ctx.store.read.audit.newest(request.limit + 1, before);
  const items = rows.slice(0, request.limit).map((row) => ({
    seq: row.seq,
    at: instant(row.at),
    actor: row.actor,
    action: row.action,
    object: row.object,
    outcome: row.outcome,
    detail: row.detail,
    hash: row.hash,
  }));
  const last = items[items.length - 1];
  return { items, next: rows.length > request.limit && last ? String(last.seq) : null };
}
