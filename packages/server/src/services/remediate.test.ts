import { type Plan, planDigest } from '@castellan/shared/model/plan';
import type { RunState } from '@castellan/shared/model/run';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import { compactVerify, importJWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { connectedAgent, type Enrolled, type TestAgent, transition } from '../../testing/agent.js';
import { enrolNew, eventually, signedIn, startTestServer } from '../../testing/server.js';
import { authorityMaker } from '../adapters/authority.js';
import { RUN_QUIET_MS_MAX } from '../domain/run/progress.js';
import { endOverdue } from './end-overdue.js';

function planOf(changes: Partial<Plan> = {}): Plan {
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

async function setUp(role = 'operator', steady?: () => number, twoPersons: readonly string[] = []) {
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

async function payloadOf(enrolled: Enrolled, jws: string): Promise<CommandPayload> {
  const { payload } = await compactVerify(jws, await importJWK(enrolled.commandKey, 'EdDSA'), {
    algorithms: ['EdDSA'],
  });
  return JSON.parse(Buffer.from(payload).toString()) as CommandPayload;
}

const event = (seq: number, runId: string, index: number, state: RunState, error?: string) =>
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

async function readyPlan({
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

test('in a group that takes two persons whoever asked cannot approve, and anybody else can', async () => {
  const { server, agent, call, ask } = await setUp('operator', undefined, ['mta']);
  const id = await readyPlan({ agent, call, ask });
  const other = await signedIn(server, 'operator', 'otto');
  const waiting = async (name: string) =>
    ((await call('GET', `/plans?state=ready&approvableBy=user:${name}`)).body as { items: { id: string }[] })
      .items.length;
  expect([await waiting('operator'), await waiting('otto')]).toEqual([0, 1]);
  expect((await call('GET', `/plans/${id}`)).body).toMatchObject({ twoPersons: true });
  const order = { digest: planOf().digest };
  const refused = await call('POST', `/plans/${id}/approve`, order);
  expect([refused.status, (refused.body as { code: string }).code]).toEqual([403, 'CAS_SECOND_PERSON']);
  expect((await server.ctx.store.read.plans.get(id))?.state).toBe('ready');
  expect((await other('POST', `/plans/${id}/approve`, order)).status).toBe(201);
});

test('plans are listed newest first, page by page, by state and node, without what they would change', async () => {
  const { agent, call, ask, enrolled } = await setUp();
  const ready = await readyPlan({ agent, call, ask });
  const ids = [ready, ((await ask()).body as { id: string }).id, ((await ask()).body as { id: string }).id];
  const list = async (query: string) => {
    const { body } = await call('GET', `/plans?${query}`);
    return body as {
      items: { id: string; requestedAt: string; node: { id: string } }[];
      next: string | null;
    };
  };
  const first = await list('limit=2');
  const rest = await list(`limit=2&cursor=${first.next}`);
  const all = [...first.items, ...rest.items];
  expect([first.items.length, rest.next, all.map(({ id }) => id).sort()]).toEqual([2, null, ids.sort()]);
  const times = all.map(({ requestedAt }) => requestedAt);
  expect(times).toEqual(times.toSorted().reverse());
  expect(all[0]).not.toHaveProperty('plan');
  expect((await list('state=ready')).items.map(({ id, node }) => [id, node.id])).toEqual([
    [ready, enrolled.nodeId],
  ]);
  expect((await list('node=nod_other')).items).toEqual([]);
});

describe('from a finding to a mended node', () => {
  test('plan, approval by its digest, signed command, progress, and a finding that only a fresh pass resolves', async () => {
    const parts = await setUp();
    const { server, enrolled, agent, call } = parts;
    agent.send(transition(1));
    await agent.take('ack');
    const id = await readyPlan(parts);
    const { body } = await call('GET', `/plans/${id}`);
    expect(body).toMatchObject({
      state: 'ready',
      plan: { effects: ['reload'] },
      requestedBy: 'user:operator',
    });

    const wrong = await call('POST', `/plans/${id}/approve`, { digest: `sha256:${'0'.repeat(64)}` });
    expect([wrong.status, (wrong.body as { code: string }).code]).toEqual([409, 'CAS_PLAN_STALE']);
    const approved = await call('POST', `/plans/${id}/approve`, { digest: planOf().digest });
    expect(approved.status).toBe(201);
    const { runId } = approved.body as { runId: string };
    const command = await agent.take('command');
    expect(await payloadOf(enrolled, command.jws)).toMatchObject({
      kind: 'apply',
      aud: enrolled.nodeId,
      iss: enrolled.serverId,
      runId,
      planDigest: planOf().digest,
    });
    expect((await call('POST', `/plans/${id}/approve`, { digest: planOf().digest })).status).toBe(409);

    for (const [index, state] of (['applying', 'verifying', 'done'] as const).entries())
      agent.send(event(index + 2, runId, index + 1, state));
    agent.send(event(5, runId, 3, 'done'));
    await eventually(() => agent.inbox.some((m) => m.type === 'ack' && m.upTo === 5), 'the acknowledgement');
    const run = (await call('GET', `/runs/${runId}`)).body as {
      state: string;
      events: unknown[];
      finishedAt: string;
    };
    expect([run.state, run.events.length, run.finishedAt !== null]).toEqual(['done', 3, true]);
    expect(await server.ctx.store.read.findings.activeOfNode(enrolled.nodeId)).toHaveLength(1);
    agent.send(transition(6, { status: 'pass' }));
    await eventually(
      async () => (await server.ctx.store.read.findings.activeOfNode(enrolled.nodeId)).length === 0,
      'the resolution',
    );
  });

  test('a command that the node did not get is sent again with its next hello, and its echo does not end the run', async () => {
    const parts = await setUp();
    const { agent, call, enrolled } = parts;
    const id = await readyPlan(parts);
    await agent.close();
    const { runId } = (await call('POST', `/plans/${id}/approve`, { digest: planOf().digest })).body as {
      runId: string;
    };
    const again = await connectedAgent(enrolled);
    expect((await payloadOf(enrolled, (await again.take('command')).jws)).kind).toBe('apply');
    again.send(event(1, runId, 1, 'applying'));
    again.send(event(2, runId, 2, 'refused', 'CAS_COMMAND_REPLAYED'));
    await eventually(() => again.inbox.some((m) => m.type === 'ack' && m.upTo === 2), 'the acknowledgement');
    expect((await call('GET', `/runs/${runId}`)).body).toMatchObject({ state: 'applying' });
  });

  test('progress of another node is not believed', async () => {
    const parts = await setUp();
    const { agent, call, server } = parts;
    const id = await readyPlan(parts);
    const { runId } = (await call('POST', `/plans/${id}/approve`, { digest: planOf().digest })).body as {
      runId: string;
    };
    const stranger = await connectedAgent(await enrolNew(server, 'mta2.example.com'));
    stranger.send(event(1, runId, 1, 'done'));
    await stranger.take('ack');
    expect((await call('GET', `/runs/${runId}`)).body).toMatchObject({ state: 'sent', events: [] });
    agent.send(event(1, runId, 1, 'applying'));
    await agent.take('ack');
    expect((await call('GET', `/runs/${runId}`)).body).toMatchObject({ state: 'applying' });
  });
});

async function approved(parts: Parts) {
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
type Parts = Awaited<ReturnType<typeof setUp>>;

const auditOf = async ({ server }: Parts, object: string) =>
  (await server.ctx.store.read.audit.list({}, { limit: 50, cursor: null })).items.filter(
    (row) => row.object === object,
  );

describe('a command that the node refuses', () => {
  test.each([
    ['CAS_AUDIT_ONLY', 'refused'],
    ['CAS_COMMAND_NOT_ALLOWED', 'refused'],
    ['CAS_COMMAND_SIGNATURE', 'refused'],
    ['CAS_COMMAND_EXPIRED', 'refused'],
    ['CAS_COMMAND_REPLAYED', 'refused'],
    ['CAS_RUN_BUSY', 'refused'],
    ['CAS_STATE_UNUSABLE', 'refused'],
    ['CAS_REMEDIATION_UNKNOWN', 'refused'],
    ['CAS_PLAN_STALE', 'stale'],
  ])('with %s ends its run as %s, with the reason', async (code, state) => {
    const parts = await setUp();
    const { runId, commandId, becomes } = await approved(parts);
    parts.agent.send({ type: 'commandRefused', commandId, code, detail: `because of ${code}` });
    const run = await becomes(state);
    expect(run).toMatchObject({ error: code, events: [{ line: `because of ${code}`, error: code }] });
    expect(run.finishedAt).not.toBeNull();
    expect(await auditOf(parts, runId)).toMatchObject([
      { action: `run.${state}`, outcome: 'refused', detail: { code, why: `because of ${code}` } },
    ]);
  });

  test('by an agent of before, which answers with a plan that is none, ends its run too', async () => {
    const parts = await setUp();
    const { commandId, becomes } = await approved(parts);
    const error = { code: 'CAS_COMMAND_EXPIRED', detail: 'it ended' };
    parts.agent.send({ type: 'plan', commandId, plan: null, error });
    expect(await becomes('refused')).toMatchObject({ error: 'CAS_COMMAND_EXPIRED' });
  });

  test('for a plan ends the plan', async () => {
    const { agent, ask, call } = await setUp();
    const { id } = (await ask()).body as { id: string };
    const { commandId } = await agent.take('command');
    agent.send({ type: 'commandRefused', commandId, code: 'CAS_COMMAND_SIGNATURE', detail: 'not yours' });
    const plan = await eventually(async () => {
      const { body } = await call('GET', `/plans/${id}`);
      return (body as { state: string }).state === 'waiting' ? null : body;
    }, 'the refusal');
    expect(plan).toMatchObject({
      state: 'failed',
      error: { code: 'CAS_COMMAND_SIGNATURE', detail: 'not yours' },
    });
  });

  test('ends nothing when it was heard of, or is of another node', async () => {
    const parts = await setUp();
    const { runId, commandId, becomes, run } = await approved(parts);
    const refusal = { type: 'commandRefused', commandId, code: 'CAS_RUN_BUSY', detail: 'no' } as const;
    const stranger = await connectedAgent(await enrolNew(parts.server, 'mta2.example.com'));
    stranger.send(refusal);
    stranger.send(transition(1));
    await stranger.take('ack');
    expect((await run()).state).toBe('sent');
    parts.agent.send(event(1, runId, 1, 'applying'));
    parts.agent.send(refusal);
    parts.agent.send(event(2, runId, 2, 'verifying'));
    expect((await becomes('verifying')).error).toBeNull();
  });

  test('and that was begun after all ends as its own events say', async () => {
    const parts = await setUp();
    const { runId, commandId, becomes } = await approved(parts);
    parts.agent.send({ type: 'commandRefused', commandId, code: 'CAS_COMMAND_REPLAYED', detail: 'again' });
    await becomes('refused');
    for (const [index, state] of (['applying', 'verifying', 'done'] as const).entries())
      parts.agent.send(event(index + 1, runId, index + 1, state));
    expect(await becomes('done')).toMatchObject({ error: null });
  });
});

describe("a run's bad end", () => {
  const active = async ({ server, enrolled }: Parts) =>
    (await server.ctx.store.read.findings.activeOfNode(enrolled.nodeId)).filter(
      (finding) => finding.control === 'CAS-RUN-001',
    );

  test('is a critical finding that says what is broken, until the node has put it back', async () => {
    const parts = await setUp();
    const { runId, becomes } = await approved(parts);
    const say = (index: number, state: RunState, line: string) => {
      const message = event(index, runId, index, state);
      parts.agent.send({ ...message, event: { ...message.event, line } });
    };
    say(1, 'applying', 'step');
    say(2, 'rollingBack', 'putting back');
    say(3, 'rollbackFailed', 'msyspg is down');
    await becomes('rollbackFailed');
    expect(await active(parts)).toMatchObject([
      { severity: 'critical', subject: 'tls-protocols', summary: expect.stringContaining('msyspg is down') },
    ]);
    say(4, 'rollingBack', 'trying again');
    say(5, 'rollbackFailed', 'msyspg is still down');
    await eventually(
      async () => (await active(parts))[0]?.summary.includes('still down'),
      'the newest word in the finding',
    );
    say(6, 'rollingBack', 'trying again');
    say(7, 'rolledBack', 'as it was');
    expect((await becomes('rolledBack')).error).toBeNull();
    expect(await active(parts)).toEqual([]);
  });

  test.each(['applying', 'verifying', 'rollingBack'] as const)(
    'is also that nothing is heard of it any more while it is %s, and its late word still counts',
    async (state) => {
      const parts = await setUp();
      const { runId, becomes, run } = await approved(parts);
      parts.agent.send(event(1, runId, 1, state));
      await becomes(state);
      parts.pass(RUN_QUIET_MS_MAX - 60_000);
      await endOverdue(parts.server.ctx);
      expect((await run()).state).toBe(state);
      parts.pass(60_001);
      await endOverdue(parts.server.ctx);
      expect(await run()).toMatchObject({ state: 'lost', error: 'CAS_RUN_LOST' });
      expect(await active(parts)).toMatchObject([
        { severity: 'critical', summary: expect.stringContaining(`${state}, step 1`) },
      ]);
      parts.agent.send(event(2, runId, 2, 'rolledBack'));
      await becomes('rolledBack');
      expect(await active(parts)).toEqual([]);
    },
  );

  test('is not the clock that was put forward', async () => {
    let steady = 0;
    const parts = await setUp('operator', () => steady);
    const { runId, becomes, run } = await approved(parts);
    parts.agent.send(event(1, runId, 1, 'applying'));
    await becomes('applying');
    parts.pass(10 * 3_600_000);
    steady = 60_000;
    await endOverdue(parts.server.ctx);
    expect((await run()).state).toBe('applying');
    steady = RUN_QUIET_MS_MAX + 1;
    await endOverdue(parts.server.ctx);
    expect((await run()).state).toBe('lost');
  });
});

describe('what only the node ends', () => {
  test('ends also when the clock was put back meanwhile', async () => {
    const { server, ask, call, pass } = await setUp();
    const { id } = (await ask()).body as { id: string };
    pass(-10 * 3_600_000);
    await endOverdue(server.ctx);
    expect((await call('GET', `/plans/${id}`)).body).toMatchObject({ state: 'failed' });
  });

  test('that was given up for want of time goes on when the node says so', async () => {
    const parts = await setUp();
    const { runId, becomes } = await approved(parts);
    parts.pass(600_001);
    await endOverdue(parts.server.ctx);
    await becomes('expired');
    parts.agent.send(event(1, runId, 1, 'applying'));
    expect(await becomes('applying')).toMatchObject({ finishedAt: null, error: null });
  });

  test('no state that is not of a node is believed from a node', async () => {
    const parts = await setUp();
    const { runId, run } = await approved(parts);
    for (const [index, state] of (['approved', 'expired', 'lost'] as const).entries())
      parts.agent.send(event(index + 1, runId, index + 1, state));
    await eventually(() => parts.agent.inbox.some((m) => m.type === 'ack' && m.upTo === 3), 'the receipt');
    expect((await run()).state).toBe('sent');
  });
});

describe('a plan', () => {
  test('that the node does not answer has failed', async () => {
    const { server, ask, call, pass } = await setUp();
    const { id } = (await ask()).body as { id: string };
    pass(30_001);
    await endOverdue(server.ctx);
    expect((await call('GET', `/plans/${id}`)).body).toMatchObject({
      state: 'failed',
      error: { code: 'CAS_COMMAND_EXPIRED' },
    });
  });

  test('whose digest is not its own has failed: what is approved must be what was seen', async () => {
    const { agent, ask, call } = await setUp();
    const { id } = (await ask()).body as { id: string };
    const { commandId } = await agent.take('command');
    agent.send({ type: 'plan', commandId, plan: planOf({ risk: 'none at all' }), error: null });
    const plan = await eventually(async () => {
      const { body } = await call('GET', `/plans/${id}`);
      return (body as { state: string }).state === 'waiting' ? null : body;
    }, 'the answer');
    expect(plan).toMatchObject({ state: 'failed', plan: null });
  });

  test.each([
    ['of an unknown remediation', { remediation: 'reboot' }, 404, 'CAS_REMEDIATION_UNKNOWN'],
    ['with an unknown parameter', { params: { colour: 'red' } }, 400, 'CAS_PARAM_INVALID'],
    ['with a value that is not allowed', { params: { keep: 'c' } }, 400, 'CAS_PARAM_INVALID'],
    [
      'with a secret that is not sealed',
      { params: { password: 'hunter2 hunter2' } },
      400,
      'CAS_PARAM_INVALID',
    ],
    ['for a node that is not there', { nodeId: 'nod_nobody' }, 404, 'CAS_NOT_FOUND'],
  ])('%s is refused', async (_name, changes, status, code) => {
    const { call, enrolled } = await setUp();
    const answer = await call('POST', '/plans', {
      nodeId: enrolled.nodeId,
      remediation: 'tls-protocols',
      params: {},
      ...changes,
    });
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([status, code]);
  });

  test('for a node that is away is refused', async () => {
    const { agent, ask, server, enrolled } = await setUp();
    await agent.close();
    await eventually(() => !server.sessions.isConnected(enrolled.nodeId), 'the parting');
    expect((await ask()).body).toMatchObject({ code: 'CAS_NODE_OFFLINE' });
  });

  test('cannot be asked for by somebody who may only look', async () => {
    const { ask } = await setUp('viewer');
    expect((await ask()).body).toMatchObject({ status: 403, code: 'CAS_AUTH_FORBIDDEN' });
  });
});
