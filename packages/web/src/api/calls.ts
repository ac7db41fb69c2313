import { answerOf, api } from './client.js';
import type { FindingFilter } from './queries.js';
import type { Role, SilenceInput, TargetInput } from './types.js';

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

/** All of an alert that nobody has. */
export const acknowledgeAlert = (id: string, body: AcknowledgeBody) =>
  answerOf(api.POST('/api/v1/alerts/{id}/acknowledge', { params: byId(id), body }));
export const unacknowledgeAlert = (id: string) =>
  answerOf(api.POST('/api/v1/alerts/{id}/unacknowledge', { params: byId(id), body: {} }));

interface WaiveBody {
  readonly reason: string;
  readonly until: string;
}

export const waive = (id: string, body: WaiveBody) =>
  answerOf(api.POST('/api/v1/findings/{id}/waive', { params: byId(id), body }));
export const waiveMany = (filter: Omit<FindingFilter, 'state'>, body: WaiveBody) =>
  answerOf(api.POST('/api/v1/findings/waive', { body: { ...body, filter } }));
export const unwaive = (id: string) =>
  answerOf(api.POST('/api/v1/findings/{id}/unwaive', { params: byId(id), body: {} }));

export const createSilence = (body: SilenceInput) => answerOf(api.POST('/api/v1/silences', { body }));
export const extendSilence = (id: string, ends: string) =>
  answerOf(api.POST('/api/v1/silences/{id}/extend', { params: byId(id), body: { ends } }));
export const endSilence = (id: string) =>
  answerOf(api.POST('/api/v1/silences/{id}/end', { params: byId(id) }));

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
type TryInput = Pick<TargetInput, 'kind' | 'settings' | 'secrets'> & { readonly id?: string };
/** A test before anything is saved; a known target lends the secrets that are not given. */
export const tryTarget = (body: TryInput) => answerOf(api.POST('/api/v1/targets/test', { body }));
export const previewTarget = (body: Pick<TargetInput, 'kind' | 'settings'>) =>
  answerOf(api.POST('/api/v1/targets/preview', { body }));
export const replayDelivery = (id: string) =>
  answerOf(api.POST('/api/v1/deliveries/{id}/replay', { params: byId(id) }));

/** What was given up: of a target or of all, since an instant or ever. */
export const replayDead = (body: { readonly target?: string; readonly since?: string }) =>
  answerOf(api.POST('/api/v1/deliveries/replay', { body }));

export const createToken = (body: { group: string; ttlSeconds: number; uses: number }) =>
  answerOf(api.POST('/api/v1/tokens', { body }));
export const revokeToken = (id: string) =>
  answerOf(api.POST('/api/v1/tokens/{id}/revoke', { params: byId(id) }));

export const createUser = (body: { name: string; role: Role; password: string }) =>
  answerOf(api.POST('/api/v1/users', { body }));
export const setEnabled = (id: string, enabled: boolean) =>
  answerOf(
    enabled
      ? api.POST('/api/v1/users/{id}/enable', { params: byId(id) })
      : api.POST('/api/v1/users/{id}/disable', { params: byId(id) }),
  );
export const setRole = (id: string, role: Role) =>
  answerOf(api.PUT('/api/v1/users/{id}/role', { params: byId(id), body: { role } }));
export const setPassword = (id: string, password: string) =>
  answerOf(api.PUT('/api/v1/users/{id}/password', { params: byId(id), body: { password } }));
export const changeOwnPassword = (oldPassword: string, password: string) =>
  answerOf(api.PUT('/api/v1/session/password', { body: { oldPassword, password } }));
export const endSession = (id: string) => answerOf(api.DELETE('/api/v1/sessions/{id}', { params: byId(id) }));
export const endSessionsOf = (userId: string) =>
  answerOf(api.DELETE('/api/v1/users/{id}/sessions', { params: byId(userId) }));

export const renameNode = (id: string, name: string) =>
  answerOf(api.POST('/api/v1/nodes/{id}/rename', { params: byId(id), body: { name } }));
export const moveNode = (id: string, group: string) =>
  answerOf(api.POST('/api/v1/nodes/{id}/move', { params: byId(id), body: { group } }));
export const retireNode = (id: string) =>
  answerOf(api.POST('/api/v1/nodes/{id}/retire', { params: byId(id) }));
export const deleteNode = (id: string) => answerOf(api.DELETE('/api/v1/nodes/{id}', { params: byId(id) }));
