import type { FileReader } from '../../ports/files.js';
import { parentOf } from '../permissions/path-access.js';

/** One `<VirtualHost …>`, where it opens. */
export interface ApacheVhost {
  readonly file: string;
  readonly line: number;
  /** As written: `_default_:443`, or several with blanks between. */
  readonly address: string;
}

/** One directive of an Apache httpd configuration. Opening a virtual host is the directive `<virtualhost>`. */
export interface ApacheDirective {
  /** Lower-case. */
  readonly name: string;
  readonly args: readonly string[];
  readonly file: string;
  readonly line: number;
  /** The virtual host around it; null outside of one. */
  readonly vhost: ApacheVhost | null;
}

export interface ApacheConfig {
  /** Files included stand in the place of the line that includes them. */
  readonly directives: readonly ApacheDirective[];
  /** Files that could not be read, the main one among them: what they say is unknown. */
  readonly unread: readonly { readonly path: string; readonly problem: string }[];
}

/** Apache's own AP_MAX_INCLUDE_DEPTH is 128; Momentum's files include once. */
export const INCLUDE_DEPTH_MAX = 16;
export const INCLUDED_FILES_MAX = 256;
const FILE_BYTES_MAX = 4 * 1024 * 1024;
/** A wildcard is compared with at most this many names, and is itself at most this long. */
export const NAMES_MAX = 10_000;
export const PATTERN_LENGTH_MAX = 512;

/** Directives of a file and of those that it includes, in order. Sections other than VirtualHost are looked through. */
export function apacheConfig(files: FileReader, path: string): ApacheConfig {
  const reader = new ConfigReader(files, path);
  reader.read(path, 0);
  return reader;
}

class ConfigReader implements ApacheConfig {
  readonly directives: ApacheDirective[] = [];
  readonly unread: { path: string; problem: string }[] = [];
  #vhost: ApacheVhost | null = null;
  /** ASSUMED: without ServerRoot, paths are relative to the main file's folder; what was compiled in is in no file. */
  #serverRoot: string;
  #filesRead = 0;

  constructor(
    private readonly files: FileReader,
    main: string,
  ) {
    this.#serverRoot = parentOf(main);
  }

  read(path: string, depth: number): void {
    if (!this.#isWithinBounds(path, depth)) return;
    const content = this.files.read(path, { bytesMax: FILE_BYTES_MAX });
    if (!content.ok) {
      this.unread.push({ path, problem: content.problem });
      return;
    }
    for (const { text, line } of logicalLines(content.value.toString('utf8')))
      this.#take(text, { file: path, line }, depth);
  }

  /** Counts files and folders alike: a folder with a link to itself would otherwise have no end. */
  #isWithinBounds(path: string, depth = 0): boolean {
    this.#filesRead += 1;
    const isWithin = depth <= INCLUDE_DEPTH_MAX && this.#filesRead <= INCLUDED_FILES_MAX;
    if (!isWithin && this.unread.length < INCLUDED_FILES_MAX) this.unread.push({ path, problem: 'too-many' });
    return isWithin;
  }

