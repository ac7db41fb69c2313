import type { Severity } from '@castellan/shared/model/severity';
import type { Verdict } from '@castellan/shared/model/verdict';
import type { Acknowledgement } from '../domain/finding/acknowledgement.js';
import type { FindingState, Resolution } from '../domain/finding/lifecycle.js';
import type { Waiver } from '../domain/finding/waiver.js';

export interface FindingRecord {
  readonly id: string;
  readonly nodeId: string;
  readonly nodeName: string;
  readonly control: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly state: FindingState;
  readonly stale: boolean;
  readonly title: string;
  readonly summary: string;
  readonly verdict: Verdict;
  readonly remediation: string | null;
  readonly openedAt: number;
  readonly updatedAt: number;
  readonly resolvedAt: number | null;
  readonly resolution: Resolution | null;
  /** The alert that on-call hears of it by. */
  readonly alertId: string | null;
  /** The silence, and the worse finding of its node, that keep it from being told. */
  readonly silenceId: string | null;
  readonly inhibitedBy: string | null;
  /** Of an acknowledged finding; null of any other. */
  readonly acknowledgement: Acknowledgement | null;
  /** Of a waived finding; null of any other. */
  readonly waiver: Waiver | null;
}

export interface FindingRow {
  id: string;
  node_id: string;
  node_name: string;
  control: string;
  subject: string;
  severity: Severity;
  state: FindingState;
  stale: number;
  title: string;
  summary: string;
  verdict_json: string;
  remediation: string | null;
  opened_at: number;
  updated_at: number;
  resolved_at: number | null;
  resolution: Resolution | null;
  alert_id: string | null;
  silence_id: string | null;
  inhibited_by: string | null;
  ack_by: string | null;
  ack_at: number | null;
  ack_until: number | null;
  ack_note: string | null;
  waive_by: string | null;
  waive_at: number | null;
  waive_until: number | null;
  waive_reason: string | null;
  waive_severity: Severity | null;
}

export function columnsOf(finding: Omit<FindingRecord, 'nodeName'>) {
  return {
    severity: finding.severity,
    state: finding.state,
    stale: finding.stale ? 1 : 0,
    title: finding.title,
    summary: finding.summary,
    verdict_json: JSON.stringify(finding.verdict),
    remediation: finding.remediation,
    updated_at: finding.updatedAt,
    alert_id: finding.alertId,
    silence_id: finding.silenceId,
    inhibited_by: finding.inhibitedBy,
    ack_by: finding.acknowledgement?.by ?? null,
    ack_at: finding.acknowledgement?.at ?? null,
    ack_until: finding.acknowledgement?.until ?? null,
    ack_note: finding.acknowledgement?.note ?? null,
    waive_by: finding.waiver?.by ?? null,
    waive_at: finding.waiver?.at ?? null,
    waive_until: finding.waiver?.until ?? null,
    waive_reason: finding.waiver?.reason ?? null,
    waive_severity: finding.waiver?.severity ?? null,
  };
}

export function read(row: FindingRow): FindingRecord {
  return {
    id: row.id,
    nodeId: row.node_id,
    nodeName: row.node_name,
    control: row.control,
    subject: row.subject,
    severity: row.severity,
    state: row.state,
    stale: Boolean(row.stale),
    title: row.title,
    summary: row.summary,
    verdict: JSON.parse(row.verdict_json) as Verdict,
    remediation: row.remediation,
    openedAt: Number(row.opened_at),
    updatedAt: Number(row.updated_at),
    resolvedAt: row.resolved_at === null ? null : Number(row.resolved_at),
    resolution: row.resolution,
    alertId: row.alert_id,
    silenceId: row.silence_id,
    inhibitedBy: row.inhibited_by,
    acknowledgement: acknowledgementOf(row),
    waiver: waiverOf(row),
  };
}

function acknowledgementOf({ ack_by, ack_at, ack_until, ack_note }: FindingRow): Acknowledgement | null {
  if (ack_by === null || ack_at === null) return null;
  return {
    by: ack_by,
    at: Number(ack_at),
    until: ack_until === null ? null : Number(ack_until),
    note: ack_note ?? '',
  };
}

function waiverOf({
  waive_by,
  waive_at,
  waive_until,
  waive_reason,
  waive_severity,
}: FindingRow): Waiver | null {
  if (waive_by === null || waive_at === null || waive_until === null || waive_severity === null) return null;
  return {
    by: waive_by,
    at: Number(waive_at),
    until: Number(waive_until),
    reason: waive_reason ?? '',
    severity: waive_severity,
  };
}
