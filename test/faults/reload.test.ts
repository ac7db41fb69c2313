import { expect, it } from 'vitest';
import { DoubleNode } from './double-node.js';
import { carryOut, faultyExecutor } from './faulty-executor.js';
import { RELOADS } from './remediation-rows.js';

const PARAMS = { service: 'ecconfigd' };

it.each([
  ['reads', ['graceful']],
  ['deaf', ['graceful', 'restart']],
  ['unknown', ['graceful', 'restart']],
] as const)(
  'a service that is told to reload (%s): its init script is called with %j',
  async (what, told) => {
    const node = await DoubleNode.lay(false, [RELOADS]);
    node.reloading = what;
    const old = node.shown;
    const { events, planned } = await carryOut(faultyExecutor(node), 'certificate-renew', PARAMS);
    expect(planned?.ok && planned.value.effects).toEqual([
      'ecconfigd reads the pair and goes on to listen (its init script knows graceful); it is restarted only if it then serves the old one still',
    ]);
    expect(events.at(-1)).toMatchObject({ state: 'done', line: 'done and verified' });
    expect(node.told).toEqual(told);
    expect([node.isCoherent(), node.shown === old]).toEqual([true, false]);
    node.remove();
  },
);

it('without such a word it is restarted', async () => {
  const node = await DoubleNode.lay();
  await carryOut(faultyExecutor(node), 'certificate-renew', PARAMS);
  expect(node.told).toEqual(['restart']);
  node.remove();
});
