import type { Facts } from '../../facts/facts.generated.js';
import { describeAccess, type OwnerNames } from '../../knowledge/permissions/path-access.js';
import {
  defineControl,
  fail,
  indeterminate,
  notApplicable,
  pass,
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';
import { countOf } from '../../units/wording.js';

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
  remediation: 'permissions-repair',
  params: {},

  evaluate({ facts: { privateKeys, install } }) {
    const { keys, unread } = privateKeys;
    const faults = keys.flatMap((key) => faultsOf(key, whoOf(key, install), install));
    if (faults.length > 0) return fail(summaryOf(faults), faults);
    const denied = unread.filter(({ problem }) => problem !== 'missing');
    if (denied.length > 0) return indeterminate(`${denied.map(lookedInVain).join('; ')}.`);
    const nobody = keys.filter((key) => whoOf(key, install).owner === null);
    if (nobody.length > 0)
      return indeterminate(
        `The owners cannot be judged: there is no user ${nobody[0]?.owner ?? ''} in etc/passwd.`,
      );
    if (keys.length === 0) return notApplicable('No private key is named on this node, or none that exists.');
    return pass(
      `${countOf(keys.length, 'private key is', 'private keys are')} closed to others.${noteOnPostgresql(keys)}`,
    );
  },
});

function lookedInVain({ path, problem }: Facts['privateKeys']['unread'][number]): string {
  if (problem === 'directory') return `${path} is a folder, not a file`;
  if (problem === 'denied') return `${path} could not be looked at: run as root`;
  return `${path} could not be looked at (${problem})`;
}

function whoOf(key: Key, install: Install): Who {
  const root = install.users.find(({ name }) => name === 'root')?.uid ?? 0;
  return {
    rootUids: new Set([0, root]),
    owner: key.owner === 'msyspg' ? install.databaseUser : install.serviceUser,
  };
}

function faultsOf(key: Key, who: Who, names: OwnerNames): Violation[] {
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
    if (!isTheirGroup && (access.mode & 0o070) !== 0)
      faults.push(found(`its group is neither root's nor ${key.owner}'s`));
    if (key.owner === 'msyspg' && !postgresqlAccepts(key, who) && faults.length === 0)
      faults.push(found('PostgreSQL does not start with a key like this'));
  }
  return [...faults, ...key.writableParents.map((parent) => replaceable(key, parent, names))];
}

function replaceable(key: Key, parent: Key['writableParents'][number], names: OwnerNames): Violation {
  return {
    at: { file: parent.path },
    found: `${describeAccess(parent.access, names)}: others can put another file in the place of ${key.realPath}`,
    proposed: `writable by root and ${key.owner} only`,
  };
}

/** Its own key with nothing for group and others; or, since 9.6, root's with nothing for others and no write for the group. */
function postgresqlAccepts({ access }: Key, who: Who): boolean {
  if (access.uid === who.owner?.uid)
    return (access.mode & 0o077) === 0 || (who.rootUids.has(access.uid) && (access.mode & 0o027) === 0);
  return who.rootUids.has(access.uid) && (access.mode & 0o037) === 0;
}

function noteOnPostgresql(keys: readonly Key[]): string {
  const isRoots = keys.some((key) => key.owner === 'msyspg' && (key.access.mode & 0o070) !== 0);
  return isRoots
    ? " PostgreSQL reads a key of root's that its group may read since 9.6; older ones refuse to start."
    : '';
}

function summaryOf(faults: readonly Violation[]): string {
  const files = new Set(faults.map((fault) => fault.at.file));
  const [first] = files;
  return files.size === 1
    ? `${first ?? ''} is open to more users than it should be.`
    : `${files.size} private keys or their folders are open to more users than they should be.`;
}
