import { answerOf, api } from './client.js';
import type { FindingFilter } from './queries.js';
import type { TargetInput } from './types.js';

const byId = (id: string) => ({ path: { id } });

export const signIn = (name: string, password: string) =>
  answerOf(api.POST('/api/v1/session', { body: { name, password } }));
export const signOut = () => answerOf(api.DELETE('/api/v1/session'));

interface AcknowledgeBody {
  readonly comment: string;
  readonly until?: string;
}

export const acknowledge = (id: string, body: AcknowledgeBody) =>
  answerOf(api.POST('/api/v1/findings/{id}/acknowledge', { params: byId(id), body }));
export const acknowledgeMany = (filter: Omit<FindingFilter, 'state'>, body: AcknowledgeBody) =>
  answerOf(api.POST('/api/v1/findings/acknowledge', { body: { ...body, filter } }));
export const unacknowledge = (id: string) =>
  answerOf(api.POST('/api/v1/findings/{id}/unacknowledge', { params: byId(id), body: {} }));

export const askForPlan = (nodeId: string, remediation: string, params: Record<string, string>) =>
  answerOf(api.POST('/api/v1/plans', { body: { nodeId, remediation, params } }));

/** Names what was read: the server refuses when the plan is no longer the one with this digest. */
export const approvePlan = (id: string, digest: string) =>
  answerOf(api.POST('/api/v1/plans/{id}/approve', { params: byId(id), body: { digest } }));

export const createTarget = (body: TargetInput) => answerOf(api.POST('/api/v1/targets', { body }));
export const changeTarget = (id: string, body: TargetInput) =>
  answerOf(api.PUT('/api/v1/targets/{id}', { params: byId(id), body }));
export const deleteTarget = (id: string) =>
  answerOf(api.DELETE('/api/v1/targets/{id}', { params: byId(id) }));
export const testTarget = (id: string) =>
  answerOf(api.POST('/api/v1/targets/{id}/test', { params: byId(id) }));
export const replayDelivery = (id: string) =>
  answerOf(api.POST('/api/v1/deliveries/{id}/replay', { params: byId(id) }));

export const createToken = (body: { group: string; ttlSeconds: number; uses: number }) =>
  answerOf(api.POST('/api/v1/tokens', { body }));
