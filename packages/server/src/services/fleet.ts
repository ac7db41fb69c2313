import { SEVERITIES, type Severity } from '@castellan/shared/model/severity';
import { needsTwoPersons } from '../domain/access/second-person.js';
import type { AuditRow } from '../domain/audit/chain.js';
import type { AuditFilter } from '../store/audit.repository.js';
import type { ListPage, ListRequest } from '../store/list.js';
import type { NodeFilter, NodeRecord } from '../store/node.repository.js';
import type { PlanFilter, PlanLine } from '../store/plan.repository.js';
import type { RunFilter, RunRecord } from '../store/run.repository.js';
import type { ServerContext } from './context.js';
import { distributionOf } from './distribution.js';
import { shownAs } from './findings.js';
import { instant, instantOrNull } from './instant.js';

export type OpenCounts = Record<Severity, number>;

function noCounts(): OpenCounts {
  return { critical: 0, high: 0, medium: 0, low: 0 };
}

function nodeView(node: NodeRecord) {
  const { id, name, open, group, description, connected, agentVersion, publicJwk, watchers, spool } = node;
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

/** Retired ones only when they are asked for. */
export async function listNodes(
  ctx: ServerContext,
  filter: NodeFilter,
  request: ListRequest,
): Promise<ListPage<NodeView>> {
  return shownAs(await ctx.store.read.nodes.list(filter, request), nodeView);
}

export async function getNode(ctx: ServerContext, id: string) {
  const { nodes, verdicts } = ctx.store.read;
  const node = await nodes.get(id);
  if (!node) return null;
  const stored = await verdicts.ofNode(id);
  return {
    ...nodeView(node),
    verdicts: stored.map(({ verdict, since, observedAt }) => ({
      ...verdict,
      since: instant(since),
      observedAt: instant(observedAt),
    })),
  };
}

function planLineView({ facts }: ServerContext, plan: PlanLine) {
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
    twoPersons: needsTwoPersons(plan, facts.plans.twoPersons),
  };
}

export interface PlansAsked extends Omit<PlanFilter, 'notOwn'> {
  /** `user:<name>`: without what they asked for themselves where another must approve. */
  readonly approvableBy?: string;
}

export async function listPlans(
  ctx: ServerContext,
  { approvableBy, ...filter }: PlansAsked,
  request: ListRequest,
) {
  const notOwn =
    approvableBy === undefined ? {} : { notOwn: { actor: approvableBy, groups: ctx.facts.plans.twoPersons } };
  const page = await ctx.store.read.plans.list({ ...filter, ...notOwn }, request);
  return shownAs(page, (plan) => planLineView(ctx, plan));
}

export async function getPlan(ctx: ServerContext, id: string) {
  const plan = await ctx.store.read.plans.get(id);
  return plan ? { ...planLineView(ctx, plan), plan: plan.plan } : null;
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

export async function listRuns(ctx: ServerContext, filter: RunFilter, request: ListRequest) {
  return shownAs(await ctx.store.read.runs.list(filter, request), runView);
}

export async function getRun(ctx: ServerContext, id: string) {
  const { runs } = ctx.store.read;
  const run = await runs.get(id);
  if (!run) return null;
  const [events, configuration] = await Promise.all([runs.events(id), distributionOf(ctx, run)]);
  return { ...runView(run), events, configuration };
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

function auditView(row: AuditRow) {
  const { seq, actor, action, object, outcome, detail, hash } = row;
  return { seq, at: instant(row.at), actor, action, object, outcome, detail, hash };
}

export async function listAudit(ctx: ServerContext, filter: AuditFilter, request: ListRequest) {
  return shownAs(await ctx.store.read.audit.list(filter, request), auditView);
}
