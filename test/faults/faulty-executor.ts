import { join } from 'node:path';
import type { Result } from '@castellan/shared/base/result';
import type { Plan } from '@castellan/shared/model/plan';
import type { RunEvent } from '@castellan/shared/model/run';
import { nodeClock } from '../../packages/agent/src/adapters/node-clock.js';
import { nodeFileWriter } from '../../packages/agent/src/adapters/node-file-writer.js';
import { nodeFiles } from '../../packages/agent/src/adapters/node-files.js';
import { nodeRandom } from '../../packages/agent/src/adapters/node-random.js';
import { nodeRunLock } from '../../packages/agent/src/adapters/node-run-lock.js';
import { nodeStateStore } from '../../packages/agent/src/adapters/node-state-store.js';
import type { Executor } from '../../packages/agent/src/app/command-dispatcher.js';
import { nodeExecutor } from '../../packages/agent/src/app/node-executor.js';
import type { ExecResult } from '../../packages/agent/src/ports/exec.js';
import { StateProblem } from '../../packages/agent/src/ports/state-store.js';
import { STATE_EFFECTS, WRITE_EFFECTS } from '../../packages/agent/testing/effects.js';
import { noNet } from '../../packages/agent/testing/no-net.js';
import type { DoubleNode } from './double-node.js';

export type Effect = 'write' | 'state' | 'before-program' | 'after-program';

/** What happens at each effect: nothing, or a throw. */
export type Fate = (effect: Effect) => void;

export class Refused extends Error {}
export class Killed extends Error {}

/** The n-th effect is refused by the system, and everything after it works again. */
export function refusesAt(n: number): { readonly fate: Fate; readonly count: () => number } {
  let count = 0;
  return {
    count: () => count,
    fate: () => {
      count += 1;
      if (count === n) throw new Refused(`effect ${n} was refused`);
    },
  };
}

/** The agent dies at the n-th effect: from there on nothing of it reaches the node. */
export function diesAt(n: number): { readonly fate: Fate; readonly count: () => number } {
  let count = 0;
  return {
    count: () => count,
    fate: () => {
      count += 1;
      if (count >= n) throw new Killed(`killed at effect ${n}`);
    },
  };
}

/** The state folder's disk is full from its n-th write on, and stays so. */
export function fullFrom(n: number): { readonly fate: Fate; readonly count: () => number } {
  let count = 0;
  return {
    count: () => count,
    fate: (effect) => {
      if (effect !== 'state') return;
      count += 1;
      if (count >= n) throw new Refused(`write ${n} of the state was refused`);
    },
  };
}

const BUDGET_MS_MIN = 1000;

/** The agent's own carrier with its own collectors, controls and remediations; only the effects may fail. */
export function faultyExecutor(
  node: DoubleNode,
  fate: Fate = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Executor {
  let aheadMs = 0;
  return nodeExecutor({
    ports: {
      files: nodeFiles(node.root),
      writer: before(nodeFileWriter(node.root), WRITE_EFFECTS, () => fate('write')),
      exec: { run: (request) => Promise.resolve(runProgram(fate, () => node.run(request))) },
      net: noNet({ probeTls: () => Promise.resolve(node.probe()) }),
      processes: { under: () => null },
      clock: {
        now: () => Date.now() + aheadMs,
        // Waiting for a listener is skipped; the budgets of collectors are real.
        sleep: (ms, signal) => {
          if (ms >= BUDGET_MS_MIN) return nodeClock.sleep(ms, signal);
          aheadMs += ms;
          return Promise.resolve();
        },
      },
      random: nodeRandom,
    },
    store: before(nodeStateStore(node.state), STATE_EFFECTS, (operation) => {
      try {
        fate('state');
      } catch (error) {
        throw error instanceof Refused ? new StateProblem(operation, 'a file', 'ENOSPC') : error;
      }
    }),
    lock: nodeRunLock(join(node.state, 'run.lock')),
    settings: { nodeName: null, assumeMomentum: null, probe: true, live: true },
    allow: null,
    isAuditOnly: () => false,
    signal,
  });
}

function runProgram(fate: Fate, run: () => ExecResult): ExecResult {
  try {
    fate('before-program');
    const result = run();
    fate('after-program');
    return result;
  } catch (error) {
    if (error instanceof Refused) return { kind: 'timeout', stdout: '', stderr: '' };
    throw error;
  }
}

function before<T extends object>(port: T, names: readonly string[], act: (name: string) => void): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || !names.includes(String(name))) return member;
      return (...args: unknown[]): unknown => {
        act(String(name));
        return Reflect.apply(member, target, args);
      };
    },
  });
}

export interface CarriedOut {
  readonly events: RunEvent[];
  /** Null: planning was cut off. */
  readonly planned: Result<Plan> | null;
  readonly thrown: unknown;
}

/** Plans and applies as an operator does who approves what he sees. */
export async function carryOut(
  carrier: Executor,
  slug: string,
  params: Readonly<Record<string, string>>,
  runId = 'run-1',
): Promise<CarriedOut> {
  const events: RunEvent[] = [];
  let planned: Result<Plan> | null = null;
  try {
    planned = await carrier.plan(slug, params);
    if (planned.ok)
      await carrier.apply({ runId, slug, params, planDigest: planned.value.digest }, (event) =>
        events.push(event),
      );
    return { events, planned, thrown: null };
  } catch (thrown) {
    return { events, planned, thrown };
  }
}
