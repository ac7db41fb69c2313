import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { Access } from '@castellan/shared/model/plan';
import { WalkAhead } from '../../packages/agent/src/adapters/descriptors/walk-ahead.js';
import { nodeFiles } from '../../packages/agent/src/adapters/node-files.js';
import { WalkCache } from '../../packages/agent/src/engine/walk-cache.js';
import { configEdit } from '../../packages/agent/src/knowledge/eccfg/config-edit.js';
import { namedBy } from '../../packages/agent/src/knowledge/permissions/named-files.js';
import type { FileReader } from '../../packages/agent/src/ports/files.js';
import type { Step } from '../../packages/agent/src/units/step.js';
import { type Arena, ECUSER, PLACE, SECRET, sha256, type TrapKind } from './arena.js';

export const TARGET = `${PLACE}/target`;
const TRAP = `${PLACE}/trap`;

/** What one try came to. `lie`: it said that it was done, and it was not. */
export type Came = 'done' | 'refused' | 'lie' | 'leak';

export interface Row {
  readonly name: string;
  readonly trap: TrapKind;
  /** The two names that are exchanged. */
  readonly names: readonly [string, string];
  act(arena: Arena, count: number): Promise<Came>;
}

const TRAPS: readonly TrapKind[] = ['symlink', 'hard link', 'own file'];

/** On the node itself, however the agent gets to others. */
export const LOCAL_ROWS: readonly Row[] = [parentRow('look: a folder walked by find', walkByFind)];

/** Every kind of step that names files, done and put back, and every kind of look, against every kind of trap. */
export const ROWS: readonly Row[] = [
  ...TRAPS.flatMap((trap) => [
    row('look: a file', trap, look),
    row('look: a folder walked', trap, walk),
    row('replace-files', trap, (arena, count) => replace(arena, count, false)),
    row('replace-files, put back', trap, (arena, count) => replace(arena, count, true)),
    row('set-access', trap, (arena) => setAccess(arena, false)),
    row('set-access, put back', trap, (arena) => setAccess(arena, true)),
    row('program that makes a file', trap, makeByProgram),
    row('look: what settings name', trap, lookNamed),
  ]),
  row('look: what settings name', 'root’s file', lookNamed),
  row('plan of an edit', 'root’s file', planEdit),
  row('plan of an edit', 'symlink', planEdit),
  row('replace-files', 'root’s file', (arena, count) => replace(arena, count, false)),
  row('replace-files, put back', 'root’s file', (arena, count) => replace(arena, count, true)),
  row('set-access', 'root’s file', (arena) => setAccess(arena, false)),
  row('set-access, put back', 'root’s file', (arena) => setAccess(arena, true)),
  parentRow('look: a file below', lookBelow),
  parentRow('look: a folder walked', walk),
  parentRow('replace-files below', (arena, count) => replace(arena, count, false, BELOW)),
  ...[false, true].flatMap((fails) => [
    parentRow(`new file below${fails ? ', put back' : ''}`, (arena, count) =>
      makeBelow(arena, { count, fails, step: newFile(`${FOLDER}/new`) }),
    ),
    // With a file in it only below folders of root's alone, where nobody else exchanges anything.
    parentRow(`make-folder below${fails ? ', put back' : ''}`, (arena, count) =>
      makeBelow(arena, { count, fails, step: newFolder(`${FOLDER}/new`) }),
    ),
  ]),
  parentRow('set-access below', (arena) => setAccess(arena, false, BELOW)),
];

const FOLDER = `${PLACE}/folder`;
const BELOW = `${FOLDER}/secret`;

function row(name: string, trap: TrapKind, act: Row['act']): Row {
  return { name, trap, names: [TARGET, TRAP], act };
}

function parentRow(name: string, act: Row['act']): Row {
  return { name, trap: 'folder link', names: [`${PLACE}/folder`, `${PLACE}/folder-trap`], act };
}

