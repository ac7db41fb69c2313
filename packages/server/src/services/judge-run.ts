import type { RunState } from '@castellan/shared/model/run';
import { ownVerdict } from '../domain/own-controls.js';
import { BAD_ENDS, isBadEnd } from '../domain/run/progress.js';
import type { RunRecord } from '../store/run.repository.js';
import { moveFinding } from './move-finding.js';
import type { Unit } from './unit.js';

/**
 * The finding that a run's bad end is. It has the remediation for its subject, so that a run that fails twice is one
 * finding. It ends when the node says later that the run was put back or finished, or when a later run of the
 * remediation is done and verified. `line` is the node's last word.
 */
export async function judgeRun(unit: Unit, run: RunRecord, state: RunState, line: string): Promise<void> {
  const judge = (status: 'fail' | 'pass', summary: string) =>
    moveFinding(unit, run.nodeId, ownVerdict('CAS-RUN-001', { status, summary, subject: run.remediation }));
  if (isBadEnd(state)) return judge('fail', `${whatIsWrong(state, run)}: ${line}`);
  if (state === 'done') return judge('pass', `Run ${run.id} of ${run.remediation} is done and verified.`);
  // What is left is other findings, which stay open.
  if (state === 'doneInPart') return judge('pass', `Run ${run.id} of ${run.remediation} is ${line}`);
  if (state === 'rolledBack' && !(await unit.tx.runs.hasOther(run, BAD_ENDS)))
    return judge('pass', `Run ${run.id} of ${run.remediation} was put back.`);
}

function whatIsWrong(state: RunState, { id, remediation, nodeName }: RunRecord): string {
  return state === 'lost'
    ? `Nothing is heard any more of run ${id} (${remediation}), which was begun on ${nodeName}; its last word`
    : `${remediation} on ${nodeName} failed and could not be put back (run ${id})`;
}
