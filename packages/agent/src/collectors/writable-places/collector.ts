import type { WritableKind, WritablePlace, WritablePlacesFact } from '../../facts/writable-places.js';
import { fullAccess } from '../../knowledge/permissions/holders.js';
import { accessOf, sameAccess } from '../../knowledge/permissions/path-access.js';
import type { FileReader, WalkedStat } from '../../ports/files.js';
import { defineCollector } from '../../units/fact.js';

const ENTRIES_MAX = 200_000;
const DEPTH_MAX = 32;
/** Of each place: combinations of owner, group, mode and list, and the paths that are named of one. */
const KINDS_MAX = 1_000;
const PATHS_MAX = 50;
const UNSEEN_MAX = 100;
const JOBS_MAX = 64;

const ECELERITY = '/opt/msys/ecelerity';
type Kind = WritablePlace['kind'];

/** Manual, conf.ecelerity.conf and install.layout. Folders that are not walked: whoever writes in one can exchange all. */
const PLACES: readonly { readonly path: string; readonly kind: Kind; readonly isWalked: boolean }[] = [
  { path: '/opt', kind: 'program', isWalked: false },
  { path: '/opt/msys', kind: 'program', isWalked: false },
  { path: '/opt/msys/etc', kind: 'program', isWalked: false },
  { path: ECELERITY, kind: 'program', isWalked: false },
  { path: `${ECELERITY}/etc`, kind: 'configuration', isWalked: false },
  { path: `${ECELERITY}/etc/conf`, kind: 'configuration', isWalked: true },
  { path: `${ECELERITY}/etc/environment`, kind: 'program', isWalked: false },
  { path: `${ECELERITY}/etc/cluster.boot`, kind: 'configuration', isWalked: false },
  { path: '/opt/msys/etc/installer', kind: 'configuration', isWalked: true },
  { path: `${ECELERITY}/bin`, kind: 'program', isWalked: true },
  { path: `${ECELERITY}/sbin`, kind: 'program', isWalked: true },
];
/** Manual, executable.eccfg, install.prepare, executable.ec_rotate; Solaris keeps one table for root. */
const SOLARIS_TABLE = '/var/spool/cron/crontabs/root';
const JOB_FOLDERS: readonly { readonly folder: string; readonly names: RegExp }[] = [
  { folder: '/etc/cron.d', names: /^msys-/ },
  { folder: '/etc/init.d', names: /^(ecelerity|eccmgr|ecconfigd|ecwebconsole|msys.*)$/ },
];

export default defineCollector({
  name: 'writablePlaces',
  needs: ['install'],
  title: 'Who may write the configuration, the programs, and what cron and the start scripts run as root',
  timeoutMs: 60_000,
  evidence: 'files',
  async collect({ files, signal }): Promise<WritablePlacesFact> {
    const found: WritablePlace[] = [];
    for (const { path, kind, isWalked } of [...PLACES, ...jobs(files)]) {
      const place = await look(files, path, kind, isWalked, signal);
      if (place) found.push(place);
    }
    return { places: found };
  },
});

function jobs(files: FileReader): { path: string; kind: Kind; isWalked: boolean }[] {
  const found = JOB_FOLDERS.flatMap(({ folder, names }) => {
    const all = files.list(folder);
    const own = all.ok ? all.value.filter((name) => names.test(name)).slice(0, JOBS_MAX) : [];
    return own.length > 0 ? [folder, ...own.map((name) => `${folder}/${name}`)] : [];
  });
  return [...found, SOLARIS_TABLE].map((path) => ({ path, kind: 'program', isWalked: false }));
}

async function look(
  files: FileReader,
  path: string,
  kind: Kind,
  isWalked: boolean,
  signal: AbortSignal,
): Promise<WritablePlace | null> {
  const stat = files.stat(path);
  const nothing = { path, kind, entriesSeen: 0, kinds: [], unseen: [], isTruncated: false };
  if (!stat.ok)
    return stat.problem === 'missing' ? null : { ...nothing, unseen: [{ path, problem: stat.problem }] };
  const kinds = new Kinds();
  if (isOpen(stat.value)) kinds.count(stat.value, fullAccess(files, path)?.acl ?? null)?.push(path);
  if (!isWalked || stat.value.kind !== 'directory') return { ...nothing, entriesSeen: 1, kinds: kinds.all() };
  return walk(files, nothing, kinds, signal);
}

