import type { Role } from '@castellan/shared/model/node';

/** A user of the node, from the node's own etc/passwd and etc/group. */
export interface Principal {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Every group it is in, the primary one first. */
  readonly groups: readonly number[];
}

/** Where this Momentum stands and what it is here for: found, not assumed. */
export interface InstallFact {
  readonly nodeName: string;
  readonly os: { readonly family: 'linux' | 'solaris' | 'unknown'; readonly pretty: string };
  /** Momentum 3.x or 4.x, as the layout shows; null where it does not. */
  readonly generation: 3 | 4 | null;
  readonly roles: readonly Role[];
  /** Why each role was concluded: a path or a package. */
  readonly evidence: readonly { readonly role: Role; readonly because: string }[];
  /** The user that Momentum's services run as: `ecuser` unless Security{} says otherwise. Null: not in etc/passwd. */
  readonly serviceUser: Principal | null;
  readonly databaseUser: Principal | null;
  readonly users: readonly Principal[];
  readonly groups: readonly { readonly name: string; readonly gid: number }[];
}
