import type { Status, Verdict, Violation } from '@castellan/shared/model/verdict';
import { ownVerdict } from '../own-controls.js';
import { type Alike, listed, nodeCount, together } from './alike.js';

export const SECURECREDS_CONTROL = 'MOM-CRED-002';
/** What the nodes say themselves: securecreds is enabled; its database and its key are there. */
export const ENABLED_CONTROL = 'MOM-CRED-001';
export const STORE_CONTROL = 'MOM-CRED-003';
/** What mends it, node by node. */
export const SECURECREDS_REMEDIATION = 'securecreds-enable';

/** Nodes of a group with the same verdicts. Null: the node has said nothing of that control. */
export interface SecurecredsNodes extends Alike {
  readonly enabled: Status | null;
  readonly store: Status | null;
  /** It is not heard, or its certificate was revoked: what it said may be over. */
  readonly isUnheard: boolean;
}

export type Standing = 'has' | 'lacks' | 'unknown' | 'does not count';

/** A certain failure outranks a doubt about the other half; a store of which nothing is said is no store. */
export function standingOf({
  enabled,
  store,
  isUnheard,
}: Pick<SecurecredsNodes, 'enabled' | 'store' | 'isUnheard'>): Standing {
  if (isUnheard) return 'unknown';
  if (enabled === 'not-applicable') return 'does not count';
  if (enabled === 'fail' || store === 'fail') return 'lacks';
  return enabled === 'pass' && store === 'pass' ? 'has' : 'unknown';
}

/** Whether every node of a group keeps its passwords in a credential store (Manual, install.security). */
export function securecredsVerdict(group: string, nodes: readonly SecurecredsNodes[]): Verdict {
  const standing = (wanted: Standing) => nodes.filter((one) => standingOf(one) === wanted);
  const lacking = standing('lacks');
  const lacks = together(lacking);
  const unknown = together(standing('unknown'));
  const has = together(standing('has'));
  const counted = lacks.total + unknown.total + has.total;
  const doubt =
    unknown.total > 0
      ? `Of ${nodeCount(unknown.total)} it is not known: ${listed(unknown)} (silent, or could not tell).`
      : '';
  const said = (status: 'fail' | 'pass' | 'not-applicable' | 'indeterminate', summary: string) =>
    ownVerdict(SECURECREDS_CONTROL, { status, subject: group, summary, ...places(lacking, lacks) });
  if (lacks.total > 0)
    return said(
      'fail',
      `${nodeCount(lacks.total)} of ${counted} in the group ${group} without securecreds: ${listed(lacks)}. ${doubt}`.trim(),
    );
  if (unknown.total > 0)
    return said(
      'indeterminate',
      `No node of the group ${group} is known to lack securecreds, and that is not all: ${doubt}`,
    );
  if (counted === 0)
    return said('not-applicable', `No node of the group ${group} has a Momentum that knows securecreds.`);
  return said('pass', `Securecreds is in force on every node of the group ${group}: ${nodeCount(counted)}.`);
}

function places(lacking: readonly SecurecredsNodes[], lacks: Alike) {
  const violations = lacking
    .flatMap(({ names, ...what }) => names.map((name) => place(name, what)))
    .sort((a, b) => (a.at.object < b.at.object ? -1 : 1))
    .slice(0, lacks.names.length);
  return { violations, moreViolations: lacks.total - violations.length };
}

function place(
  name: string,
  { enabled }: Pick<SecurecredsNodes, 'enabled'>,
): Violation & { readonly at: { readonly object: string } } {
  return {
    at: { object: name },
    found:
      enabled === 'fail'
        ? `securecreds is not enabled (${ENABLED_CONTROL})`
        : `its credential store is not there, or cannot be read by securecreds (${STORE_CONTROL})`,
    proposed: SECURECREDS_REMEDIATION,
  };
}
