import { isFinal, type RunEvent } from '@castellan/shared/model/run';
import { isEchoOfRepeat, stateAfter } from '../domain/run/progress.js';
import type { Unit } from './unit.js';

/** A line of a run's progress. Of an unknown run, or of another node's, it is left out: the node is not believed. */
export async function recordRunEvent(unit: Unit, nodeId: string, event: RunEvent): Promise<void> {
  const run = await unit.tx.runs.get(event.runId);
  if (!run || run.nodeId !== nodeId) {
    unit.ctx.log.warn(
      { event: 'run.unknown', nodeId, runId: event.runId },
      'progress of a run that this node was not given',
    );
    return;
  }
  if (isEchoOfRepeat(event)) return;
  if (!(await unit.tx.runs.addEvent(event))) return;
  const state = stateAfter(run, event);
  const hasEnded = isFinal(state) && !isFinal(run.state);
  await unit.tx.runs.update({
    ...run,
    state,
    lastIndex: Math.max(run.lastIndex, event.index),
    // The node has the command: it is not sent again, so its sealed parameters need not be kept.
    jws: null,
    finishedAt: hasEnded ? unit.now : run.finishedAt,
    error: event.error ?? run.error,
  });
  if (hasEnded) {
    await unit.audit({
      actor: `node:${nodeId}`,
      action: `run.${state}`,
      object: run.id,
      outcome: state === 'done' ? 'ok' : 'failed',
      detail: { remediation: run.remediation, ...(event.error ? { code: event.error } : {}) },
    });
  }
  unit.publish({ kind: 'run', data: { id: run.id, nodeId, state, index: event.index } });
}
