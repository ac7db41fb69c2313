/** One line of etc/passwd. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** One line of etc/group. */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** Every group that a user is in, the primary one first. */
export interface PrincipalIds {
  readonly uid: number;
  readonly groups: readonly number[];
}

/** (uid_t)-1 means "no user" to the system, so it is nobody's. */
const ID_MAX = 2 ** 32 - 2;

function id(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return null;
  const value = Number(text);
  return value <= ID_MAX ? value : null;
}

function records(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !/^[#+-]/.test(line))
    .map((line) => line.replace(/\r$/, '').split(':'));
}

/** passwd(5). Malformed lines and NIS marks (`+`, `-`) are passed over, as the C library does; of two the first counts. */
export function parsePasswd(text: string): Account[] {
  const accounts = new Map<string, Account>();
  for (const [name, , uidText, gidText, , home = '/', shell = ''] of records(text)) {
    const uid = id(uidText);
    const gid = id(gidText);
    if (!name || uid === null || gid === null || accounts.has(name)) continue;
    accounts.set(name, { name, uid, gid, home: home || '/', shell: shell || '/bin/sh' });
  }
  return [...accounts.values()];
}

/** group(5), read like passwd. */
export function parseGroup(text: string): Group[] {
  const groups = new Map<string, Group>();
  for (const [name, , gidText, members = ''] of records(text)) {
    const gid = id(gidText);
    if (!name || gid === null || groups.has(name)) continue;
    groups.set(name, { name, gid, members: members.split(',').filter(Boolean) });
  }
  return [...groups.values()];
}

/** What initgroups(3) gives a process of this user. */
export function groupsOf(account: Account, groups: readonly Group[]): number[] {
  const further = groups.filter((g) => g.members.includes(account.name)).map((g) => g.gid);
  return [...new Set([account.gid, ...further])];
}
