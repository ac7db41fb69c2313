import { closeSync, constants, fstatSync, openSync, readlinkSync, type Stats } from 'node:fs';
import type { FileResult, TrustedUser } from '../../ports/files.js';
import { problem, problemOf } from '../file-problems.js';
import { LINK_HOPS_MAX, unusable } from '../tree-paths.js';
import { aclOf, mayLetWrite } from './acl.js';
import { nameOf, O_PATH, pin } from './fd.js';
import { strangerIn } from './trust.js';

/** The most folders below one another that a path may pass: each is held open. */
export const DEPTH_MAX = 256;

interface Level {
  readonly name: string;
  readonly fd: number;
}

/** Where a path leads, held open. */
export interface Place {
  /** The folder above the last name; null where the path is the root of the tree itself. */
  readonly folder: number | null;
  readonly name: string;
  /** The thing itself, pinned; null where the last name was not to be followed, and so was not inspected. */
  readonly self: number | null;
  /** Path inside the tree without links (before the last name, where that is not followed). */
  readonly inside: string;
  /** Links passed, inside the tree. */
  readonly links: readonly string[];
  /** Descriptors of the folders above the thing itself, the nearest first, without the tree's root. */
  readonly above: readonly number[];
}

export interface WayOptions {
  readonly follow: boolean;
  /** For changes: folders that others may write in are refused, and links that others could have put there. */
  readonly trusted?: readonly TrustedUser[];
}

/**
 * Opens every folder on the way by itself, so that none can be exchanged once it was passed; the text of a link is
 * resolved by the same walk, inside the tree. Everything is closed when `use` is done.
 */
export function atPlace<T>(
  root: string,
  path: string,
  options: WayOptions,
  use: (place: Place) => FileResult<T>,
): FileResult<T> {
  const fault = unusable(path);
  if (fault) return problem('failed', `${JSON.stringify(path.slice(0, 200))}: ${fault}`);
  let way: Way | null = null;
  try {
    way = new Way(root, path, options);
    const stopped = way.go();
    return stopped ?? use(way.place());
  } catch (error) {
    return problemOf(error, path);
  } finally {
    way?.close();
  }
}

class Way {
  readonly #levels: Level[] = [];
  readonly #links: string[] = [];
  readonly #root: number;
  #ahead: string[];
  #last: string | null = null;

  constructor(
    root: string,
    private readonly path: string,
    private readonly options: WayOptions,
  ) {
    this.#root = openSync(root, O_PATH | constants.O_DIRECTORY);
    this.#ahead = path.split('/').reverse();
  }

  /** Null: arrived. */
  go(): FileResult<never> | null {
    for (let name = this.#ahead.pop(); name !== undefined; name = this.#ahead.pop()) {
      if (name === '' || name === '.') continue;
      if (name === '..') {
        this.#up();
        continue;
      }
      const isLast = this.#ahead.every((later) => later === '' || later === '.');
      if (isLast && !this.options.follow) {
        this.#last = name;
        break;
      }
      const stopped = this.#enter(name, isLast);
      if (stopped) return stopped;
    }
    return this.options.trusted ? this.#strangers(this.#folders(), this.options.trusted) : null;
  }

  place(): Place {
    const top = this.#levels.at(-1);
    const links = this.#links;
    const levels = this.#levels.map(({ fd }) => fd).reverse();
    if (this.#last !== null) {
      const inside = this.#inside(this.#last);
      return { folder: this.#top(), name: this.#last, self: null, inside, links, above: levels };
    }
    if (!top) return { folder: null, name: '/', self: this.#root, inside: '/', links, above: [] };
    const folder = this.#levels.at(-2)?.fd ?? this.#root;
    return { folder, name: top.name, self: top.fd, inside: this.#inside(), links, above: levels.slice(1) };
  }

  close(): void {
    for (const { fd } of this.#levels) closeSync(fd);
    closeSync(this.#root);
  }

  #enter(name: string, isLast: boolean): FileResult<never> | null {
    const inside = this.#inside(name);
    if (this.#levels.length >= DEPTH_MAX)
      return problem('failed', `${this.path}: more than ${DEPTH_MAX} folders below one another`);
    const fd = this.#pin(name, inside);
    if (typeof fd !== 'number') return fd;
    const stats = fstatSync(fd);
    if (stats.isSymbolicLink()) {
      closeSync(fd);
      return this.#follow(name, inside, stats);
    }
    this.#levels.push({ name, fd });
    return isLast || stats.isDirectory()
      ? null
      : problem('not-directory', `${this.path}: ${inside} is not a folder`);
  }

  #pin(name: string, inside: string): number | FileResult<never> {
    try {
      return pin(this.#top(), name);
    } catch (error) {
      const told = problemOf<never>(error, inside);
      if (told.ok || told.problem !== 'missing') return told;
      return problem(
        'missing',
        inside === this.path ? `${inside}: ENOENT` : `${this.path}: ${inside} does not exist`,
      );
    }
  }

  #follow(name: string, inside: string, link: Stats): FileResult<never> | null {
    this.#links.push(inside);
    if (this.#links.length > LINK_HOPS_MAX)
      return problem('loop', `${this.path}: more than ${LINK_HOPS_MAX} links`);
    if (this.options.trusted) {
      if (link.uid !== 0 && link.uid !== process.geteuid?.())
        return problem(
          'failed',
          `${this.path}: ${inside} is a link of user ${link.uid}, which is not followed`,
        );
      const stopped = this.#strangers(
        this.#levels.map(({ fd }) => fd),
        [],
      );
      if (stopped) return stopped;
    }
    const text = readlinkSync(nameOf(this.#top(), name));
    // An absolute target starts again at the root of the tree, not of this host.
    if (text.startsWith('/')) while (this.#levels.length > 0) this.#up();
    this.#ahead = [...this.#ahead, ...text.split('/').reverse()];
    return null;
  }

  /** The root of the tree itself is whatever folder it was unpacked into. */
  #strangers(folders: readonly number[], trusted: readonly TrustedUser[]): FileResult<never> | null {
    for (const [index, fd] of folders.entries()) {
      const stats = fstatSync(fd);
      const stranger = strangerIn(stats, trusted, mayLetWrite(stats) ? aclOf(fd) : 'none');
      if (stranger === null) continue;
      const folder = `/${this.#levels
        .slice(0, index + 1)
        .map(({ name }) => name)
        .join('/')}`;
      return problem('failed', `${this.path}: ${folder} may be written in by ${stranger}`);
    }
    return null;
  }

  /** Everything above the last name. */
  #folders(): number[] {
    const fds = this.#levels.map(({ fd }) => fd);
    return this.#last === null ? fds.slice(0, -1) : fds;
  }

  #top(): number {
    return this.#levels.at(-1)?.fd ?? this.#root;
  }

  #up(): void {
    const left = this.#levels.pop();
    if (left) closeSync(left.fd);
  }

  #inside(name?: string): string {
    const names = this.#levels.map((level) => level.name);
    return `/${[...names, ...(name === undefined ? [] : [name])].join('/')}`;
  }
}
