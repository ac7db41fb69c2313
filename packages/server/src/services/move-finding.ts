import { isWorse, type Severity } from '@castellan/shared/model/severity';
import type { Verdict } from '@castellan/shared/model/verdict';
import { type Decision, judge, type Resolution } from '../domain/finding/lifecycle.js';
import { isOwn } from '../domain/own-controls.js';
import type { FindingRecord } from '../store/finding.repository.js';
import { alertChanged, alertReleased, decideOpened, keyOf, openInAlert } from './alerts/alert-changed.js';
import { holdNew, reviewHold, reviewInhibited } from './holds/review-hold.js';
import type { Unit } from './unit.js';

/** Moves the finding of (node, control, subject) by a verdict, and queues what on-call must hear. */
export async function moveFinding(unit: Unit, nodeId: string, verdict: Verdict): Promise<void> {
  const active = await unit.tx.findings.active(nodeId, verdict.control, verdict.subject);
  const decision = judge(activePart(active), verdict);
  if (decision.kind === 'none') return;
  if (decision.kind === 'open') return openFinding(unit, nodeId, verdict);
  if (active) await changeFinding(unit, active, verdict, decision);
}

/** The subject is no longer judged at all: its finding ends without a verdict. */
export async function endFinding(
  unit: Unit,
  finding: FindingRecord,
  why: string,
  resolution: 'not-applicable' | 'retired' = 'not-applicable',
): Promise<void> {
  await resolveFinding(unit, finding, resolution, why);
}

/** What was known is no longer sure. The finding stays. */
export async function markFindingStale(unit: Unit, finding: FindingRecord, why: string): Promise<void> {
  if (finding.stale) return;
  await saveFinding(unit, { ...finding, stale: true }, finding.state, `not confirmed: ${why}`);
}

/** Seen again without a new verdict: the node says that its state is what we hold. */
export async function confirmFinding(unit: Unit, finding: FindingRecord): Promise<void> {
  if (finding.stale) await saveFinding(unit, { ...finding, stale: false }, finding.state, 'confirmed');
}

function activePart(finding: FindingRecord | null) {
  if (!finding || finding.state === 'resolved') return null;
  return { state: finding.state, severity: finding.severity, stale: finding.stale };
}

/** The most of a verdict's text that a finding keeps beside the newest verdict of its subject. */
export const EVIDENCE_BYTES_MAX = 8 * 1024;

/** The verdict with as many of its violations as fit; the rest is counted. The newest one stands whole in `verdicts`. */
export function evidenceOf(verdict: Verdict): Verdict {
  let bytes = Buffer.byteLength(JSON.stringify({ ...verdict, violations: [] }));
  const fitting = verdict.violations.findIndex((violation) => {
    bytes += Buffer.byteLength(JSON.stringify(violation));
    return bytes > EVIDENCE_BYTES_MAX;
  });
  if (fitting === -1) return verdict;
  const kept = verdict.violations.slice(0, Math.max(1, fitting));
  const left = verdict.violations.length - kept.length + (verdict.moreViolations ?? 0);
  return { ...verdict, violations: kept, ...(left > 0 ? { moreViolations: left } : {}) };
}

/** Whether there is room for one more; what the server itself finds always has it. */
async function hasRoom(unit: Unit, nodeId: string, verdict: Verdict): Promise<boolean> {
  if (isOwn(verdict.control)) return true;
  if ((await unit.tx.findings.countActive(nodeId)) < unit.ctx.meters.share.findingsMax) return true;
  unit.ctx.counters.add('verdictsRefused', 'findings');
  unit.ctx.meters.refused(nodeId, 'findings');
  return false;
}

