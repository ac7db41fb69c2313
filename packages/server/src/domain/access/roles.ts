export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type RoleName = (typeof ROLES)[number];

/** What a person may do, by the least role that may. */
const LEAST = {
  see: 'viewer',
  'finding.acknowledge': 'operator',
  'finding.waive': 'operator',
  'silence.write': 'operator',
  'plan.request': 'operator',
  'plan.approve': 'operator',
  'delivery.replay': 'operator',
  'target.test': 'operator',
  'target.write': 'admin',
  'token.create': 'admin',
  'token.list': 'admin',
  'token.revoke': 'admin',
  'node.change': 'admin',
  'node.revoke': 'admin',
  'node.retire': 'admin',
  'node.delete': 'admin',
  'user.manage': 'admin',
  'audit.read': 'admin',
} as const satisfies Record<string, RoleName>;

export type Permission = keyof typeof LEAST;
export const PERMISSIONS = Object.keys(LEAST) as Permission[];

export function mayDo(role: RoleName, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(LEAST[permission]);
}

/** All that a role may do, for whoever shows what can be done. */
export function permissionsOf(role: RoleName): Permission[] {
  return PERMISSIONS.filter((permission) => mayDo(role, permission));
}

export function isRole(text: string): text is RoleName {
  return (ROLES as readonly string[]).includes(text);
}
