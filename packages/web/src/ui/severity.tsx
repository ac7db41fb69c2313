import CriticalIcon from '@patternfly/react-icons/dist/esm/icons/severity-critical-icon';
import HighIcon from '@patternfly/react-icons/dist/esm/icons/severity-important-icon';
import LowIcon from '@patternfly/react-icons/dist/esm/icons/severity-minor-icon';
import MediumIcon from '@patternfly/react-icons/dist/esm/icons/severity-moderate-icon';
import type { ComponentType } from 'react';
import { PlainLabel } from './plain-label.js';

export type SeverityName = 'critical' | 'high' | 'medium' | 'low';
export const SEVERITY_NAMES: readonly SeverityName[] = ['critical', 'high', 'medium', 'low'];

const LOOK: Readonly<
  Record<SeverityName, { word: string; color: 'red' | 'orange' | 'yellow' | 'blue'; Icon: ComponentType }>
> = {
  critical: { word: 'Critical', color: 'red', Icon: CriticalIcon },
  high: { word: 'High', color: 'orange', Icon: HighIcon },
  medium: { word: 'Medium', color: 'yellow', Icon: MediumIcon },
  low: { word: 'Low', color: 'blue', Icon: LowIcon },
};

/** Shape, word and colour: any one of them is enough to tell. */
export function SeverityLabel({ severity }: { readonly severity: SeverityName }) {
  const { word, color, Icon } = LOOK[severity];
  return (
    <span className="cas-fit">
      <PlainLabel color={color} Icon={Icon}>
        {word}
      </PlainLabel>
    </span>
  );
}

export function severityWord(severity: SeverityName): string {
  return LOOK[severity].word;
}

export function bySeverity(a: SeverityName, b: SeverityName): number {
  return SEVERITY_NAMES.indexOf(a) - SEVERITY_NAMES.indexOf(b);
}

/** Open findings of something, worst first; severities that have none are left out. */
export function SeverityCounts({ counts }: { readonly counts: Readonly<Record<SeverityName, number>> }) {
  const present = SEVERITY_NAMES.filter((name) => counts[name] > 0);
  if (present.length === 0) return <span className="cas-quiet">none</span>;
  return (
    <span className="cas-row">
      {present.map((name) => {
        const { word, color, Icon } = LOOK[name];
        return (
          <PlainLabel key={name} color={color} Icon={Icon}>
            {counts[name]} {word.toLowerCase()}
          </PlainLabel>
        );
      })}
    </span>
  );
}

/** The labels' colours where a label has no room, such as in a chart. Words stand beside them. */
export const SEVERITY_COLORS: Readonly<Record<SeverityName, string>> = {
  critical: 'var(--pf-t--global--color--nonstatus--red--default)',
  high: 'var(--pf-t--global--color--nonstatus--orange--default)',
  medium: 'var(--pf-t--global--color--nonstatus--yellow--default)',
  low: 'var(--pf-t--global--color--nonstatus--blue--default)',
};