  #take(text: string, at: { readonly file: string; readonly line: number }, depth: number): void {
    const open = /^<VirtualHost\s([^>]+)>/i.exec(text);
    if (open) {
      this.#vhost = { ...at, address: (open[1] ?? '').trim() };
      this.#push('<virtualhost>', words(this.#vhost.address), at);
    } else if (/^<\/VirtualHost>/i.test(text)) {
      this.#vhost = null;
    } else if (!text.startsWith('<')) {
      const [name = '', ...args] = words(text);
      this.#directive(name.toLowerCase(), args, at, depth);
    }
  }

  #directive(
    name: string,
    args: readonly string[],
    at: { readonly file: string; readonly line: number },
    depth: number,
  ): void {
    this.#push(name, args, at);
    if (name === 'serverroot' && args[0]) this.#serverRoot = args[0];
    if (name !== 'include' && name !== 'includeoptional') return;
    for (const path of this.#included(this.#absolute(args[0] ?? ''), name === 'includeoptional'))
      this.read(path, depth + 1);
  }

  #push(name: string, args: readonly string[], at: { readonly file: string; readonly line: number }): void {
    const paths = PATHS.has(name) ? args.map((arg) => this.#absolute(arg)) : args;
    this.directives.push({ name, args: paths, ...at, vhost: this.#vhost });
  }

  #absolute(path: string): string {
    return path === '' || path.startsWith('/') ? path : `${withoutSlashesAtEnd(this.#serverRoot)}/${path}`;
  }

  /** A folder means every file below it; wildcards are looked for in the last name only. */
  #included(path: string, isOptional: boolean): string[] {
    const folder = parentOf(path);
    // Several stars in a row are one; no name is longer than 255.
    const last = path.slice(path.lastIndexOf('/') + 1).replace(/\*+/g, '*');
    if (/[*?[]/.test(last)) {
      const names = this.files.list(folder);
      const isTooMuch = last.length > PATTERN_LENGTH_MAX || (names.ok && names.value.length > NAMES_MAX);
      if (isTooMuch) this.unread.push({ path: `${folder}/${last.slice(0, 255)}`, problem: 'too-many' });
      if (isTooMuch) return [];
      if (names.ok) return names.value.filter((name) => fits(name, last)).map((name) => `${folder}/${name}`);
      // Apache goes on without the files when a wildcard finds none.
      if (names.problem !== 'missing') this.unread.push({ path: folder, problem: names.problem });
      return [];
    }
    const stat = this.files.stat(path);
    if (stat.ok && stat.value.kind === 'directory') {
      const names = this.files.list(path);
      if (names.ok && this.#isWithinBounds(path))
        // The one beyond the bound is told of as such when it is to be read.
        return names.value
          .slice(0, INCLUDED_FILES_MAX + 1)
          .flatMap((name) => this.#included(`${path}/${name}`, isOptional));
      if (names.ok) return [];
    }
    return !stat.ok && stat.problem === 'missing' && isOptional ? [] : [path];
  }
}

/** No expression: one that looks for slashes up to the end takes minutes for a megabyte of slashes. */
function withoutSlashesAtEnd(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

/** Directives whose argument is a path, relative to ServerRoot where it does not begin with a slash. */
const PATHS: ReadonlySet<string> = new Set([
  'sslcertificatefile',
  'sslcertificatekeyfile',
  'sslcertificatechainfile',
]);

/** Lines that end in a backslash go on; comments and blank lines are left out. `line` is where one begins. */
function logicalLines(text: string): { readonly text: string; readonly line: number }[] {
  const found: { text: string; line: number }[] = [];
  // Joined once at its end: a text that grows by each of a million lines would be copied a million times.
  let parts: string[] = [];
  let begun = 1;
  for (const [index, raw] of text.split('\n').entries()) {
    const part = raw.trim();
    if (parts.length === 0) begun = index + 1;
    const goesOn = part.endsWith('\\');
    parts.push(goesOn ? part.slice(0, -1) : part);
    if (goesOn) continue;
    const whole = parts.join(' ');
    parts = [];
    if (whole !== '' && !whole.startsWith('#')) found.push({ text: whole, line: begun });
  }
  return found;
}

function words(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+)/g)].map(
    (m) => m[1] ?? m[2] ?? m[3] ?? '',
  );
}

/**
 * `*` and `?`; anything else that a shell knows is taken literally. Names that begin with a dot are not meant. No
 * regular expression: whoever may write the file could make one that takes for ever.
 */
function fits(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let [at, want, star, resume] = [0, 0, -1, 0];
  while (at < name.length) {
    if (pattern[want] === '*') {
      star = want;
      want += 1;
      resume = at;
    } else if (pattern[want] === '?' || pattern[want] === name[at]) {
      at += 1;
      want += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      want = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(want));
}

/** The port and address of `Listen`'s argument: `443`, `127.0.0.1:443`, `[::1]:443`. */
export function listenAddress(arg: string): { readonly address: string; readonly port: number } | null {
  const match = /^(?:(.*):)?(\d{1,5})$/.exec(arg);
  const port = Number(match?.[2]);
  if (!match || port < 1 || port > 65535) return null;
  return { address: (match[1] ?? '').replace(/^\[(.*)\]$/, '$1') || '*', port };
}
