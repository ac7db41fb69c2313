import type { Facts } from '../../facts/facts.generated.js';
import { describeHolder, expectedOf, type Holder, othersOf } from '../../knowledge/permissions/holders.js';
import { describeAccess, type OwnerNames } from '../../knowledge/permissions/path-access.js';
import { type KeyRule, keyRule } from '../../knowledge/postgresql/key-rule.js';
import {
  defineControl,
  fail,
  indeterminate,
  judgement,
  notApplicable,
  type Outcome,
  pass,
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Key = Facts['privateKeys']['keys'][number];
type Install = Facts['install'];

interface Who {
  readonly rootUids: ReadonlySet<number>;
  readonly owner: NonNullable<Install['serviceUser']> | null;
}

export default defineControl({
  id: 'MOM-CRT-009',
  slug: 'private-key-access',
  title: 'Private key permissions',
  severity: 'high',
  subject: 'private keys',
  reads: ['privateKeys', 'install'],
  sources: [
    manual3('executable.create_ssl_cert'),
    {
      cite: 'PostgreSQL manual, Secure TCP/IP Connections with SSL',
      url: 'https://www.postgresql.org/docs/current/ssl-tcp.html',
    },
  ],
  remediation: 'key-permissions',
  params: {},

  evaluate({ facts: { privateKeys, install } }) {
    const { keys, unread, databaseVersion } = privateKeys;
    // A missing one is another control's matter.
    const unseen = unread.filter(({ problem }) => problem !== 'missing');
    if (keys.length + unseen.length === 0)
      return notApplicable('No private key is named on this node, or none that exists.');
    return [
      ...keys.map((key) => judgement(key.path, judgeKey(key, install, databaseVersion ?? null))),
      ...unseen.map((one) => judgement(one.path, indeterminate(`${lookedInVain(one)}.`))),
    ];
  },
});

function judgeKey(key: Key, install: Install, version: number | null): Outcome {
  const who = whoOf(key, install);
  const faults = faultsOf(key, who, version, install);
  if (faults.length > 0) return fail(summaryOf(key, faults), faults);
  if (who.owner === null)
    return indeterminate(`Its owner cannot be judged: there is no user ${key.owner} in etc/passwd.`);
  if (key.acl === 'unread')
    return indeterminate(`The access list of ${key.path} could not be read. Run as root.`);
  const doubt = doubtOf(key, who, version);
  return doubt === null ? pass(`${key.path} is closed to others.`) : indeterminate(doubt);
}

/** What of PostgreSQL's own rules the evidence does not decide. */
function doubtOf(key: Key, who: Who, version: number | null): string | null {
  if (key.owner !== 'msyspg' || who.owner === null) return null;
  if (ruleOf(key, who, version) === 'unclear')
    return `PostgreSQL reads a key like ${key.path} since 9.6; older ones do not start with it, and PG_VERSION in its data folder could not be read.`;
  return key.reach?.kind === 'unknown'
    ? `Whether msyspg can read ${key.path} is not known (${key.reach.problem}).`
    : null;
}

function lookedInVain({ path, problem }: Facts['privateKeys']['unread'][number]): string {
  if (problem === 'directory') return `${path} is a folder, not a file`;
  if (problem === 'denied') return `${path} could not be inspected: run as root`;
  if (problem === 'relative')
    return `${path} is not an absolute path, and the manual does not say in which folder it is looked for`;
  if (problem === 'macro') return `${path} is another file for each connection`;
  return `${path} could not be inspected (${problem})`;
}

function whoOf(key: Key, install: Install): Who {
  const root = install.users.find(({ name }) => name === 'root')?.uid ?? 0;
  return {
    rootUids: new Set([0, root]),
    owner: key.owner === 'msyspg' ? install.databaseUser : install.serviceUser,
  };
}

function faultsOf(key: Key, who: Who, version: number | null, names: OwnerNames): Violation[] {
  const { access } = key;
  const at = { file: key.realPath };
  const proposed = key.owner === 'msyspg' ? 'msyspg:msyspg 0600' : `${key.owner}:${key.owner} 0640`;
  const found = (why: string): Violation => ({
    at,
    found: `${describeAccess(access, names)}: ${why} (${key.usedBy.what})`,
    proposed,
  });
  const faults: Violation[] = [];
  if ((access.mode & 0o007) !== 0)
    faults.push(found('users of the node who have no business with it can get at it'));
  if (who.owner !== null) {
    const isOwners = access.uid === who.owner.uid || who.rootUids.has(access.uid);
    const isTheirGroup = access.gid === who.owner.gid || access.gid === 0;
    if (!isOwners) faults.push(found(`its owner is neither root nor ${key.owner}`));
    if (!isTheirGroup && groupBits(key) !== 0)
      faults.push(found(`its group is neither root's nor ${key.owner}'s`));
    for (const listed of listedOthers(key, who.owner, who.rootUids))
      faults.push(found(`its access list lets ${describeHolder(listed, names)} get at it`));
    if (key.owner === 'msyspg' && ruleOf(key, who, version) === 'refused' && faults.length === 0)
      faults.push(found('PostgreSQL does not start with a key like this'));
  }
  return [
    ...faults,
    ...deniedFrom(key, proposed, names),
    ...key.writableParents.map((parent) => replaceable(key, parent, names)),
  ];
}

/** With an access list the group bits of the mode are its mask, and the group's own are in it (acl(5)). */
function groupBits({ access, acl }: Key): number {
  if (!acl || acl === 'unread') return access.mode & 0o070;
  return (acl.groups.find(({ gid }) => gid === null)?.bits ?? 0) & acl.mask;
}

/** Users and groups that only the list names, within its mask. */
function listedOthers(
  { access, acl }: Key,
  owner: NonNullable<Who['owner']>,
  rootUids: ReadonlySet<number>,
): Holder[] {
  if (!acl || acl === 'unread') return [];
  const own = { users: acl.users, groups: acl.groups.filter(({ gid }) => gid !== null), mask: acl.mask };
  const expected = expectedOf(owner);
  const file = { access: { ...access, mode: 0 }, acl: own };
  const all = [...othersOf(file, 'read', expected), ...othersOf(file, 'write', expected)].filter(
    (holder) => holder.kind !== 'user' || !rootUids.has(holder.uid),
  );
  return [...new Map(all.map((holder) => [JSON.stringify(holder), holder])).values()];
}

/** PostgreSQL opens its key as its own user, after its own test of owner and mode. */
function deniedFrom({ reach, usedBy }: Key, proposed: string, names: OwnerNames): Violation[] {
  if (reach?.kind !== 'denied') return [];
  const access = describeAccess(reach.access, names);
  const found = `${access}: msyspg cannot read it, PostgreSQL does not start (${usedBy.what})`;
  return [{ at: { file: reach.path }, found, proposed }];
}

function replaceable(key: Key, parent: Key['writableParents'][number], names: OwnerNames): Violation {
  return {
    at: { file: parent.path },
    found: `${describeAccess(parent.access, names)}: others can put another file in the place of ${key.realPath}`,
    proposed: `writable by root and ${key.owner} only`,
  };
}

function ruleOf({ access }: Key, who: Who, version: number | null): KeyRule {
  return who.owner === null
    ? 'unclear'
    : keyRule(access, { uid: who.owner.uid, rootUids: who.rootUids }, version);
}

function summaryOf(key: Key, faults: readonly Violation[]): string {
  const isDenied = key.reach?.kind === 'denied';
  if (isDenied && faults.length === 1) return `msyspg cannot read ${key.path}: PostgreSQL does not start.`;
  const denied = isDenied ? ', and msyspg cannot read it' : '';
  return `${key.path} is open to more users than it should be${denied}.`;
}
