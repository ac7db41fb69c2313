import { Text as BoundedText } from '@castellan/shared/model/bounds';
import { Instant } from '@castellan/shared/model/ids';
import { NodeDescription } from '@castellan/shared/model/node';
import { Plan } from '@castellan/shared/model/plan';
import { RunEvent, RunState } from '@castellan/shared/model/run';
import { Severity } from '@castellan/shared/model/severity-schema';
import { Verdict } from '@castellan/shared/model/verdict';
import { Heartbeat } from '@castellan/shared/protocol/messages';
import { Type } from 'typebox';
import { DISTRIBUTION_STATES } from '../services/distribution.js';

/** One of a few words, as a JSON Schema enum and a type. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...words] });
}

export function orNull<T extends Parameters<typeof Type.Union>[0][number]>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });

export const Problem = Type.Object({
  type: Text,
  title: Text,
  status: Type.Integer(),
  detail: Text,
  code: Text,
  request_id: Text,
});

export const IdParams = Type.Object({ id: BoundedText(128, 1) });

export const Person = Type.Object({ name: Text, role: oneOf(['viewer', 'operator', 'admin']) });

/** Of somebody who is signed in. Its cookie is known to their browser only. */
export const Session = Type.Object({
  id: Text,
  createdAt: Instant,
  expiresAt: Instant,
  address: orNull(Text),
  isThisOne: Type.Boolean(),
});

const NodeRef = Type.Object({ id: Text, name: Text });
export const OpenCounts = Type.Object({ critical: Count, high: Count, medium: Count, low: Count });

const nodeMembers = {
  id: Text,
  name: Text,
  group: Text,
  description: orNull(NodeDescription),
  connected: Type.Boolean(),
  lastSeenAt: orNull(Instant),
  enrolledAt: Instant,
  agentVersion: orNull(Text),
  certificateNotAfter: Instant,
  publicJwk: Type.Object({ kty: Text, crv: Text, x: Text, y: Text }),
  open: OpenCounts,
  watchers: Heartbeat.properties.watchers,
  spool: orNull(Heartbeat.properties.spool),
  retiredAt: orNull(Instant),
  revoked: Type.Boolean(),
};
export const Node = Type.Object(nodeMembers);
export const NodeWithVerdicts = Type.Object({
  ...nodeMembers,
  verdicts: Type.Array(Type.Object({ ...Verdict.properties, since: Instant, observedAt: Instant })),
});

const findingMembers = {
  id: Text,
  node: NodeRef,
  control: Text,
  subject: Text,
  title: Text,
  severity: Severity,
  state: oneOf(['open', 'acknowledged', 'waived', 'resolved', 'stale']),
  summary: Text,
  verdict: Verdict,
  openedAt: Instant,
  updatedAt: Instant,
  resolvedAt: orNull(Instant),
  /** The alert that on-call hears of it by. */
  alertId: orNull(Text),
  resolution: orNull(oneOf(['pass', 'not-applicable', 'retired'])),
  remediation: orNull(Text),
  stale: Type.Boolean(),
  acknowledgement: orNull(Type.Object({ by: Text, at: Instant, until: orNull(Instant), note: Text })),
  /** `severity` is what was accepted: worse than that is open again. */
  waiver: orNull(Type.Object({ by: Text, at: Instant, until: Instant, reason: Text, severity: Severity })),
  /** The silence, and the finding that it follows from, that keep it from paging. */
  silenceId: orNull(Text),
  inhibitedBy: orNull(Text),
};
export const Finding = Type.Object(findingMembers);
export const FindingWithHistory = Type.Object({
  ...findingMembers,
  silence: orNull(Type.Object({ id: Text, reason: Text, author: Text, until: Instant })),
  /** Of a finding about a group as a whole: the nodes that it names, and what mends each of them. */
  ofGroup: orNull(Type.Object({ nodes: Type.Array(NodeRef), remediation: orNull(Text) })),
  inhibition: orNull(Type.Object({ findingId: Text, control: Text, summary: Text, why: Text })),
  history: Type.Array(Type.Object({ at: Instant, from: orNull(Text), to: Text, why: Text })),
});

/** Of an agent's own certificate, `path`, `subject`, `issuer` and `fingerprint` are empty, and its start is not kept. */
export const Certificate = Type.Object({
  id: Text,
  node: NodeRef,
  group: Text,
  control: Text,
  /** What the control judged. */
  judged: Text,
  path: Text,
  subject: Text,
  issuer: Text,
  serial: Text,
  fingerprint: Text,
  notBefore: orNull(Text),
  notAfter: Text,
  /** The active finding of what it is judged by. */
  findingId: orNull(Text),
  severity: orNull(Severity),
});

/** An authority that signs certificates of services: nobody is let in by it here. */
export const ServiceAuthority = Type.Object({
  /** SHA-256 of the certificate, lower-case hexadecimal. */
  fingerprint: Text,
  endsAt: Instant,
  /** New certificates are of it. */
  signing: Type.Boolean(),
  /** How many certificates of it are within their time. */
  certificates: Count,
  /** Its certificate, PEM. */
  root: Text,
});

