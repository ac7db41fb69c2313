import type { Verdict } from '@castellan/shared/model/verdict';
import { ownVerdict } from '../own-controls.js';
import { type Alike, listed, NAMED_MAX, nodeCount, together } from './alike.js';

export const VERSIONS_CONTROL = 'CAS-FLEET-001';

/** Roles whose nodes run Momentum's own daemons (shared/model/node.ts); of 4.x `platform` is one. */
const RUNS_MOMENTUM: readonly string[] = ['mta', 'manager', 'singlenode', 'platform'];

/** Versions that a summary names: the newest first. */
const VERSIONS_NAMED_MAX = 5;

/** Nodes of a group that say the same of themselves. */
export interface VersionNodes extends Alike {
  /** Null: the node did not say, or could not tell. */
  readonly version: string | null;
  readonly roles: readonly string[];
  /** It is not heard, or its certificate was revoked: what it said may be over. */
  readonly isUnheard: boolean;
}

/** Whether the nodes of a group run one version of Momentum: the MTAs and the manager (Manual, install.security). */
export function versionsVerdict(group: string, nodes: readonly VersionNodes[]): Verdict {
  const byVersion = new Map<string, VersionNodes[]>();
  for (const one of nodes)
    if (one.version !== null && !one.isUnheard)
      byVersion.set(one.version, [...(byVersion.get(one.version) ?? []), one]);
  const versions = [...byVersion.keys()].sort(newestFirst);
  const unknown = together(nodes.filter(isUnknown));
  const doubt =
    unknown.total > 0
      ? `Of ${nodeCount(unknown.total)} it is not known: ${listed(unknown)} (silent, or could not tell).`
      : '';
  const said = (status: 'fail' | 'pass' | 'not-applicable' | 'indeterminate', summary: string) =>
    ownVerdict(VERSIONS_CONTROL, { status, subject: group, summary, ...places(versions, byVersion) });
  const [newest] = versions;
  if (versions.length > 1) {
    const named = versions.slice(0, VERSIONS_NAMED_MAX).map((version) => {
      const these = together(byVersion.get(version) ?? []);
      return `${version} (${nodeCount(these.total)}: ${listed(these, 3)})`;
    });
    const more = versions.length > named.length ? `, and ${versions.length - named.length} more` : '';
    return said(
      'fail',
      `The group ${group} runs ${versions.length} versions of Momentum: ${named.join(', ')}${more}. ${doubt}`.trim(),
    );
  }
  if (unknown.total > 0)
    return said(
      'indeterminate',
      `Whether the group ${group} runs one version of Momentum is not sure. ${doubt}`,
    );
  return newest === undefined
    ? said('not-applicable', `No node of the group ${group} runs Momentum.`)
    : said('pass', `Every node of the group ${group} runs Momentum ${newest}.`);
}

/** A node with a database or the web UI alone has no version to tell. One of which no role is known may have. */
function isUnknown({ version, roles, isUnheard }: VersionNodes): boolean {
  if (version !== null) return isUnheard;
  return roles.length === 0 || roles.some((role) => RUNS_MOMENTUM.includes(role));
}

/** `4.1.0.2` before `3.6.10` before `3.6.6`. */
function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true });
}

/** Every node that does not run the newest. */
function places([newest, ...older]: readonly string[], byVersion: ReadonlyMap<string, VersionNodes[]>) {
  const behind = older.flatMap((version) => byVersion.get(version) ?? []);
  const violations = behind
    .flatMap(({ names, version, roles }) =>
      names.map((name) => ({
        at: { object: name },
        found: roles.length > 0 ? `${version} (${roles.join(', ')})` : `${version}`,
        proposed: newest ?? '',
      })),
    )
    .slice(0, NAMED_MAX);
  return { violations, moreViolations: together(behind).total - violations.length };
}
