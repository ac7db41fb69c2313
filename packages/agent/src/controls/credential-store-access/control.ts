import type { Facts } from '../../facts/facts.generated.js';
import { describeHolder, expectedOf, type Holder, othersOf } from '../../knowledge/permissions/holders.js';
import { describeAccess, grants, type OwnerNames } from '../../knowledge/permissions/path-access.js';
import {
  defineControl,
  fail,
  indeterminate,
  notApplicable,
  pass,
  type Violation,
} from '../../units/control.js';
import { manual3 } from '../../units/sources.js';

type Store = Facts['credentialStore'];
type StoreFile = Store['database'];
type Acl = Exclude<NonNullable<StoreFile['acl']>, 'unread'>;
type ServiceUser = NonNullable<Facts['momentumConfig']['runUser']['principal']>;

const EXPECTED = 'root:ecuser 0640';

export default defineControl({
  id: 'MOM-CRED-004',
  slug: 'credential-store-access',
  title: 'Credentials file modes',
  severity: 'high',
  otherSeverities: ['medium'],
  subject: 'credential store access',
  reads: ['credentialStore', 'momentumConfig', 'install'],
  sources: [manual3('executable.credmgr'), manual3('modules.securecreds')],
  remediation: 'permissions-repair',
  params: {},

  evaluate({ facts: { credentialStore: store, momentumConfig, install } }) {
    const files = distinct([
      store.database,
      store.key,
      ...store.siblings,
      store.other.database,
      store.other.key,
    ]);
    const present = files.filter((file) => file.state === 'present');
    const denied = files.filter((file) => file.state === 'denied');
    if (present.length + denied.length === 0)
      return notApplicable('There is no credential store on this node.');
    const { principal: user, name } = momentumConfig.runUser;
    if (!user) return indeterminate(`There is no user ${name} in etc/passwd to judge the owners by.`);
    const rootUid = install.users.find(({ name }) => name === 'root')?.uid ?? 0;
    const faults = present.flatMap((file) => faultsOf(file, user, rootUid, install));
    const open = folderFaults(store, install);
    if (faults.length + open.length > 0)
      return fail(
        summaryOf(faults, open),
        [...faults.map((fault) => violation(fault, install)), ...open],
        severityOf(faults, open),
      );
    if (denied.length > 0)
      return indeterminate(
        `${denied.map((file) => file.path).join(', ')} could not be inspected. Run as root.`,
      );
    const unread = present.find(({ acl }) => acl === 'unread');
    if (unread) return indeterminate(`The access list of ${unread.path} could not be read. Run as root.`);
    const unclear = present.find(({ reach }) => reach?.kind === 'unknown');
    if (unclear) return indeterminate(`Whether ${name} can read ${unclear.path} is not known.`);
    return pass(
      `The credential store is readable by root and ecuser only: ${present.map((file) => file.path).join(', ')}.`,
    );
  },
});

interface Fault {
  readonly file: StoreFile;
  readonly why: string;
  /** Only tampering by ecuser itself: medium. */
  readonly isMild: boolean;
}

function faultsOf(file: StoreFile, user: ServiceUser, rootUid: number, names: OwnerNames): Fault[] {
  const { access, reach } = file;
  if (!access) return [];
  const acl = file.acl ?? null;
  const list = acl === 'unread' ? null : acl;
  const group = list
    ? (list.groups.find(({ gid }) => gid === null)?.bits ?? 0) & list.mask
    : (access.mode >> 3) & 7;
  const isRoots = access.uid === 0 || access.uid === rootUid;
  const found: Fault[] = [];
  const add = (why: string, isMild = false) => found.push({ file, why, isMild });
  if ((access.mode & 0o007) !== 0) add('users other than root and ecuser can get at it');
  if (!isRoots && access.uid !== user.uid) add('its owner is neither root nor ecuser');
  if ((group & 2) !== 0) add('its group may write to it');
  if (group !== 0 && access.gid !== user.gid) add("its group is not ecuser's");
  for (const who of listedOthers(access, list, user, rootUid))
    add(`its access list lets ${describeHolder(who, names)} get at it`);
  if (file.sizeBytes === 0 && file.path.endsWith('.key')) add('it is empty: whoever made it is not credmgr');
  if (!grants(access, user, 'read', list)) add('ecuser cannot read it, so securecreds cannot either');
  else if (reach?.kind === 'denied')
    add(`ecuser cannot read it: ${reach.path} (${describeAccess(reach.access, names)}) is closed to it`);
  if (!isRoots && access.uid === user.uid && (access.mode & 0o200) !== 0)
    add('ecuser may change the credentials', true);
  return found;
}

/** Whom only the list names: anybody but Momentum's user, its group, and root; and for writing, also that user. */
function listedOthers(
  access: NonNullable<StoreFile['access']>,
  acl: Acl | null,
  user: ServiceUser,
  rootUid: number,
): Holder[] {
  if (acl === null) return [];
  const named = { ...acl, groups: acl.groups.filter(({ gid }) => gid !== null) };
  const file = { access: { ...access, mode: 0 }, acl: named };
  const root = { uid: rootUid, gid: 0 };
  const all = [
    ...othersOf(file, 'read', expectedOf(user, root)),
    ...othersOf(file, 'write', expectedOf(root)),
  ];
  return [...new Map(all.map((holder) => [JSON.stringify(holder), holder])).values()];
}

function violation({ file, why }: Fault, names: OwnerNames): Violation {
  return {
    at: { file: file.path },
    found: file.access ? `${describeAccess(file.access, names)}: ${why}` : why,
    proposed: EXPECTED,
  };
}

function folderFaults({ folder, openFolders = [] }: Store, names: OwnerNames): Violation[] {
  const isOpen = folder.access !== null && (folder.access.mode & 0o1002) === 0o002;
  const own = isOpen && folder.access ? [{ path: folder.path, access: folder.access }] : [];
  const all = new Map([...own, ...openFolders].map((one) => [one.path, one]));
  return [...all.values()].map(({ path, access }) => ({
    at: { file: path },
    found: `${describeAccess(access, names)}: others can put other files here`,
    proposed: 'root’s, and not writable by others',
  }));
}

function severityOf(faults: readonly Fault[], open: readonly Violation[]): 'high' | 'medium' {
  return open.length === 0 && faults.every((fault) => fault.isMild) ? 'medium' : 'high';
}

function summaryOf(faults: readonly Fault[], open: readonly Violation[]): string {
  const [first] = faults;
  if (!first) return `The folder of the credential store lets others exchange it: ${open[0]?.at.file ?? ''}.`;
  const paths = new Set(faults.map((fault) => fault.file.path));
  return paths.size === 1
    ? `${first.file.path}: ${first.why}.`
    : `${paths.size} files of the credential store have the wrong owner or mode.`;
}

/** The other place is often a link to the same file: that is one file, told by the name that the module reads. */
function distinct(files: readonly StoreFile[]): StoreFile[] {
  const named = files.toReversed().map((file) => [file.realPath ?? file.path, file] as const);
  return [...new Map(named).values()].toReversed();
}
