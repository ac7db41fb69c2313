// The shapes come from the server's own description (schema.generated.ts); here they only get names.
import type { paths } from './schema.generated.js';

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never;
type Answer<P extends keyof paths, M extends keyof paths[P], S extends number> = paths[P][M] extends {
  responses: infer R;
}
  ? S extends keyof R
    ? Json<R[S]>
    : never
  : never;
type Body<P extends keyof paths> = paths[P]['post'] extends { requestBody: infer R } ? Json<R> : never;

/** From worst to mildest. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = Verdict['severity'];

export type User = Answer<'/api/v1/session', 'get', 200>['user'];
export type Permission = User['permissions'][number];
export type Overview = Answer<'/api/v1/overview', 'get', 200>;
export type FleetNode = Answer<'/api/v1/nodes', 'get', 200>['items'][number];
export type NodeDetail = Answer<'/api/v1/nodes/{id}', 'get', 200>;
export type PublicJwk = FleetNode['publicJwk'];
export type Finding = Answer<'/api/v1/findings', 'get', 200>['items'][number];
export type FindingDetail = Answer<'/api/v1/findings/{id}', 'get', 200>;
export type Verdict = NodeDetail['verdicts'][number];
export type Status = Verdict['status'];
export type Remediation = Answer<'/api/v1/remediations', 'get', 200>[number];
export type Param = Remediation['params'][string];
export type PlanRequest = Answer<'/api/v1/plans/{id}', 'get', 200>;
export type PlanLine = Answer<'/api/v1/plans', 'get', 200>['items'][number];
export type CertificateLine = Answer<'/api/v1/certificates', 'get', 200>['items'][number];
export type AuditLine = Answer<'/api/v1/audit', 'get', 200>['items'][number];
export type Plan = NonNullable<PlanRequest['plan']>;
export type PlannedChange = Plan['changes'][number];
export type Run = Answer<'/api/v1/runs', 'get', 200>['items'][number];
export type RunDetail = Answer<'/api/v1/runs/{id}', 'get', 200>;
export type RunEvent = RunDetail['events'][number];
export type Distribution = NonNullable<RunDetail['configuration']>;
export type RunState = Run['state'];
export type Target = Answer<'/api/v1/targets', 'get', 200>['items'][number];
export type TargetInput = Body<'/api/v1/targets'>;
export type Channel = Answer<'/api/v1/channels', 'get', 200>['items'][number];
export type Silence = Answer<'/api/v1/silences', 'get', 200>['items'][number];
export type SilenceInput = Body<'/api/v1/silences'>;
export type SilencePreview = Body<'/api/v1/silences/preview'>;
export type AlertLine = Answer<'/api/v1/alerts', 'get', 200>['items'][number];
export type AlertDetail = Answer<'/api/v1/alerts/{id}', 'get', 200>;
export type Delivery = Answer<'/api/v1/deliveries', 'get', 200>['items'][number];
export type Account = Answer<'/api/v1/users', 'get', 200>['items'][number];
export type SignIn = Answer<'/api/v1/sessions', 'get', 200>[number];
export type Role = Account['role'];
/** From least to most. */
export const ROLES = ['viewer', 'operator', 'admin'] as const satisfies readonly Role[];
export type Token = Answer<'/api/v1/tokens', 'get', 200>['items'][number];
export type Posture = Answer<'/api/v1/posture', 'get', 200>;
export type PosturePoint = Posture['points'][number];
export type PostureChanges = Answer<'/api/v1/posture/changes', 'get', 200>;
export type PostureMatrix = Answer<'/api/v1/posture/matrix', 'get', 200>;
export type Control = Answer<'/api/v1/controls', 'get', 200>[number];