export const PLAN_STATES = ['waiting', 'ready', 'failed', 'approved', 'expired'] as const;
const planMembers = {
  id: Text,
  node: NodeRef,
  remediation: Text,
  state: oneOf(PLAN_STATES),
  error: orNull(Type.Object({ code: Text, detail: Text })),
  requestedBy: Text,
  requestedAt: Instant,
  expiresAt: Instant,
  runId: orNull(Text),
  /** Another than the one who asked must approve. */
  twoPersons: Type.Boolean(),
};
/** In a list, without what it would change. */
export const PlanLine = Type.Object(planMembers);
export const PlanShape = Type.Object({ ...planMembers, plan: orNull(Plan) });

const runMembers = {
  id: Text,
  node: NodeRef,
  remediation: Text,
  state: RunState,
  planId: Text,
  approvedBy: Text,
  approvedAt: Instant,
  finishedAt: orNull(Instant),
  error: orNull(Text),
};
export const Run = Type.Object(runMembers);
/** Where a revision of the configuration that a run committed has come. */
export const Distribution = Type.Object({
  revision: Count,
  state: oneOf(DISTRIBUTION_STATES),
  /** From then on a node that lacks it is behind. */
  until: Instant,
  /** Nodes, beside the run's own, that are known to have a copy of the same part of the repository. */
  nodes: Count,
  have: Count,
  /** Those that lack it, by name, at most 100; `isSure` is false of one that is silent or no longer says it. */
  behind: Type.Array(Type.Object({ node: NodeRef, revision: Count, since: Instant, isSure: Type.Boolean() })),
  moreBehind: Count,
});
export const RunWithEvents = Type.Object({
  ...runMembers,
  events: Type.Array(RunEvent),
  /** Null: it committed no configuration, or the revision is not known. */
  configuration: orNull(Distribution),
});

/** Members that a channel's schema names; their bytes are bounded by those of a request. */
export const Values = (options: { description?: string }) =>
  Type.Unsafe<Record<string, unknown>>(
    Type.Object({}, { additionalProperties: true, maxProperties: 32, ...options }),
  );

export const Target = Type.Object({
  id: Text,
  name: Text,
  kind: Text,
  settings: Values({}),
  enabled: Type.Boolean(),
  secretSet: Type.Boolean(),
  severityMin: Severity,
  remindAfterMs: orNull(Count),
  fallbackId: orNull(Text),
  isFallback: Type.Boolean(),
  health: Type.Object({
    state: oneOf(['unknown', 'healthy', 'failing', 'disabled']),
    lastSuccessAt: orNull(Instant),
    failingSince: orNull(Instant),
    lastProblem: orNull(Text),
    pending: Count,
    dead: Count,
  }),
});

const alertMembers = {
  id: Text,
  /** Many alerts at once, told to one target as one: it has alerts in place of findings. */
  isStorm: Type.Boolean(),
  control: Text,
  group: Text,
  title: Text,
  severity: Severity,
  state: oneOf(['open', 'acknowledged', 'held', 'ended']),
  /** Active findings, by whether somebody has them and whether they are held back; of a storm: alerts. */
  counts: Type.Object({ open: Count, acknowledged: Count, held: Count }),
  /** Nodes that its active findings are of; of an alert that has ended, that they were of. */
  nodes: Count,
  /** The one node, when there is one. */
  node: orNull(NodeRef),
  /** Who has some of it, at most 5. */
  people: Type.Array(Text),
  openedAt: Instant,
  lastOpenedAt: Instant,
  changedAt: Instant,
  endedAt: orNull(Instant),
  /** How often it began, within an hour of each other. */
  openings: Count,
};
export const AlertShape = Type.Object(alertMembers);
export const AlertWithTold = Type.Object({
  ...alertMembers,
  /** Who has how many of its findings, most first, at most 20 lines. */
  acknowledgements: Type.Array(
    Type.Object({ by: Text, note: Text, at: Instant, until: orNull(Instant), findings: Count }),
  ),
  /** Of a storm: its alerts, the worst first, at most 100. */
  alerts: Type.Array(
    Type.Object({ id: Text, control: Text, title: Text, group: Text, severity: Severity, openedAt: Instant }),
  ),
  told: Type.Array(
    Type.Object({
      target: Type.Object({ id: Text, name: Text, kind: Text }),
      last: orNull(
        Type.Object({
          state: oneOf(['firing', 'acknowledged', 'resolved']),
          severity: Severity,
          findings: Count,
          at: Instant,
        }),
      ),
      /** The storm that told it in place of a message of its own. */
      storm: orNull(Type.Object({ id: Text, title: Text })),
      next: Type.Object({ at: orNull(Instant), words: Text }),
    }),
  ),
});

export const DELIVERY_STATES = ['pending', 'delivered', 'dropped', 'dead'] as const;
export const Delivery = Type.Object({
  id: Text,
  target: Type.Object({ id: Text, name: orNull(Text) }),
  alert: orNull(Type.Object({ id: Text, title: Text })),
  findingId: Text,
  type: Text,
  reason: orNull(Text),
  state: Text,
  attempts: Count,
  createdAt: Instant,
  nextAt: orNull(Instant),
  deliveredAt: orNull(Instant),
  lastStatus: orNull(Type.Integer()),
  lastMs: orNull(Type.Integer()),
  lastProblem: orNull(Text),
});
