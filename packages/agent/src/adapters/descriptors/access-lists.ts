import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, type Stats, statSync } from 'node:fs';
import type { Acl, FileResult } from '../../ports/files.js';
import { problem } from '../file-problems.js';
import { parseAccessList } from './acl-text.js';
import { nameOf, O_PATH, pin } from './fd.js';
import { byCodeUnit, namesOf } from './names.js';
import { atPlace } from './place.js';
import { runOnDescriptors, TOOL_ENV } from './tool.js';

/** Whose list is asked: `descriptor` is open, and stays open while the tool runs. */
export interface Asked {
  readonly path: string;
  readonly descriptor: number;
}

/** Lists known by what they belong to; a changed list changes the ctime. Beyond it everything is asked again. */
const KNOWN_MAX = 20_000;
/** Descriptors that one call of a tool inherits. */
const BATCH_MAX = 64;
/** Of the entries of a folder that is asked ahead. */
const OF_FOLDER_MAX = 8;
/** Of all lists of one folder's tree together. */
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;
const TREE_MS_MAX = 60_000;
/** More names than this are asked for by one walk of the folder, which costs less than half as much a name. */
export const NAMED_MAX = 1000;
/** Names that `ls` gets at once. */
const NAMES_MAX = 500;

type Known = Acl | null | 'unread';

/**
 * POSIX access lists (acl(5)). Node has no call for them, so `getfacl` is asked, of inherited descriptors; where there is
 * none, the `+` of `ls -l` still tells that a file has a list.
 */
export class AccessLists {
  readonly #known = new Map<string, Known>();
  #folders: readonly string[];

  /** `folders` of the tree at `root`: what is in them is asked with the first, since a call of a tool costs as much as all of it. */
  constructor(
    private readonly root: string,
    folders: readonly string[],
  ) {
    this.#folders = folders;
  }

  /** The list of the first; those of the others are remembered, since whoever asks of a file asks of its folders next. */
  of(asked: readonly [Asked, ...Asked[]]): FileResult<Acl | null> {
    const [{ descriptor, path }] = asked;
    const stats = fstatSync(descriptor);
    if (mayMatter(stats) && !this.#known.has(keyOf(stats))) this.#ask(asked.map((one) => one.descriptor));
    const found = this.#known.get(keyOf(stats)) ?? null;
    return found === 'unread' ? unread(path) : { ok: true, value: found };
  }

  #ask(descriptors: readonly number[]): void {
    const inFolders = this.#folders.flatMap((folder) => pinned(this.root, folder));
    this.#folders = [];
    try {
      const asked = new Map<string, number>();
      for (const descriptor of [...descriptors, ...inFolders]) {
        const stats = fstatSync(descriptor);
        const isAsked = mayMatter(stats) && !stats.isSymbolicLink() && !this.#known.has(keyOf(stats));
        if (isAsked && asked.size < BATCH_MAX) asked.set(keyOf(stats), descriptor);
      }
      const lists = read([...asked.values()]);
      // One that nobody asked for may be why none could be read: then those that were asked for are asked alone.
      if (inFolders.length > 0 && lists.includes('unread')) return this.#ask(descriptors);
      for (const [index, key] of [...asked.keys()].entries()) this.#remember(key, lists[index] ?? null);
    } finally {
      for (const descriptor of inFolders) closeSync(descriptor);
    }
  }

  #remember(key: string, list: Known): void {
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.set(key, list);
  }
}

/** A folder, those above it and what is in it, each open only to be asked of; none where it is not there, and what has gone is left out. */
function pinned(root: string, folder: string): number[] {
  const found: number[] = [];
  atPlace(root, folder, { follow: true }, ({ self, above }) => {
    if (self === null) return problem('failed', `${folder}: not inspected`);
    for (const descriptor of [self, ...above]) found.push(openSync(nameOf(descriptor), O_PATH));
    const names = namesOf(nameOf(self), fstatSync(self).size) ?? [];
    for (const name of names.sort(byCodeUnit).slice(0, OF_FOLDER_MAX)) {
      try {
        found.push(pin(self, name));
      } catch {
        // Whoever asks of it is told why.
      }
    }
    return { ok: true, value: null };
  });
  return found;
}

