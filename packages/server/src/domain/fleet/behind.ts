import type { Verdict } from '@castellan/shared/model/verdict';
import { ownVerdict } from '../own-controls.js';
import { listed, nodeCount } from './alike.js';

export const BEHIND_CONTROL = 'CAS-FLEET-003';

/** A node that lacks a revision; `revision` is what it has, and `since` when it first said so. */
export interface NodeBehind {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly since: number;
  /** It is heard, and still says so; otherwise it may have been brought up since. */
  readonly isSure: boolean;
}

/** The nodes of a group that have lacked a committed revision for longer than they may. */
export interface GroupBehind {
  readonly total: number;
  /** How many of them are surely behind. */
  readonly sure: number;
  /** Those first, by name; at most as many as are named (alike.ts). `committed`: the newest that they lack. */
  readonly nodes: readonly (NodeBehind & { readonly committed: number })[];
}

/** Whether what runs committed to the configuration has come to every node of a group that shares the repository. */
export function behindVerdict(group: string, { total, sure, nodes }: GroupBehind): Verdict {
  const said = (status: 'fail' | 'pass' | 'indeterminate', summary: string) =>
    ownVerdict(BEHIND_CONTROL, { status, subject: group, summary, violations, moreViolations });
  const surely = nodes.filter(({ isSure }) => isSure);
  const violations = surely.map(({ name, revision, since, committed }) => ({
    at: { object: name },
    found: `r${revision}, since ${new Date(since).toISOString()}`,
    proposed: `r${committed}`,
  }));
  const moreViolations = sure - surely.length;
  const doubtful = nodes.filter(({ isSure }) => !isSure).map(({ name }) => name);
  const doubt =
    total > sure
      ? `Of ${nodeCount(total - sure)} it is not sure${doubtful.length > 0 ? `: ${listed({ names: doubtful, total: total - sure })}` : ''}.`
      : '';
  if (sure > 0) {
    const names = listed({ names: surely.map(({ name }) => name), total: sure });
    return said(
      'fail',
      `${nodeCount(sure)} of the group ${group} ${sure === 1 ? 'has' : 'have'} not taken what was committed to the configuration: ${names}. ${doubt}`.trim(),
    );
  }
  return total > 0
    ? said('indeterminate', `Whether the group ${group} has what was committed is not sure. ${doubt}`)
    : said('pass', `Every node of the group ${group} that tells its revision has what was committed.`);
}
