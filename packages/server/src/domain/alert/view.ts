import { isAtLeast, type Severity, worst } from '@castellan/shared/model/severity';
import type { AlertState, AlertView } from './alert.js';

/** Findings of an alert that are alike: how many. `isHeld`: silenced, inhibited or waived. */
export interface MemberCount {
  readonly severity: Severity;
  readonly state: 'open' | 'acknowledged';
  readonly isHeld: boolean;
  /** Held since they opened: nobody was told of them. */
  readonly isHeldNew?: boolean;
  readonly count: number;
}

/** The part of an alert that is the same for every target. */
export interface AlertTimes {
  readonly severity: Severity;
  readonly lastOpenedAt: number;
  readonly changedAt: number;
  readonly endedAt: number | null;
  readonly openings: number;
}

/** The alert as a target sees it that asks for findings of at least a severity. */
export function viewFor(
  alert: AlertTimes,
  members: readonly MemberCount[],
  severityMin: Severity,
): AlertView {
  const bad = members.filter(({ severity }) => isAtLeast(severity, severityMin));
  const told = bad.filter(({ isHeld }) => !isHeld);
  const { lastOpenedAt, changedAt, openings } = alert;
  const state = stateOf(bad, told);
  return {
    state,
    severity: worst(told.map(({ severity }) => severity)) ?? alert.severity,
    findings: told.reduce((sum, { count }) => sum + count, 0),
    lastOpenedAt,
    changedAt,
    // What is only no longer bad enough for this target ended for it when it changed, and may be worse again soon.
    endedAt: state === 'ended' ? (alert.endedAt ?? changedAt) : null,
    openings: state === 'ended' && alert.endedAt === null ? Math.max(2, openings) : openings,
  };
}

function stateOf(bad: readonly MemberCount[], told: readonly MemberCount[]): AlertState {
  if (told.some(({ state }) => state === 'open')) return 'open';
  if (told.length > 0) return 'acknowledged';
  // What nobody was told of does not keep the end of what was told from being told.
  return bad.some(({ isHeldNew }) => !isHeldNew) ? 'held' : 'ended';
}
