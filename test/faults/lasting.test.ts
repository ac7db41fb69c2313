import { expect, it } from 'vitest';
import { DoubleNode } from './double-node.js';
import { carryOut, diesAt, faultyExecutor } from './faulty-executor.js';

const PARAMS = { control: 'MOM-TLS-001', subject: 'no listener of this node served' };
const SAID = /everything is as it was before the run, but what Momentum has read since .* is not taken back/;

it('a reload that was not verified is not taken back, and the end says so', async () => {
  const node = await DoubleNode.lay();
  node.running = 'what stood there before';
  const { events } = await carryOut(faultyExecutor(node), 'config-reload', PARAMS);
  expect(events.at(-1)).toMatchObject({ state: 'rolledBack', line: expect.stringMatching(SAID) });
  expect(node.isCoherent()).toBe(true);
  node.remove();
});

it('killed at any effect, the end says so wherever the running Momentum is not as before', async () => {
  for (let n = 1; ; n += 1) {
    const node = await DoubleNode.lay();
    node.running = 'what stood there before';
    const kill = diesAt(n);
    const { events } = await carryOut(faultyExecutor(node, kill.fate), 'config-reload', PARAMS);
    await faultyExecutor(node).recover((event) => events.push(event));
    if (node.running !== 'what stood there before')
      expect([n, events.at(-1)?.line]).toEqual([n, expect.stringMatching(SAID)]);
    node.remove();
    if (kill.count() < n) break;
    expect(n).toBeLessThan(100);
  }
});
