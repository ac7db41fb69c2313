import type { Severity } from '@castellan/shared/model/severity';

/** In place of a group or a control: all of them. No group and no control is called so. */
export const ALL = '*';
/** Groups that are counted apart in one day, those with the most nodes; every group counts in the rows of all groups. */
export const GROUPS_APART_MAX = 50;

/** Active findings by severity; of them those that are stale, and those that somebody holds (acknowledged or waived). */
export type OpenFindings = Readonly<Record<Severity | 'stale' | 'held', number>>;

/**
 * What is counted of one group and one control. `judged` are nodes: of a control those with a verdict that applies, of all
 * controls those that were ever heard. `passing` are those of them where every such verdict passes, or without any
 * active finding.
 */
export interface PostureCounts extends OpenFindings {
  readonly judged: number;
  readonly passing: number;
}

export interface PostureCell extends PostureCounts {
  readonly group: string;
  readonly control: string;
}

type Counted = { readonly group: string; readonly control: string } & Partial<PostureCounts>;

/** What the store counted: each group with each control, and the nodes of each group. */
export interface DayCounts {
  readonly findings: readonly (Counted & OpenFindings)[];
  readonly verdicts: readonly Counted[];
  readonly nodes: readonly {
    readonly group: string;
    readonly judged: number;
    readonly passing: number;
  }[];
}

const NOTHING: PostureCounts = {
  critical: 0,
  high: 0,
  medium: 0,
  low: 0,
  stale: 0,
  held: 0,
  judged: 0,
  passing: 0,
};

/**
 * The rows of one day: every group with every control, each group, each control, and all. Their number is at most
 * (GROUPS_APART_MAX + 1) x (controls + 1). The row of all is always there: a day without it was not counted.
 */
export function dayRows({ findings, verdicts, nodes }: DayCounts): PostureCell[] {
  const apart = new Set(
    [...nodes]
      .sort((a, b) => b.judged - a.judged || (a.group < b.group ? -1 : 1))
      .slice(0, GROUPS_APART_MAX)
      .map(({ group }) => group),
  );
  const rows = new Map<string, PostureCell>();
  const add = (group: string, control: string, counts: Partial<PostureCounts>): void => {
    // The server's own findings belong to no group of nodes.
    if (group !== ALL && !apart.has(group)) return;
    const key = `${group}\u0000${control}`;
    rows.set(key, { group, control, ...sum(rows.get(key) ?? NOTHING, counts) });
  };
  add(ALL, ALL, NOTHING);
  for (const { group, control, ...counts } of findings)
    for (const [g, c] of [
      [group, control],
      [group, ALL],
      [ALL, control],
      [ALL, ALL],
    ] as const)
      add(g, c, counts);
  for (const { group, control, ...counts } of verdicts) for (const g of [group, ALL]) add(g, control, counts);
  for (const { group, ...counts } of nodes) for (const g of [group, ALL]) add(g, ALL, counts);
  return [...rows.values()];
}

function sum(a: PostureCounts, b: Partial<PostureCounts>): PostureCounts {
  const of = (name: keyof PostureCounts) => a[name] + (b[name] ?? 0);
  return {
    critical: of('critical'),
    high: of('high'),
    medium: of('medium'),
    low: of('low'),
    stale: of('stale'),
    held: of('held'),
    judged: of('judged'),
    passing: of('passing'),
  };
}
