import { DEPTH_MAX } from '../descriptors/place.js';
import { LINK_HOPS_MAX } from '../tree-paths.js';
import type { ShLink, ShRequest } from './sh-link.js';
import { codeOf, type Item, isFolder, isLink, readShStat, type ShStat, wordOf } from './sh-words.js';

/** Names asked in one line. */
const NAMES_MAX = 100;
/** Each round passes at least a link. */
const ROUNDS_MAX = 2 * LINK_HOPS_MAX;

const OWN_PROCESS = /^\/proc\/(?:self|thread-self)$/;

/** A name, as bytes (latin1), and what it was seen to be. */
export interface Level {
  readonly name: string;
  readonly stat: ShStat;
}

export type Place =
  | {
      readonly kind: 'place';
      /** From the root; none: the root itself. */
      readonly levels: readonly Level[];
      readonly stat: ShStat;
      readonly target: string;
      readonly links: readonly string[];
      /** Path and status of everything passed. */
      readonly trail: readonly string[];
    }
  | { readonly kind: 'problem'; readonly code: string; readonly at: string };

export interface Wanted {
  readonly path: string;
  readonly follow: boolean;
}

type Seen = { readonly stat: ShStat; readonly target: string | null } | { readonly code: string };

/** A folder as one visit found it. */
interface Folder {
  self: ShStat | null;
  code: string | null;
  readonly names: Map<string, Seen>;
}

class Missing extends Error {}
class Stopped extends Error {
  constructor(
    readonly code: string,
    readonly at: string,
  ) {
    super(code);
  }
}

export const inside = (levels: readonly Level[], ...more: readonly string[]): string =>
  `/${[...levels.map(({ name }) => name), ...more].join('/')}`;

/**
 * Where paths lead, by visits to folders: each tells what `.` is and what stands in it. A folder counts only where `.` is
 * the very thing that its name was in the folder above, so that nobody can lead us elsewhere by a link.
 */
export class ShPlaces {
  readonly #folders = new Map<string, Folder>();
  #needs = new Map<string, Set<string>>();

  /** `root`: names of the folder that is read as `/`. */
  constructor(
    private readonly link: ShLink,
    private readonly root: readonly string[],
    private readonly msMax: number,
  ) {}

  async find(wanted: readonly Wanted[]): Promise<Place[]> {
    const places: (Place | null)[] = wanted.map(() => null);
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      this.#needs = new Map();
      for (const [index, one] of wanted.entries()) places[index] ??= this.#try(one);
      if (this.#needs.size === 0) break;
      await this.#visit();
    }
    return places.map(
      (place, index) => place ?? { kind: 'problem', code: 'ELOOP', at: wanted[index]?.path ?? '/' },
    );
  }

