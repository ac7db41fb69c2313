import type { RunState } from '@castellan/shared/model/run';
import { describe, expect, test } from 'vitest';
import { connectedAgent, transition } from '../../testing/agent.js';
import { approved, auditOf, event, type Parts, setUp } from '../../testing/remediating.js';
import { enrolNew, eventually } from '../../testing/server.js';
import { RUN_QUIET_MS_MAX } from '../domain/run/progress.js';
import { endOverdue } from './end-overdue.js';

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
