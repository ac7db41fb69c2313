/** The finding about a target that takes nothing. */
export const TARGET_CONTROL = 'CAS-ALERT-002';
/** A target that fails for less than this may be being restarted. */
export const TARGET_FAILING_MS = 120_000;

export interface TargetLook {
  readonly name: string;
  readonly enabled: boolean;
  readonly failingSince: number | null;
  readonly lastProblem: string | null;
}

export function isFailing({ enabled, failingSince }: TargetLook, now: number): boolean {
  return enabled && failingSince !== null && now - failingSince >= TARGET_FAILING_MS;
}

export function targetSummary({ name, lastProblem }: TargetLook): string {
  return `The target "${name}" takes no messages: ${lastProblem ?? 'it does not answer'}.`;
}
