import { describe, expect, test } from 'vitest';
import { connectedAgent, transition } from '../../testing/agent.js';
import { event, payloadOf, planOf, readyPlan, setUp } from '../../testing/remediating.js';
import { enrolNew, eventually, signedIn } from '../../testing/server.js';
import { endOverdue } from './end-overdue.js';

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
