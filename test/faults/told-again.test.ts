import type { RunEvent } from '@castellan/shared/model/run';
import type { CommandPayload } from '@castellan/shared/protocol/command';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeClock } from '../../packages/agent/src/adapters/node-clock.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import { tellAgain } from '../../packages/agent/src/app/tell-again.js';
import { beginRemembering, remember } from '../../packages/agent/src/link/remembered.js';
import { DoubleNode } from './double-node.js';
import { carryOut, faultyExecutor } from './faulty-executor.js';

const quiet = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
};
let node: DoubleNode;

beforeEach(async () => {
  node = await DoubleNode.lay();
  beginRemembering(nodeStateStore(node.state));
});
afterEach(() => node.remove());

function command(runId: string): CommandPayload {
  const nowS = Math.floor(Date.now() / 1000);
  const times = { iat: nowS, exp: nowS + 600 };
  return {
    kind: 'apply',
    iss: 's',
    aud: 'n',
    jti: `c-${runId}`,
    remediation: 'x',
    params: {},
    runId,
    planDigest: 'd',
    ...times,
  };
}

function toldAtStart(): RunEvent[] {
  const told: RunEvent[] = [];
  const store = nodeStateStore(node.state);
  tellAgain({ executor: faultyExecutor(node), log: quiet, store, clock: nodeClock }, (event) =>
    told.push(event),
  );
  return told;
}

test('how a run ended is told again at each start, under the number that it had: lost words are found, known ones are repeats', async () => {
  remember(command('run-1'), nodeStateStore(node.state), Date.now() / 1000);
  const { events } = await carryOut(faultyExecutor(node), 'permissions-repair', {});
  const { at: _at, ...last } = events.at(-1) ?? { at: '' };
  expect(last).toMatchObject({ runId: 'run-1', state: 'done' });
  for (let start = 1; start <= 2; start += 1)
    expect(toldAtStart()).toEqual([{ ...last, at: expect.any(String) }]);
});

test('a run that was taken and never begun is told as refused: nothing was touched', () => {
  remember(command('run-2'), nodeStateStore(node.state), Date.now() / 1000);
  expect(toldAtStart()).toEqual([
    expect.objectContaining({ runId: 'run-2', index: 1, state: 'refused', error: 'CAS_RUN_STEP_FAILED' }),
  ]);
});
