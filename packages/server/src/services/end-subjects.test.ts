import type { Verdict } from '@castellan/shared/model/verdict';
import { describe, expect, test } from 'vitest';
import { connectedAgent, type Enrolled, state, transition, verdict } from '../../testing/agent.js';
import { enrolNew, eventually, startTestServer } from '../../testing/server.js';
import type { RunningServer } from '../app/server.js';

const KEY = { control: 'MOM-CRT-009', subject: '/opt/msys/ecwebui/config/site/server.key' };
/** What the catalogue calls the control's subject as a whole. */
const WHOLE = { ...KEY, subject: 'private keys' };
const UNSEEN: Partial<Verdict> = { ...WHOLE, status: 'indeterminate', violations: [], reason: 'not root' };

async function nodeWithOpenKey() {
  const server = await startTestServer();
  const enrolled = await enrolNew(server);
  const agent = await connectedAgent(enrolled);
  agent.send(transition(1, KEY));
  await eventually(async () => (await openOf(server, enrolled)).length === 1, 'the finding');
  let seq = 1;
  const say = (changes: Partial<Verdict>, gone?: true) => {
    seq += 1;
    agent.send({ ...transition(seq, changes), ...(gone ? { gone } : {}) } as never);
  };
  return { server, enrolled, agent, say };
}

const openOf = (server: RunningServer, { nodeId }: Enrolled) =>
  server.ctx.store.read.findings.activeOfNode(nodeId);
const isStale = (server: RunningServer, enrolled: Enrolled, stale: boolean) =>
  eventually(
    async () => (await openOf(server, enrolled)).map((one) => one.stale).join() === String(stale),
    `the finding to be ${stale ? 'stale' : 'sure'}`,
  );
const isOver = (server: RunningServer, enrolled: Enrolled) =>
  eventually(async () => (await openOf(server, enrolled)).length === 0, 'the end of the finding');

describe('a subject that a node judges no more', () => {
  test('ends its finding by a transition, and its verdict is not kept', async () => {
    const { server, enrolled, say } = await nodeWithOpenKey();
    say(KEY, true);
    await isOver(server, enrolled);
    expect(await server.ctx.store.read.verdicts.ofNode(enrolled.nodeId)).toEqual([]);
  });

  test('because the evidence is gone leaves its finding open and stale, until it is judged again', async () => {
    const { server, enrolled, say } = await nodeWithOpenKey();
    say(UNSEEN);
    say(KEY, true);
    await isStale(server, enrolled, true);
    say(KEY);
    say(WHOLE, true);
    await isStale(server, enrolled, false);
    say({ ...KEY, status: 'pass' });
    await isOver(server, enrolled);
  });

  test('because the evidence was gone ends its finding when the rest is judged again without it', async () => {
    const { server, enrolled, say } = await nodeWithOpenKey();
    say(UNSEEN);
    say(KEY, true);
    await isStale(server, enrolled, true);
    say({ ...KEY, subject: '/another.key', status: 'pass' });
    say(WHOLE, true);
    await isOver(server, enrolled);
  });

  test.each([
    ['indeterminate', UNSEEN, true],
    ['errored', { ...UNSEEN, status: 'errored' as const }, true],
    ['judged', { ...WHOLE, status: 'not-applicable' as const, violations: [] }, false],
  ])('in a whole state whose control is %s', async (_name, whole, isKept) => {
    const { server, enrolled, agent } = await nodeWithOpenKey();
    agent.send(state([verdict(whole)]));
    if (!isKept) {
      await isOver(server, enrolled);
      return;
    }
    await isStale(server, enrolled, true);
    agent.send(state([verdict({ ...WHOLE, status: 'pass' })]));
    await isOver(server, enrolled);
  });
});
