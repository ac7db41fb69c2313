/**
 * Findings about a group as a whole belong to a row of their own that is no node: it is in the group, so that their alerts
 * are routed, silenced and listed as those of its nodes are. A group's name has nothing that an id may not have
 * (domain/access/groups.ts).
 */
const PREFIX = 'grp_';

export function groupRowId(group: string): string {
  return `${PREFIX}${group}`;
}

export function isGroupRow(nodeId: string): boolean {
  return nodeId.startsWith(PREFIX);
}

/** No host has a blank in its name: it is nobody else's. */
export function groupRowName(group: string): string {
  return `Group ${group}`;
}