async function openFinding(unit: Unit, nodeId: string, verdict: Verdict): Promise<void> {
  // What a retired node still had on its way opens nothing: no later verdict would end it.
  const node = await unit.tx.nodes.get(nodeId);
  if (node?.retiredAt !== null) return;
  if (!(await hasRoom(unit, nodeId, verdict))) return;
  const { title, severity } = verdict;
  const alert = await openInAlert(unit, keyOf(verdict.control, node.group), { title, severity });
  const finding = {
    id: unit.ctx.random.id('fnd'),
    nodeId,
    control: verdict.control,
    subject: verdict.subject,
    severity: verdict.severity,
    state: 'open',
    stale: false,
    title: verdict.title,
    summary: verdict.summary,
    verdict: evidenceOf(verdict),
    remediation: verdict.remediation,
    openedAt: unit.now,
    updatedAt: unit.now,
    resolvedAt: null,
    resolution: null,
    alertId: alert.id,
    silenceId: null,
    inhibitedBy: null,
    acknowledgement: null,
    waiver: null,
  } as const;
  await unit.tx.findings.open(finding);
  await unit.tx.findings.appendHistory(finding.id, {
    at: unit.now,
    from: null,
    to: 'open',
    why: verdict.summary,
  });
  if (!(await holdNew(unit, finding))) await decideOpened(unit, alert, severity);
  await reviewInhibited(unit, nodeId, finding.control);
  tell(unit, finding);
}

async function changeFinding(
  unit: Unit,
  active: FindingRecord,
  verdict: Verdict,
  decision: Exclude<Decision, { kind: 'none' | 'open' }>,
): Promise<void> {
  switch (decision.kind) {
    case 'update': {
      const { severity, title, summary, remediation } = verdict;
      const isOpen = active.state === 'open' || isWorseThanTaken(active, severity, decision.isWorse);
      const taken = isOpen ? ({ state: 'open', acknowledgement: null, waiver: null } as const) : {};
      const next: FindingRecord = {
        ...active,
        ...taken,
        severity,
        title,
        summary,
        remediation,
        verdict: evidenceOf(verdict),
        stale: false,
      };
      await saveFinding(unit, next, active.state, decision.why);
      if (severity === active.severity && isOpen === (active.state === 'open')) return;
      await reviewHold(unit, next);
      await alertReleased(unit, active.alertId, severity);
      await reviewInhibited(unit, active.nodeId, active.control);
      return;
    }
    case 'markStale':
      return markFindingStale(unit, active, decision.why);
    case 'resolve':
      // The verdict that ended it is kept as its evidence; what was wrong stays in the history.
      return resolveFinding(
        unit,
        { ...active, verdict: evidenceOf(verdict), summary: active.summary },
        decision.resolution,
        verdict.summary,
      );
  }
}

/** Who acknowledged or waived it had seen the lesser one. */
function isWorseThanTaken(
  { state, waiver }: FindingRecord,
  severity: Severity,
  isWorseNow: boolean,
): boolean {
  if (state === 'waived') return waiver === null || isWorse(severity, waiver.severity);
  return isWorseNow;
}

async function resolveFinding(
  unit: Unit,
  finding: FindingRecord,
  resolution: Resolution,
  why: string,
): Promise<void> {
  const before = finding.state;
  unit.ctx.meters.resolved(finding.nodeId);
  await saveFinding(
    unit,
    {
      ...finding,
      state: 'resolved',
      stale: false,
      resolvedAt: unit.now,
      resolution,
      acknowledgement: null,
      waiver: null,
      silenceId: null,
      inhibitedBy: null,
    },
    before,
    why,
  );
  if (finding.alertId !== null) await alertChanged(unit, finding.alertId);
  await reviewInhibited(unit, finding.nodeId, finding.control);
}

/** Keeps a finding as it is now, with a line of its history where there is something to say, and tells of it. */
export async function saveFinding(
  unit: Unit,
  finding: FindingRecord,
  from: string,
  why: string | null,
): Promise<void> {
  await unit.tx.findings.update({ ...finding, updatedAt: unit.now });
  if (why !== null)
    await unit.tx.findings.appendHistory(finding.id, {
      at: unit.now,
      from,
      to: finding.state,
      why: why.slice(0, 2048),
    });
  tell(unit, finding);
}

function tell(
  unit: Unit,
  finding: Pick<FindingRecord, 'id' | 'nodeId' | 'alertId' | 'control' | 'severity' | 'state' | 'stale'>,
): void {
  const { id, nodeId, alertId, control, severity, state, stale } = finding;
  unit.publish({ kind: 'finding', data: { id, nodeId, alertId, control, severity, state, stale } });
}
