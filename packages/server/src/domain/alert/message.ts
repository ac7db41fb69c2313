import type { Severity } from '@castellan/shared/model/severity';
import type { AlertState, AlertType, Reason } from './alert.js';

/** Findings, or alerts of a storm, that one message names; how many more there are, it says. */
export const NAMED_MAX = 25;
/** Places of one finding that a message shows. */
export const VIOLATIONS_MAX = 5;
const TEXT_MAX = 1_000;

export interface MessageFinding {
  readonly id: string;
  readonly node: { readonly id: string; readonly name: string };
  readonly subject: string;
  readonly severity: Severity;
  readonly state: string;
  readonly summary: string;
  readonly violations: readonly { readonly at: object; readonly found: string; readonly proposed?: string }[];
  readonly remediation: string | null;
  readonly openedAt: number;
  readonly resolvedAt: number | null;
  readonly acknowledgement: {
    readonly by: string;
    readonly at: number;
    readonly until: number | null;
    readonly note: string;
  } | null;
  readonly url: string;
}

/** One of the alerts that a storm tells of. */
export interface MessageAlert {
  readonly id: string;
  readonly control: string;
  readonly title: string;
  readonly group: string;
  readonly severity: Severity;
  readonly url: string;
}

/** What a channel tells a receiver: the alert as it is at the moment of the attempt. */
export interface AlertMessage {
  readonly type: AlertType;
  readonly reason: Reason;
  readonly at: number;
  readonly alert: {
    readonly id: string;
    /** The same for all messages of one alert; what receivers group by. Never longer than 255 bytes. */
    readonly key: string;
    readonly control: string;
    readonly title: string;
    /** Of its nodes; empty for a storm. */
    readonly group: string;
    readonly severity: Severity;
    readonly state: AlertState;
    readonly openedAt: number;
    readonly endedAt: number | null;
    readonly url: string;
  };
  readonly counts: { readonly findings: number; readonly nodes: number };
  /** The worst first, at most NAMED_MAX. Of a storm: none. */
  readonly findings: readonly MessageFinding[];
  /** Of a storm: the alerts in it. */
  readonly alerts: readonly MessageAlert[];
  /** Findings, or alerts, that are not named. */
  readonly more: number;
}

/** Messages for people begin with this line: `[high] SSLv3 is off: mta1.example.com`. */
export function headline({ type, reason, alert, counts, findings }: AlertMessage): string {
  const where = counts.nodes > 1 ? `${counts.nodes} nodes` : (findings[0]?.node.name ?? '');
  const group = counts.nodes > 1 && alert.group !== '' ? ` in ${alert.group}` : '';
  const about = where === '' ? alert.title : `${alert.title}: ${where}${group}`;
  return type === 'alert.firing' || type === 'alert.updated'
    ? `[${alert.severity}]${SAID[reason]} ${about}`
    : `${type === 'alert.resolved' ? 'Resolved:' : 'Acknowledged:'} ${about}`;
}

const SAID: Readonly<Record<Reason, string>> = {
  opened: '',
  returned: ' came back:',
  unacknowledged: ' nobody has it any more:',
  worse: ' worse:',
  grew: ' more of it:',
  better: ' better:',
  reminder: ' still open:',
  acknowledged: '',
  resolved: '',
};

/** A text of a verdict, cut to what a message carries. */
export function cut(text: string): string {
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text;
}