async function walk(
  files: FileReader,
  place: WritablePlace,
  kinds: Kinds,
  signal: AbortSignal,
): Promise<WritablePlace> {
  /** Those whose access list decides, by their name below the place. */
  const asked = new Map<string, WalkedStat>();
  const unseen: { path: string; problem: string }[] = [];
  const add = (folder: string, name: string, stat: WalkedStat): void => {
    if (!isOpen(stat)) return;
    if (isListAsked(stat)) asked.set(`${folder}/${name}`.slice(place.path.length + 1), stat);
    else kinds.count(stat, null)?.push(`${folder}/${name}`);
  };
  const fail = (path: string, problem: string): void => {
    if (unseen.length < UNSEEN_MAX) unseen.push({ path, problem });
  };
  const end = await files.walk(
    place.path,
    {
      entry: (folder, name, stat) => {
        if (stat.kind !== 'symlink') return add(folder, name, stat);
        const path = `${folder}/${name}`;
        const target = files.stat(path);
        if (target.ok) add(folder, name, target.value);
        else if (target.problem === 'denied') fail(path, target.problem);
      },
      problem: (path, problem) => fail(path, problem),
    },
    { entriesMax: ENTRIES_MAX, depthMax: DEPTH_MAX, skipNames: ['.svn'], signal },
  );
  const lists = asked.size > 0 ? await files.acls(place.path, [...asked.keys()], signal) : null;
  for (const [name, stat] of asked)
    kinds.count(stat, lists?.ok ? (lists.value.get(name) ?? null) : 'unread')?.push(`${place.path}/${name}`);
  return {
    ...place,
    entriesSeen: end.entriesSeen + 1,
    kinds: kinds.all(),
    unseen,
    isTruncated: end.isTruncated || kinds.isCut,
  };
}

/** A list can let somebody write only where the group bits, which are its mask then, let the group write. */
function isOpen(stat: WalkedStat): boolean {
  return (stat.mode & 0o022) !== 0 || stat.uid !== 0;
}

function isListAsked({ mode }: WalkedStat): boolean {
  return (mode & 0o020) !== 0;
}

type Counted = { -readonly [K in keyof WritableKind]: WritableKind[K] } & { paths: string[] };

/** Counts what has the same owner, group, mode and list together. */
class Kinds {
  isCut = false;
  readonly #known = new Map<string, Counted>();
  /** The folder and the other that were counted last, without a list: most entries are as the one before. */
  readonly #last: Record<'folder' | 'other', Counted | null> = { folder: null, other: null };

  /** Where its path is to be put; null: enough are named. */
  count(stat: WalkedStat, acl: WritableKind['acl']): string[] | null {
    const which = stat.kind === 'directory' ? 'folder' : 'other';
    const last = acl === null ? this.#last[which] : null;
    const known = last && sameAccess(last.access, stat) ? last : this.#of(stat, acl);
    if (known === null) return null;
    known.count += 1;
    if (acl === null) this.#last[which] = known;
    return known.paths.length < PATHS_MAX ? known.paths : null;
  }

  /** Null: there are too many kinds to count one more. */
  #of(stat: WalkedStat, acl: WritableKind['acl']): Counted | null {
    const isFolder = stat.kind === 'directory';
    const key = `${stat.uid}:${stat.gid}:${stat.mode}:${isFolder}:${acl === null ? '' : JSON.stringify(acl)}`;
    const known = this.#known.get(key);
    if (known) return known;
    if (this.#known.size >= KINDS_MAX) {
      this.isCut = true;
      return null;
    }
    const added: Counted = { isFolder, access: accessOf(stat), acl, count: 0, paths: [] };
    this.#known.set(key, added);
    return added;
  }

  all(): WritableKind[] {
    return [...this.#known.values()];
  }
}
