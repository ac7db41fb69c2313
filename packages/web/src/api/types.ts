/** From worst to mildest. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];
export type Status = 'pass' | 'fail' | 'not-applicable' | 'indeterminate' | 'errored';
export type FindingState = 'open' | 'acknowledged' | 'waived' | 'resolved' | 'stale';
export type RunState =
  | 'approved'
  | 'sent'
  | 'applying'
  | 'verifying'
  | 'done'
  | 'refused'
  | 'stale'
  | 'expired'
  | 'rollingBack'
  | 'rolledBack'
  | 'rollbackFailed';
export type PlanState = 'waiting' | 'ready' | 'failed' | 'approved' | 'expired';
export type Role = 'viewer' | 'operator' | 'admin';
export type SeverityCounts = Readonly<Record<Severity, number>>;

/** One page of a list; `next` is the cursor of the page after it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface User {
  readonly name: string;
  readonly role: Role;
}

export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly scope?: string;
  readonly object?: string;
}

export interface Violation {
  readonly at: Place;
  readonly found: string;
  readonly proposed?: string;
}

export interface Verdict {
  readonly control: string;
  readonly title: string;
  readonly severity: Severity;
  readonly status: Status;
  readonly subject: string;
  readonly summary: string;
  readonly violations: readonly Violation[];
  readonly moreViolations?: number;
  readonly reason: string | null;
  readonly remediation: string | null;
  readonly sources: readonly string[];
  /** When this status began. Only on a node's page. */
  readonly since?: string;
}

export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

export interface NodeDescription {
  readonly name: string;
  readonly roles: readonly string[];
  readonly os: string;
  readonly momentum: { readonly version: string | null; readonly from: string };
  readonly tls: { readonly library: string | null; readonly version: string | null };
}

export interface FleetNode {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly description: NodeDescription | null;
  readonly connected: boolean;
  readonly lastSeenAt: string | null;
  readonly enrolledAt: string;
  readonly agentVersion: string | null;
  readonly certificateNotAfter: string;
  readonly publicJwk: PublicJwk;
  readonly open: SeverityCounts;
  readonly watchers: readonly { readonly name: string; readonly provenAt: string | null }[];
  readonly spool: { readonly records: number; readonly bytes: number; readonly droppedTotal: number } | null;
}

export type NodeDetail = FleetNode & { readonly verdicts: readonly Verdict[] };

export interface Finding {
  readonly id: string;
  readonly node: { readonly id: string; readonly name: string };
  readonly control: string;
  readonly subject: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: FindingState;
  readonly summary: string;
  readonly verdict: Verdict;
  readonly openedAt: string;
  readonly updatedAt: string;
  readonly resolvedAt: string | null;
  readonly resolution: 'pass' | 'not-applicable' | null;
  readonly remediation: string | null;
  readonly stale: boolean;
}

export interface HistoryLine {
  readonly at: string;
  readonly from: string | null;
  readonly to: string;
  readonly why: string;
}

export type FindingDetail = Finding & { readonly history: readonly HistoryLine[] };

export interface Param {
  readonly kind: 'text' | 'number' | 'boolean' | 'secret';
  readonly required: boolean;
  readonly default?: string;
  readonly text: string;
  readonly oneOf?: readonly string[];
}

export interface Remediation {
  readonly slug: string;
  readonly title: string;
  readonly fixes: readonly string[];
  readonly risk: string;
  readonly params: Readonly<Record<string, Param>>;
  readonly doc?: string;
}

export interface Control {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly severity: Severity;
  readonly remediation: string | null;
  readonly sources: readonly string[];
  readonly doc: string;
}

export interface PlannedChange {
  readonly kind: 'file' | 'access' | 'certificate' | 'program' | 'service';
  readonly target: string;
  readonly summary: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly diff?: string;
}

export interface Plan {
  readonly remediation: string;
  readonly title: string;
  readonly fixes: readonly string[];
  readonly params: Readonly<Record<string, unknown>>;
  readonly changes: readonly PlannedChange[];
  readonly effects: readonly string[];
  readonly risk: string;
  readonly verification: readonly string[];
  readonly notes: readonly string[];
  readonly digest: string;
}

export interface PlanRequest {
  readonly id: string;
  readonly node: { readonly id: string; readonly name: string };
  readonly remediation: string;
  readonly state: PlanState;
  readonly plan: Plan | null;
  readonly error: { readonly code: string; readonly detail: string } | null;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly runId: string | null;
}

export interface RunEvent {
  readonly runId: string;
  readonly index: number;
  readonly at: string;
  readonly state: RunState;
  readonly line: string;
  readonly error?: string;
}

export interface Run {
  readonly id: string;
  readonly node: { readonly id: string; readonly name: string };
  readonly remediation: string;
  readonly state: RunState;
  readonly planId: string;
  readonly approvedBy: string;
  readonly approvedAt: string;
  readonly finishedAt: string | null;
  readonly error: string | null;
}

export type RunDetail = Run & { readonly events: readonly RunEvent[] };

export interface Target {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly secretSet: boolean;
  readonly severityMin: Severity;
  readonly health: {
    readonly state: 'unknown' | 'healthy' | 'failing' | 'disabled';
    readonly pending: number;
    readonly dead: number;
    readonly lastSuccessAt: string | null;
    readonly failingSince: string | null;
    readonly lastProblem: string | null;
  };
}

export interface TargetInput {
  readonly name: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly severityMin: Severity;
  readonly secret?: string;
}

export interface Delivery {
  readonly id: string;
  readonly findingId: string;
  readonly type: string;
  readonly state: 'pending' | 'delivered' | 'dropped' | 'dead';
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAt: string | null;
  readonly deliveredAt: string | null;
  readonly lastStatus: number | null;
  readonly lastMs: number | null;
  readonly lastProblem: string | null;
}

export interface TestResult {
  readonly ok: boolean;
  readonly status: number | null;
  readonly ms: number;
  readonly detail: string;
}

export interface Token {
  readonly id: string;
  readonly group: string;
  readonly usesTotal: number;
  readonly usesLeft: number;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string;
}

export interface Overview {
  readonly nodes: { readonly total: number; readonly connected: number; readonly silent: number };
  readonly findings: { readonly open: number; readonly stale: number; readonly bySeverity: SeverityCounts };
  readonly deliveries: { readonly pending: number; readonly dead: number; readonly oldestPendingAt: string | null };
}
