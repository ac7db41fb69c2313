import { post, put, remove } from './client.js';
import type { Target, TargetInput, TestResult, Token, User } from './types.js';

const at = encodeURIComponent;

export const signIn = (name: string, password: string) => post<{ user: User }>('/session', { name, password });
export const signOut = () => remove('/session');

export const acknowledge = (findingId: string, comment: string) =>
  post<void>(`/findings/${at(findingId)}/acknowledge`, comment === '' ? {} : { comment });

export const askForPlan = (nodeId: string, remediation: string, params: Readonly<Record<string, string>>) =>
  post<{ id: string }>('/plans', { nodeId, remediation, params });

/** Names what was read: the server refuses when the plan is no longer the one with this digest. */
export const approvePlan = (planId: string, digest: string) => post<{ runId: string }>(`/plans/${at(planId)}/approve`, { digest });

export const createTarget = (input: TargetInput) => post<Target & { secret?: string }>('/targets', input);
export const changeTarget = (id: string, input: TargetInput) => put<Target>(`/targets/${at(id)}`, input);
export const deleteTarget = (id: string) => remove(`/targets/${at(id)}`);
export const testTarget = (id: string) => post<TestResult>(`/targets/${at(id)}/test`);
export const replayDelivery = (id: string) => post<void>(`/deliveries/${at(id)}/replay`);

export const createToken = (input: { group: string; ttlSeconds: number; uses: number }) =>
  post<Partial<Token> & { token: string }>('/tokens', input);
