import { isWorse, type Severity } from '@castellan/shared/model/severity';

/**
 * What keeps whom from paging. A rule stands here only where the target fails of necessity while its source does: who
 * mends the source may find the target gone, and who is paged for the target can do nothing about it alone. The controls
 * of an agent pass such cases to each other by `not-applicable` (a certificate that is missing has no end); here is what
 * they can not see.
 */
export interface InhibitionRule {
  readonly source: string;
  /** The source inhibits only while it is this bad; left out: always. */
  readonly sourceSeverity?: Severity;
  readonly targets: readonly string[];
  /** `group`: the target is about a group as a whole, and its source may be of any node of it. */
  readonly same: 'node' | 'node and subject' | 'group';
  readonly why: string;
}

export const INHIBITION_RULES: readonly InhibitionRule[] = [
  {
    source: 'CAS-CRT-001',
    // What only nears its end still connects.
    sourceSeverity: 'critical',
    targets: ['CAS-NODE-001'],
    same: 'node',
    why: 'An agent whose certificate has ended cannot connect, so its node is silent.',
  },
  {
    source: 'CAS-NODE-001',
    targets: ['CAS-CRT-001'],
    same: 'node',
    why: 'A silent agent does not connect, so it cannot renew its certificate.',
  },
  {
    source: 'CAS-NODE-010',
    targets: ['CAS-CRT-001'],
    same: 'node',
    why: 'While the clocks differ no certificate is made or issued, so the agent cannot renew its own.',
  },
  {
    source: 'MOM-TLS-004',
    targets: ['MOM-TLS-001', 'MOM-TLS-002', 'MOM-TLS-003'],
    same: 'node',
    why: 'This release has no TLS_Protocols: old protocols cannot be switched off before it is upgraded.',
  },
  ...['MOM-CRED-001', 'MOM-CRED-003'].map((source) => ({
    source,
    targets: ['MOM-CRED-002'],
    same: 'group' as const,
    why: 'A node of the group says so itself: its own finding pages.',
  })),
];

/** The part of an active finding that the rules look at. */
export interface Inhibited {
  readonly id: string;
  readonly control: string;
  readonly subject: string;
  readonly severity: Severity;
}

/** Controls that a finding of this control may keep from paging; empty: none. */
export function targetsOf(source: string): readonly string[] {
  return INHIBITION_RULES.filter((rule) => rule.source === source).flatMap(({ targets }) => targets);
}

/** Controls whose findings may keep one of this control from paging; empty: none. */
export function sourcesOf(target: string): readonly string[] {
  return INHIBITION_RULES.filter(({ targets }) => targets.includes(target)).map(({ source }) => source);
}

/** Why a finding of one control keeps one of another from paging; null: no rule says so. */
export function whyInhibited(source: string, target: string): string | null {
  return (
    INHIBITION_RULES.find((rule) => rule.source === source && rule.targets.includes(target))?.why ?? null
  );
}

/**
 * Of a node's active findings the one that inhibits a finding; null: none does. Of two that would hold each other neither
 * is held.
 */
export function inhibitorOf<T extends Inhibited>(target: Inhibited, others: readonly T[]): T | null {
  return others.find((other) => holds(other, target) && !holds(target, other)) ?? null;
}

/** Never what is worse: whoever asks for no less than the target's severity would hear of neither. */
function holds(source: Inhibited, target: Inhibited): boolean {
  if (source.id === target.id || isWorse(target.severity, source.severity)) return false;
  return INHIBITION_RULES.some(
    (rule) =>
      source.control === rule.source &&
      rule.targets.includes(target.control) &&
      (rule.same !== 'node and subject' || source.subject === target.subject) &&
      (rule.sourceSeverity === undefined || !isWorse(rule.sourceSeverity, source.severity)),
  );
}
