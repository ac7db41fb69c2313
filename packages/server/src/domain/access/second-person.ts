/** A plan, as far as it decides who may approve it. */
export interface Asked {
  /** `user:<name>` */
  readonly requestedBy: string;
  /** Of the node that it is for, as it is now. */
  readonly group: string;
}

/** Whether a plan for this group takes two persons: one who asks, another who approves. */
export function needsTwoPersons({ group }: Pick<Asked, 'group'>, groups: readonly string[]): boolean {
  return groups.includes(group);
}

/** Whether this person may approve the plan, as far as two persons are asked for; their role is looked at elsewhere. */
export function isSecondPerson(plan: Asked, actor: string, groups: readonly string[]): boolean {
  return !needsTwoPersons(plan, groups) || plan.requestedBy !== actor;
}