  #try({ path, follow }: Wanted): Place | null {
    try {
      return this.#resolve(path, follow);
    } catch (error) {
      if (error instanceof Stopped) return { kind: 'problem', code: error.code, at: error.at };
      if (error instanceof Missing) return null;
      throw error;
    }
  }

  #resolve(path: string, follow: boolean): Place {
    let levels: Level[] = [];
    const links: string[] = [];
    const trail: string[] = [];
    const ahead = namesOf(path).reverse();
    let target = '';
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (name === '..') {
        levels.pop();
        continue;
      }
      const at = inside(levels, name);
      if (levels.length >= DEPTH_MAX) throw new Stopped('EDEPTH', at);
      const seen = this.#seen(levels, name, ahead);
      trail.push(at, seen.stat.text);
      if (isLink(seen.stat)) {
        if (seen.target === null) throw new Stopped('ESTALE', at);
        // Another one for each program that asks.
        if (OWN_PROCESS.test(['', ...this.root, at.slice(1)].join('/'))) throw new Stopped('EKERNEL', at);
        if (follow || ahead.length > 0) {
          links.push(at);
          if (links.length > LINK_HOPS_MAX) throw new Stopped('ELOOP', at);
          if (seen.target.startsWith('/')) levels = [];
          ahead.push(...namesOf(seen.target).reverse());
          continue;
        }
        target = seen.target;
      } else if (ahead.length > 0 && !isFolder(seen.stat)) throw new Stopped('ENOTDIR', at);
      levels.push({ name, stat: seen.stat });
    }
    const stat = levels.at(-1)?.stat ?? this.#folder([], [])?.self;
    if (!stat) throw new Stopped('ESTALE', '/');
    return { kind: 'place', levels, stat, target, links, trail };
  }

  #seen(levels: readonly Level[], name: string, ahead: readonly string[]): Exclude<Seen, { code: string }> {
    const folder = this.#folder(levels, [name, ...[...ahead].reverse()]);
    const at = inside(levels, name);
    if (folder.code !== null) throw new Stopped(folder.code, at);
    const own = levels.at(-1)?.stat;
    if (!folder.self || (own && (own.dev !== folder.self.dev || own.ino !== folder.self.ino)))
      throw new Stopped('ESTALE', at);
    const seen = folder.names.get(name);
    if (!seen) throw this.#need(levels, [name, ...[...ahead].reverse()]);
    if ('code' in seen) throw new Stopped(seen.code, at);
    return seen;
  }

  #folder(levels: readonly Level[], names: readonly string[]): Folder {
    const folder = this.#folders.get(keyOf(levels.map(({ name }) => name)));
    if (!folder) throw this.#need(levels, names);
    return folder;
  }

  /** Asks what is wanted now, and what will be next if these are folders. */
  #need(levels: readonly Level[], names: readonly string[]): Missing {
    const at = levels.map(({ name }) => name);
    const [first, ...more] = names;
    this.#put(at, first);
    let name = first;
    for (const next of more) {
      if (name === undefined || next === '..' || at.length >= DEPTH_MAX) break;
      at.push(name);
      this.#put(at, next);
      name = next;
    }
    return new Missing();
  }

  #put(folder: readonly string[], name: string | undefined): void {
    const key = keyOf(folder);
    const names = this.#needs.get(key) ?? new Set();
    if (name !== undefined) names.add(name);
    this.#needs.set(key, names);
  }

  async #visit(): Promise<void> {
    const asked: { key: string; names: readonly string[]; request: ShRequest }[] = [];
    for (const [key, wanted] of this.#needs) {
      const folder = [...this.root, ...(key === '' ? [] : key.split('/'))].map(wordOf8);
      const names = [...wanted].filter((name) => !this.#folders.get(key)?.names.has(name));
      for (let at = 0; at === 0 || at < names.length; at += NAMES_MAX) {
        const some = names.slice(at, at + NAMES_MAX);
        asked.push({ key, names: some, request: { kind: 's', folder, rest: some.map(wordOf8) } });
      }
    }
    const answers = await this.link.exchange(
      asked.map(({ request }) => request),
      this.msMax,
    );
    for (const [index, { key, names }] of asked.entries()) this.#take(key, names, answers[index] ?? []);
  }

  #take(key: string, names: readonly string[], items: readonly Item[]): void {
    const [, self, ...rest] = items;
    const own = readShStat(self?.head ?? '');
    const known = this.#folders.get(key);
    const code = codeOf(self?.head);
    if (!own && code === null) throw this.link.broken('a folder is not told');
    // Another one than at the visit before.
    const isOther = known?.self && own && (known.self.dev !== own.dev || known.self.ino !== own.ino);
    const folder: Folder = {
      self: own,
      code: isOther ? 'ESTALE' : code,
      names: known?.names ?? new Map(),
    };
    this.#folders.set(key, folder);
    if (!own) return;
    const said = rest.slice(0, names.length);
    const targets = new Map<number, string>();
    for (const { head, bytes } of rest.slice(names.length)) {
      const index = Number(/^l(\d{1,4})$/.exec(head)?.[1] ?? Number.NaN) - 1;
      if (!(index >= 0 && index < names.length)) throw this.link.broken('a link is not told');
      const target = bytes.toString('latin1').replace(/\n$/, '');
      if (target !== '') targets.set(index, target);
    }
    for (const [index, name] of names.entries()) {
      const head = said[index]?.head;
      const stat = readShStat(head ?? '');
      const why = codeOf(head);
      if (!stat && why === null) throw this.link.broken('a name is not told');
      folder.names.set(name, stat ? { stat, target: targets.get(index) ?? null } : { code: why ?? '' });
    }
  }
}

/** Of a name that is kept as bytes. */
export function wordOf8(name: string): string {
  return wordOf(Buffer.from(name, 'latin1'));
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function keyOf(names: readonly string[]): string {
  return names.join('/');
}