async function look(arena: Arena): Promise<Came> {
  const file = arena.files.capture(TARGET, { follow: false });
  if (!file.ok) return 'refused';
  // A second name of root's file is told as such: whoever goes on from here refuses it.
  return file.value.content.includes(SECRET) && file.value.stat.nlink === 1 ? 'leak' : 'done';
}

/** As the readers of settings look at what they name: never at what is root's alone, by whatever name. */
async function lookNamed(arena: Arena): Promise<Came> {
  const file = namedBy(arena.files, { uid: ECUSER, groups: [ECUSER] }, []).read(TARGET);
  if (!file.ok) return 'refused';
  return file.value.includes(SECRET) ? 'leak' : 'done';
}

/** The diff goes to whoever approves. */
async function planEdit(arena: Arena): Promise<Came> {
  const before = textOr(arena.files.read(TARGET));
  const edit = { path: TARGET, before, after: `${before}\nTLS = "no"\n`, summary: 'edit' };
  const planned = configEdit(arena.files, [edit]);
  if (JSON.stringify(planned).includes(SECRET)) return 'leak';
  return planned.ok ? 'done' : 'refused';
}

function textOr(read: ReturnType<Arena['files']['read']>): string {
  return read.ok ? read.value.toString() : '';
}

/** Followed, as the service would; but what is then changed is reached through no link. */
async function lookBelow(arena: Arena): Promise<Came> {
  const file = arena.files.capture(BELOW, { follow: false });
  if (!file.ok) return 'refused';
  const isThrough = file.value.content.includes(SECRET);
  return isThrough && file.value.path === BELOW ? 'leak' : 'done';
}

function walk({ files }: Pick<Arena, 'files'>): Promise<Came> {
  return walked(files);
}

async function walkByFind({ root }: Pick<Arena, 'root'>): Promise<Came> {
  const ahead = WalkAhead.begin(root, { path: PLACE, ...WALK_LIMITS }, { entriesMin: 1 });
  try {
    return await walked(new WalkCache(nodeFiles(root, { ahead })).files);
  } finally {
    ahead?.end();
  }
}

const WALK_LIMITS = { entriesMax: 1000, depthMax: 8, skipNames: [] };

async function walked(files: FileReader): Promise<Came> {
  let isLeak = false;
  await files.walk(
    PLACE,
    {
      entry: (_folder, name, { uid }) => {
        isLeak ||= name === 'secret' && uid === 0;
      },
      problem: () => undefined,
    },
    { ...WALK_LIMITS, signal: new AbortController().signal },
  );
  return isLeak ? 'leak' : 'done';
}

async function replace(arena: Arena, count: number, fails: boolean, path = TARGET): Promise<Came> {
  const content = `new content ${count}`;
  let before = '';
  const make = (): readonly Step[] | null => {
    const file = arena.files.capture(path, { follow: false });
    if (!file.ok || file.value.stat.uid !== ECUSER) return null;
    const { dev, ino, uid, gid, mode } = file.value.stat;
    before = file.value.content.toString();
    return [
      {
        kind: 'replace-files',
        id: 'file',
        files: [
          {
            path,
            beforeSha256: sha256(file.value.content),
            before: { dev, ino, uid },
            content: 'new',
            access: { uid, gid, mode },
          },
        ],
      },
    ];
  };
  const end = await arena.apply(make, content, fails);
  if (end?.state === 'done') return atOnceOrLater(() => contents(arena).includes(content)) ? 'done' : 'lie';
  if (end?.state === 'rolledBack' && !atOnceOrLater(() => contents(arena).includes(before))) return 'lie';
  return 'refused';
}

const NEW_ACCESS: Access = { uid: 0, gid: 0, mode: 0o600 };

function newFile(path: string): Step {
  const file = { path, beforeSha256: null, before: null, content: 'new', access: NEW_ACCESS };
  return { kind: 'replace-files', id: 'new file', files: [file] };
}

function newFolder(path: string): Step {
  return { kind: 'make-folder', id: 'folder', path, access: { ...NEW_ACCESS, mode: 0o755 } };
}

