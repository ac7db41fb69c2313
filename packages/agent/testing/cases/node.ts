import type { Facts } from '../../src/facts/facts.generated.js';

/** Users as most cases have them. */
export const CASE_ROOT = { name: 'root', uid: 0, gid: 0, groups: [0] };
export const CASE_ECUSER = { name: 'ecuser', uid: 7100, gid: 7100, groups: [7100] };
export const CASE_MSYSPG = { name: 'msyspg', uid: 7101, gid: 7101, groups: [7101] };

/** The node that cases are about: a single node with its own users. */
export function caseInstall(over: Partial<Facts['install']> = {}): Facts['install'] {
  const users = [CASE_ROOT, CASE_ECUSER, CASE_MSYSPG];
  return {
    nodeName: 'mta1.example.com',
    os: { family: 'linux', pretty: 'Linux' },
    generation: 3,
    roles: ['singlenode'],
    evidence: [],
    serviceUser: CASE_ECUSER,
    databaseUser: CASE_MSYSPG,
    users,
    groups: users.map(({ name, gid }) => ({ name, gid })),
    ...over,
  };
}

export const CASE_CONF = '/opt/msys/ecelerity/etc/conf';

/** A configuration of twenty files that its user can read, all its own. */
export function caseTree(over: Partial<Facts['configTree']> = {}): Facts['configTree'] {
  return {
    user: CASE_ECUSER,
    doubts: [],
    roots: [CASE_CONF],
    entriesSeen: 20,
    denied: [],
    foreign: [],
    brokenLinks: [],
    unseen: [],
    workingCopy: false,
    isTruncated: false,
    ...over,
  };
}
