import type { Verdict } from '@castellan/shared/model/verdict';
import { verdictKey } from '@castellan/shared/model/verdict';
import { applyVerdict } from './apply-verdict.js';
import { endStale, endSubjects, type Subject } from './end-subjects.js';
import { confirmFinding } from './move-finding.js';
import type { Unit } from './unit.js';
import { More } from './write-queue.js';

/** Verdicts that are applied in one transaction: the others wait for no more than that. */
export const STEP_VERDICTS_MAX = 16;

export interface WholeState {
  readonly verdicts: readonly Verdict[];
  /** Of each verdict, in the same order. */
  readonly digests: readonly string[];
  readonly observedAt: number;
}

type Step = (unit: Unit) => Promise<More | undefined>;

/** Comparing is cheap, changing is not: what differs is charged step by step. */
export function costOfState(verdictCount: number): number {
  return 1 + Math.ceil(verdictCount / 16);
}

/**
 * Takes a node's whole state: what differs is applied, what is gone ends, what is the same is confirmed by one
 * statement. In steps: a server that dies between two of them has a digest that differs, and asks again.
 */
export async function replaceState(unit: Unit, nodeId: string, state: WholeState): Promise<More | undefined> {
  const known = new Map(await unit.tx.verdicts.digestsOf(nodeId));
  const steps: { cost: number; run: (unit: Unit) => Promise<void> }[] = [];
  const changed = state.verdicts.flatMap((verdict, index) => {
    const digest = state.digests[index] ?? '';
    const key = verdictKey(verdict);
    const isSame = known.get(key) === digest;
    known.delete(key);
    return isSame ? [] : [{ nodeId, verdict, digest, observedAt: state.observedAt }];
  });
  for (const part of inParts(changed)) {
    steps.push({
      cost: part.length,
      run: async (later) => {
        for (const sent of part) await applyVerdict(later, sent);
      },
    });
  }
  for (const part of inParts([...known.keys()]))
    steps.push({ cost: part.length, run: (later) => endSubjects(later, nodeId, part.map(subjectOf)) });
  steps.push({ cost: 1, run: (later) => later.tx.verdicts.confirmAll(nodeId, state.observedAt) });
  return takeSteps(steps, () => confirmFailing(nodeId))(unit);
}

/** Several small steps are one transaction; a large one has its own. */
function takeSteps(
  steps: readonly { cost: number; run: (unit: Unit) => Promise<void> }[],
  last: () => Step,
): Step {
  return async (unit) => {
    let cost = 0;
    for (const [index, step] of steps.entries()) {
      cost += step.cost;
      if (cost > STEP_VERDICTS_MAX + 1 && index > 0)
        return new More(step.cost, takeSteps(steps.slice(index), last));
      await step.run(unit);
    }
    return last()(unit);
  };
}

function subjectOf(key: string): Subject {
  const [control = '', subject = ''] = key.split('\u0000');
  return { control, subject };
}

/**
 * Active findings whose newest verdict is `fail` are sure again, those that no verdict speaks of end where their control
 * is judged; those stale for their own reason stay stale.
 */
export function confirmFailing(nodeId: string): Step {
  return async (unit) => {
    const stale = await unit.tx.findings.staleThoughFailing(nodeId, STEP_VERDICTS_MAX);
    for (const finding of stale) await confirmFinding(unit, finding);
    const mayBeMore = await endStale(unit, nodeId, STEP_VERDICTS_MAX);
    if (mayBeMore || stale.length === STEP_VERDICTS_MAX)
      return new More(STEP_VERDICTS_MAX, confirmFailing(nodeId));
    unit.publish({ kind: 'node', data: { id: nodeId, connected: true } });
    return undefined;
  };
}

function inParts<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / STEP_VERDICTS_MAX);
  return Array.from({ length: count }, (_, part) =>
    all.slice(part * STEP_VERDICTS_MAX, (part + 1) * STEP_VERDICTS_MAX),
  );
}