/** Where there was nothing: root's own folder behind the link gets nothing, and loses nothing that is put back. */
async function makeBelow(
  arena: Arena,
  { count, fails, step }: { readonly count: number; readonly fails: boolean; readonly step: Step },
): Promise<Came> {
  const make = () => (arena.files.lstat(`${FOLDER}/new`).ok ? null : [step]);
  const end = await arena.apply(make, `new content ${count}`, fails);
  if (lstatSync(arena.at('/etc/private/new'), { throwIfNoEntry: false })) return 'leak';
  removeMade(arena);
  return end?.state === 'done' ? 'done' : 'refused';
}

/** Under both names, never through the link. */
function removeMade(arena: Arena): void {
  for (const name of ['folder', 'folder-trap']) {
    const path = `${PLACE}/${name}/new`;
    const found = arena.here.realpath(path);
    if (found.ok && found.value.path === path) rmSync(arena.at(path), { recursive: true, force: true });
  }
}

async function setAccess(arena: Arena, fails: boolean, path = TARGET): Promise<Came> {
  let after: Access | null = null;
  let ino = 0;
  const make = (): readonly Step[] | null => {
    const stat = arena.files.lstat(path);
    if (!stat.ok || stat.value.kind !== 'file' || stat.value.uid !== ECUSER) return null;
    const { dev, uid, gid, mode } = stat.value;
    ino = stat.value.ino;
    after = { uid, gid, mode: mode ^ 0o044 };
    return [
      {
        kind: 'set-access',
        id: 'access',
        entries: [{ path, identity: { dev, ino, uid }, before: { uid, gid, mode }, after }],
      },
    ];
  };
  const end = await arena.apply(make, '', fails);
  if (end?.state !== 'done' || after === null) return 'refused';
  const wanted: Access = after;
  const is = () => stats(arena).some((one) => one.ino === ino && (one.mode & 0o7777) === wanted.mode);
  return atOnceOrLater(is) ? 'done' : 'lie';
}

/** In a folder of the attacker's, always refused: a program goes by paths. */
async function makeByProgram(arena: Arena): Promise<Came> {
  const end = await arena.apply(
    () => [
      {
        kind: 'program',
        id: 'make',
        program: '/opt/msys/ecelerity/bin/credmgr',
        argv: [],
        timeoutMs: 1000,
        expect: { exitCode: 0 },
        creates: [TARGET],
      },
    ],
    '',
    false,
  );
  return end?.state === 'done' ? 'leak' : 'refused';
}

/** Under whatever name they stand now: the exchange goes on. */
function stats(arena: Arena) {
  return names(arena).flatMap((path) => {
    const stat = lstatSync(arena.at(path), { throwIfNoEntry: false });
    return stat?.isFile() ? [stat] : [];
  });
}

const LOOKS_MAX = 200;

/** A file may be missed as often as its two names are exchanged between the look at one and at the other. */
function atOnceOrLater(isSo: () => boolean): boolean {
  for (let count = 1; count <= LOOKS_MAX; count += 1) if (isSo()) return true;
  return false;
}

function contents(arena: Arena): string[] {
  return names(arena).flatMap((path) => {
    const file = arena.here.capture(path, { follow: false });
    return file.ok ? [file.value.content.toString()] : [];
  });
}

function names(arena: Arena): string[] {
  return [TARGET, TRAP, BELOW, `${PLACE}/folder-trap/secret`].filter((path) => arena.here.lstat(path).ok);
}

/** Files that the attacker can read and that hold what is root's. */
export function leaks(arena: Arena): string[] {
  return readdirSync(arena.at(PLACE)).filter((name) => {
    const at = arena.at(`${PLACE}/${name}`);
    const stat = lstatSync(at);
    const isOpen = stat.uid === ECUSER || stat.gid === ECUSER || (stat.mode & 0o007) !== 0;
    return stat.isFile() && isOpen && readFileSync(at, 'utf8').includes(SECRET);
  });
}