/** Those of `names` below an open folder, which is closed, that have a list; `unread` where it could not be read. */
export async function listsBelow(
  folder: number,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Acl | 'unread'>> {
  try {
    const found = new Map<string, Acl | 'unread'>();
    // A line is a name to the tool: a name of two lines would be two other files.
    for (const name of names) if (name.includes('\n')) found.set(name, 'unread');
    const lines = names.filter((name) => !found.has(name));
    const isWalk = lines.length > NAMED_MAX;
    const said = isWalk
      ? await run('getfacl', ['-R', '-P', '-nsp', '.'], folder, signal)
      : await run('getfacl', ['-nsp', '-'], folder, signal, lines.map(nameBelow).join('\n'));
    if (said === null) return new Map([...found, ...(await presentBelow(folder, lines, signal))]);
    const asked = isWalk ? new Set(lines) : null;
    for (const block of said.split('\n\n')) {
      const text = /^# file: \.\/(.*)$/m.exec(block)?.[1];
      const name = text === undefined ? undefined : unescaped(text);
      if (name !== undefined && (asked?.has(name) ?? true))
        found.set(name, parseAccessList(block) ?? 'unread');
    }
    return found;
  } finally {
    closeSync(folder);
  }
}

/** Without getfacl: which have a list at all. Where ls does not answer as it should, each counts as having one. */
async function presentBelow(
  folder: number,
  names: readonly string[],
  signal: AbortSignal,
): Promise<[string, 'unread'][]> {
  const found: [string, 'unread'][] = [];
  for (let at = 0; at < names.length; at += NAMES_MAX) {
    const some = names.slice(at, at + NAMES_MAX);
    const said = await run('ls', ['-ldnU', '--', ...some.map(nameBelow)], folder, signal);
    const lines = said?.trimEnd().split('\n') ?? [];
    for (const [index, name] of some.entries())
      if (lines.length !== some.length || hasMark(lines[index])) found.push([name, 'unread']);
  }
  return found;
}

function nameBelow(name: string): string {
  return `./${name}`;
}

/** getfacl writes what is not printable as `\\ooo`. */
function unescaped(name: string): string {
  if (!name.includes('\\')) return name;
  const bytes = name.replace(/\\(\d{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Linux asks the list only where the group bits, which are its mask, are not all zero. */
function mayMatter(stats: Stats | undefined): boolean {
  return stats !== undefined && (stats.mode & 0o070) !== 0;
}

function keyOf({ dev, ino, ctimeMs }: Stats): string {
  return `${dev}:${ino}:${ctimeMs}`;
}

function unread(path: string): FileResult<never> {
  return problem(
    'failed',
    `${path}: has an access list (ACL) that could not be read (is getfacl installed?)`,
  );
}

/** By path, where descriptors have no names: `host` is the path on this host. */
export function listByPath(host: string, path: string): FileResult<Acl | null> {
  const stats = statSync(host, { throwIfNoEntry: false });
  if (!mayMatter(stats)) return { ok: true, value: null };
  const [line] = `${runOnDescriptors('ls', ['-ldnL', '--', host]).stdout ?? ''}`.split('\n');
  if (!hasMark(line)) return { ok: true, value: null };
  const said = runOnDescriptors('getfacl', ['-cnpE', '--', host]);
  const list = said.status === 0 ? parseAccessList(`${said.stdout}`) : null;
  return list ? { ok: true, value: list } : unread(path);
}

/** Null: it has none. */
function read(descriptors: readonly number[]): readonly Known[] {
  const names = descriptors.map((_, index) => `/proc/self/fd/${index + 3}`);
  const said = runOnDescriptors('getfacl', ['-cnpE', ...names], ...descriptors);
  const blocks = `${said.stdout ?? ''}`.trim().split('\n\n');
  if (said.status === 0 && blocks.length === descriptors.length)
    return blocks.map((block) => (isExtended(block) ? (parseAccessList(block) ?? 'unread') : null));
  const listed = runOnDescriptors('ls', ['-ldnLU', '--', ...names], ...descriptors);
  const lines = `${listed.stdout ?? ''}`.trimEnd().split('\n');
  if (listed.status !== 0 || lines.length !== descriptors.length) return descriptors.map(() => 'unread');
  return lines.map((line) => (hasMark(line) ? 'unread' : null));
}

function isExtended(block: string): boolean {
  return /^(user|group):\d+:|^mask::/m.test(block);
}

/** `-rw-r-----+ 1 0 0 ...`; a dot is a label of SELinux, and no list. */
function hasMark(line: string | undefined): boolean {
  return !/^[-dlbcps][-rwxsStT]{9}\.? /.test(line ?? '');
}

/** Null: the tool is not there, did not end in time, or said too much. */
function run(
  tool: string,
  args: readonly string[],
  folder: number,
  signal: AbortSignal,
  input = '',
): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(tool, args, {
      // The very folder that is open, by the descriptor that the child has as its 3.
      cwd: '/proc/self/fd/3',
      env: TOOL_ENV,
      stdio: ['pipe', 'pipe', 'ignore', folder],
      timeout: TREE_MS_MAX,
      signal,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.on('error', () => resolve(null));
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > OUTPUT_BYTES_MAX) child.kill();
      else chunks.push(chunk);
    });
    // getfacl ends with 1 where a name has gone meanwhile: what it says of the others counts.
    child.on('close', (code, killed) =>
      resolve(killed === null && code !== null && code < 2 ? Buffer.concat(chunks).toString('utf8') : null),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
