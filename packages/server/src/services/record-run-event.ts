import { isDone, isFinal, type RunEvent } from '@castellan/shared/model/run';
import { isBadEnd, isEchoOfRepeat, stateAfter } from '../domain/run/progress.js';
import { judgeRun } from './judge-run.js';
import type { Unit } from './unit.js';
import { warnAbout } from './warn-about.js';

/** Lines of one run that are kept; of what comes beyond only its end is, so that no node fills the disk with one run. */
export const RUN_LINES_MAX = 10_000;

/** A line of a run's progress. Of an unknown run, or of another node's, it is left out: the node is not believed. */
export async function recordRunEvent(unit: Unit, nodeId: string, event: RunEvent): Promise<void> {
  const run = await unit.tx.runs.get(event.runId);
  if (!run || run.nodeId !== nodeId) {
    warnAbout(
      unit.ctx,
      nodeId,
      { event: 'run.unknown', runId: event.runId },
      'progress of a run that this node was not given',
    );
    return;
  }
  if (isEchoOfRepeat(event)) return;
  if (event.index > RUN_LINES_MAX && (!isFinal(event.state) || isFinal(run.state))) return;
  const path = event.revision ? await unit.tx.configurations.pathOf(nodeId, event.revision.repository) : null;
  if (!(await unit.tx.runs.addEvent(event, unit.now, path))) return;
  const state = stateAfter(run, event);
  const hasEnded = isFinal(state) && (!isFinal(run.state) || state !== run.state);
  const goesOn = isFinal(run.state) && !isFinal(state);
  if (isFinal(state)) unit.ctx.presence.forget(heardAs(run.id));
  else unit.ctx.presence.heard(heardAs(run.id));
  await unit.tx.runs.update({
    ...run,
    state,
    lastIndex: Math.max(run.lastIndex, event.index),
    // The node has the command: it is not sent again, so its sealed parameters need not be kept.
    jws: null,
    finishedAt: goesOn ? null : hasEnded ? unit.now : run.finishedAt,
    heardAt: unit.now,
    error: event.error ?? (goesOn || hasEnded ? null : run.error),
  });
  if (hasEnded) {
    await unit.audit({
      actor: `node:${nodeId}`,
      action: `run.${state}`,
      object: run.id,
      outcome: isDone(state) ? 'ok' : state === 'refused' || state === 'stale' ? 'refused' : 'failed',
      detail: { remediation: run.remediation, ...(event.error ? { code: event.error } : {}) },
    });
  }
  if (hasEnded || isBadEnd(state)) await judgeRun(unit, run, state, event.line);
  unit.publish({ kind: 'run', data: { id: run.id, nodeId, state, index: event.index } });
}

/** The run's name among those that were heard. */
export function heardAs(runId: string): string {
  return `run:${runId}`;
}
