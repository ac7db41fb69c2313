import { type Plan, planDigest } from '@castellan/shared/model/plan';
import type { RunState } from '@castellan/shared/model/run';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import { compactVerify, importJWK } from 'jose';
import { authorityMaker } from '../src/adapters/authority.js';
import { connectedAgent, type Enrolled, type TestAgent } from './agent.js';
import { enrolNew, eventually, signedIn, startTestServer } from './server.js';

export function planOf(changes: Partial<Plan> = {}): Plan {
  const plan = {
    schema: 'castellan.plan/1' as const,
    remediation: 'tls-protocols',
    title: 'Switch off SSLv3',
    fixes: ['MOM-TLS-001'],
    params: {},
    changes: [
      {
        kind: 'file' as const,
        target: '/opt/msys/x.conf',
        summary: 'one line',
        before: 'a',
        after: 'b',
        diff: '-a\n+b\n',
      },
    ],
    effects: ['reload'],
    risk: 'old peers',
    verification: ['the value in force'],
    notes: [],
  };
  return { ...plan, digest: planDigest(plan), ...changes };
}

export async function setUp(role = 'operator', steady?: () => number, twoPersons: readonly string[] = []) {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead, ...(steady ? { steady } : {}) };
  const server = await startTestServer({
    adapters: { clock, maker: authorityMaker(clock) },
    options: { plans: { twoPersons } },
  });
  const enrolled = await enrolNew(server);
  const agent = await connectedAgent(enrolled);
  const call = await signedIn(server, role);
  const ask = (params: Record<string, string> = {}) =>
    call('POST', '/plans', { nodeId: enrolled.nodeId, remediation: 'tls-protocols', params });
  return { server, enrolled, agent, call, ask, pass: (ms: number) => (ahead += ms) };
}

export async function payloadOf(enrolled: Enrolled, jws: string): Promise<CommandPayload> {
  const { payload } = await compactVerify(jws, await importJWK(enrolled.commandKey, 'EdDSA'), {
    algorithms: ['EdDSA'],
  });
  return JSON.parse(Buffer.from(payload).toString()) as CommandPayload;
}

export const event = (seq: number, runId: string, index: number, state: RunState, error?: string) =>
  ({
    type: 'run',
    bootId: 'boot-1',
    seq,
    event: {
      runId,
      index,
      at: new Date().toISOString(),
      state,
      line: `step ${index}`,
      ...(error ? { error } : {}),
    },
  }) as const;

export async function readyPlan({
  agent,
  ask,
  call,
}: {
  agent: TestAgent;
  ask: () => Promise<{ body: never }>;
  call: Awaited<ReturnType<typeof signedIn>>;
}) {
  const { id } = (await ask()).body as { id: string };
  const { commandId } = await agent.take('command');
  agent.send({ type: 'plan', commandId, plan: planOf(), error: null });
  await eventually(
    async () => ((await call('GET', `/plans/${id}`)).body as { state: string }).state === 'ready',
    'the plan',
  );
  return id;
}

export async function approved(parts: Parts) {
  const id = await readyPlan(parts);
  const { body } = await parts.call('POST', `/plans/${id}/approve`, { digest: planOf().digest });
  const { runId } = body as { runId: string };
  const { commandId } = await parts.agent.take('command');
  const run = async () =>
    (await parts.call('GET', `/runs/${runId}`)).body as {
      state: string;
      error: string | null;
      finishedAt: string | null;
      events: { line: string; error?: string }[];
    };
  const becomes = (state: string) =>
    eventually(async () => ((await run()).state === state ? await run() : null), `the run to be ${state}`);
  return { runId, commandId, run, becomes };
}
export type Parts = Awaited<ReturnType<typeof setUp>>;

export const auditOf = async ({ server }: Parts, object: string) =>
  (await server.ctx.store.read.audit.list({}, { limit: 50, cursor: null })).items.filter(
    (row) => row.object === object,
  );
