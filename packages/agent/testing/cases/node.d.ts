import type { Facts } from '../../src/facts/facts.generated.js';
/** Users as most cases have them. */
export declare const CASE_ROOT: {
  name: string;
  uid: number;
  gid: number;
  groups: number[];
};
export declare const CASE_ECUSER: {
  name: string;
  uid: number;
  gid: number;
  groups: number[];
};
export declare const CASE_MSYSPG: {
  name: string;
  uid: number;
  gid: number;
  groups: number[];
};
/** The node that cases are about: a single node with its own users. */
export declare function caseInstall(over?: Partial<Facts['install']>): Facts['install'];
//# sourceMappingURL=node.d.ts.map
