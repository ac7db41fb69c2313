import { inhibitorOf, sourcesOf, targetsOf, whyInhibited } from '../../domain/alert/inhibition.js';
import { isGroupRow } from '../../domain/fleet/group-row.js';
import type { FindingRecord } from '../../store/finding.repository.js';
import type { Hold } from '../../store/held.repository.js';
import { instant } from '../instant.js';
import type { Unit } from '../unit.js';
import { changeHolds, type HoldChange, isHeld, putHold } from './change-holds.js';

/** Of a group's nodes so many findings are looked at: the worst and then the oldest. */
const GROUP_SOURCES_MAX = 10;

type Reviewed = Pick<
  FindingRecord,
  | 'id'
  | 'nodeId'
  | 'control'
  | 'subject'
  | 'severity'
  | 'state'
  | 'stale'
  | 'alertId'
  | 'silenceId'
  | 'inhibitedBy'
>;

/** A finding that has just opened is held from the start, if anything holds it. Returns whether. */
export async function holdNew(unit: Unit, finding: Reviewed): Promise<boolean> {
  const hold = await holdOf(unit, finding);
  if (!isHeld(hold)) return false;
  await putHold(unit, finding, hold, await sayHold(unit, finding, hold));
  await unit.tx.held.markNew(finding.id);
  return true;
}

/** What a finding matches may be another now: it is in another group, or worse, or milder. Returns whether it is held. */
export async function reviewHold(unit: Unit, finding: FindingRecord): Promise<boolean> {
  const hold = await holdOf(unit, finding);
  await changeHolds(unit, await changeTo(unit, finding, hold));
  return isHeld(hold);
}

/** A finding of a control that may inhibit others has opened, ended, or is worse or milder: theirs are reviewed. */
export async function reviewInhibited(unit: Unit, nodeId: string, control: string): Promise<void> {
  const targets = targetsOf(control);
  if (targets.length === 0) return;
  const changes: HoldChange[] = [];
  for (const finding of await unit.tx.held.activeOf(nodeId, targets)) {
    const inhibitedBy = await inhibitorFor(unit, finding);
    changes.push(...(await changeTo(unit, finding, { silenceId: finding.silenceId, inhibitedBy })));
  }
  await changeHolds(unit, changes);
}

/** The change that is needed, if any. */
export async function changeTo(unit: Unit, finding: FindingRecord, hold: Hold): Promise<HoldChange[]> {
  if (finding.silenceId === hold.silenceId && finding.inhibitedBy === hold.inhibitedBy) return [];
  return [{ finding, hold, why: await sayHold(unit, finding, hold) }];
}

async function holdOf(unit: Unit, finding: Reviewed): Promise<Hold> {
  return {
    silenceId: await unit.tx.silences.holding(finding.id, unit.now),
    inhibitedBy: await inhibitorFor(unit, finding),
  };
}

async function inhibitorFor(unit: Unit, finding: Reviewed): Promise<string | null> {
  const sources = sourcesOf(finding.control);
  if (sources.length === 0) return null;
  const others = isGroupRow(finding.nodeId)
    ? await unit.tx.held.activeOfGroup(finding.nodeId, sources, GROUP_SOURCES_MAX)
    : await unit.tx.held.activeOf(finding.nodeId, sources);
  return inhibitorOf(finding, others)?.id ?? null;
}

/** For the history: what holds it from now on that did not before, or what no longer does. */
async function sayHold(unit: Unit, before: Hold & { readonly control: string }, hold: Hold): Promise<string> {
  const said: string[] = [];
  if (hold.silenceId !== before.silenceId)
    said.push(hold.silenceId === null ? 'no longer silenced' : await saySilence(unit, hold.silenceId));
  if (hold.inhibitedBy !== before.inhibitedBy)
    said.push(
      hold.inhibitedBy === null
        ? 'no longer inhibited: its cause is gone'
        : await sayInhibition(unit, before.control, hold.inhibitedBy),
    );
  return said.join('; ');
}

async function saySilence(unit: Unit, id: string): Promise<string> {
  const silence = await unit.tx.silences.get(id);
  if (!silence) return 'silenced';
  return `silenced by ${silence.author} until ${instant(silence.activeUntil)}: ${silence.reason}`;
}

async function sayInhibition(unit: Unit, control: string, sourceId: string): Promise<string> {
  const source = await unit.tx.findings.get(sourceId);
  return source
    ? `inhibited by ${source.control}: ${whyInhibited(source.control, control) ?? source.title}`
    : 'inhibited';
}
