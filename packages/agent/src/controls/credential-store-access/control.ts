import type { Facts } from '../../facts/facts.generated.js';
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
type ServiceUser = NonNullable<Facts['install']['serviceUser']>;

const EXPECTED = 'root:ecuser 0640';

export default defineControl({
  id: 'MOM-CRED-004',
  slug: 'credential-store-access',
  title: 'Credentials file modes',
  severity: 'high',
  otherSeverities: ['medium'],
  subject: 'credential store access',
  reads: ['credentialStore', 'install'],
  sources: [manual3('executable.credmgr'), manual3('modules.securecreds')],
  remediation: 'permissions-repair',
  params: {},

  evaluate({ facts: { credentialStore: store, install } }) {
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
    const user = install.serviceUser;
    if (!user) return indeterminate('There is no user ecuser in etc/passwd to judge the owners by.');
    const rootUid = install.users.find(({ name }) => name === 'root')?.uid ?? 0;
    const faults = present.flatMap((file) => faultsOf(file, user, rootUid));
    const open = folderFault(store, install);
    if (faults.length + open.length > 0)
      return fail(
        summaryOf(faults, open),
        [...faults.map((fault) => violation(fault, install)), ...open],
        severityOf(faults, open),
      );
    if (denied.length > 0)
      return indeterminate(
        `${denied.map((file) => file.path).join(', ')} could not be looked at. Run as root.`,
      );
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

function faultsOf(file: StoreFile, user: ServiceUser, rootUid: number): Fault[] {
  const { access } = file;
  if (!access) return [];
  const isRoots = access.uid === 0 || access.uid === rootUid;
  const found: Fault[] = [];
  const add = (why: string, isMild = false) => found.push({ file, why, isMild });
  if ((access.mode & 0o007) !== 0) add('users other than root and ecuser can get at it');
  if (!isRoots && access.uid !== user.uid) add('its owner is neither root nor ecuser');
  if ((access.mode & 0o020) !== 0) add('its group may write to it');
  if ((access.mode & 0o070) !== 0 && access.gid !== user.gid) add("its group is not ecuser's");
  if (!grants(access, user, 'read')) add('ecuser cannot read it, so securecreds cannot either');
  if (!isRoots && access.uid === user.uid && (access.mode & 0o200) !== 0)
    add('ecuser may change the credentials', true);
  return found;
}

function violation({ file, why }: Fault, names: OwnerNames): Violation {
  return {
    at: { file: file.path },
    found: file.access ? `${describeAccess(file.access, names)}: ${why}` : why,
    proposed: EXPECTED,
  };
}

function folderFault({ folder }: Store, names: OwnerNames): Violation[] {
  if (!folder.access || (folder.access.mode & 0o1002) !== 0o002) return [];
  return [
    {
      at: { file: folder.path },
      found: `${describeAccess(folder.access, names)}: anybody can put other files here`,
      proposed: 'not writable by others',
    },
  ];
}

function severityOf(faults: readonly Fault[], open: readonly Violation[]): 'high' | 'medium' {
  return open.length === 0 && faults.every((fault) => fault.isMild) ? 'medium' : 'high';
}

function summaryOf(faults: readonly Fault[], open: readonly Violation[]): string {
  const [first] = faults;
  if (!first) return `The folder of the credential store is open to everybody: ${open[0]?.at.file ?? ''}.`;
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
