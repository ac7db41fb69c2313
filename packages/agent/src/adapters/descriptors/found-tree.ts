import { isUtf8 } from 'node:buffer';
import { type FileKind, LIST_NAMES_MAX, type WalkedStat, type WalkLimits } from '../../ports/files.js';
import { type WalkedEntry, WalkedFolder } from '../../ports/walked-folder.js';
import { byCodeUnit } from './names.js';

/** Of each entry its name and a word on it, each ended by NUL: how deep it stands, kind, mode, user, group; of a folder also which it is. */
const WORD = '%d %y %m %U %G';
const [ENTRY, FOLDER] = [`%f\\0${WORD}\\0`, `%f\\0${WORD} %D %i\\0`];
const WORD_READ = /^(\d+) ([fdlspbcD]) ([0-7]{1,4}) (\d+) (\d+)(?: (\d+) (\d+))?\0$/;
const KINDS: Readonly<Record<string, FileKind>> = { f: 'file', d: 'directory', l: 'symlink', s: 'socket' };

/** Of a name and its word, with room: names have 255 bytes, numbers 20 digits. */
const RECORD_MAX = 1024;

/** What is below a folder, and how many entries that are. */
export interface Found {
  readonly top: WalkedFolder;
  readonly size: number;
}

interface Word {
  /** With the NUL behind it. */
  readonly said: string;
  readonly depth: number;
  readonly stat: WalkedStat;
  /** Of all that are no folders. */
  readonly entry: WalkedEntry | null;
}

/** A folder that find is in, with what came of it in the order in which it came. */
interface Level {
  readonly folder: WalkedFolder;
  readonly found: { readonly name: string; readonly entry: WalkedEntry }[];
}

/** The arguments of GNU find(1), which goes into each folder by its name alone, and follows no link. */
export function findArguments({ depthMax, skipNames }: Omit<WalkLimits, 'signal'>): string[] {
  const skipped = skipNames.flatMap((name) => ['-name', literally(name), '-prune', '-o']);
  const limits = ['-mindepth', '1', '-maxdepth', `${depthMax}`, '-ignore_readdir_race'];
  return ['.', ...limits, ...skipped, '-type', 'd', '-printf', FOLDER, '-o', '-printf', ENTRY];
}

function literally(name: string): string {
  return name.replace(/[\\*?[\]]/g, '\\$&');
}

/** What find says of a folder with `findArguments`, as a walk within the same limits would see it. */
export class FoundTree {
  readonly #top = new WalkedFolder();
  readonly #levels: Level[] = [{ folder: this.#top, found: [] }];
  readonly #words = new Map<string, Word>();
  #last: Word | null = null;
  #size = 0;
  #rest = '';

  constructor(private readonly limits: Omit<WalkLimits, 'signal'>) {}

  /** False: it is not understood, or so much that a walk would end at a limit. */
  take(bytes: Buffer): boolean {
    const text = this.#rest + bytes.toString('latin1');
    const end = this.#addAll(text);
    this.#rest = text.slice(end ?? 0);
    return end !== null && this.#rest.length <= RECORD_MAX;
  }

  /** All that was taken; null: something is missing at its end. */
  end(): Found | null {
    const isUnderstood = this.#leaveTo(0);
    return isUnderstood && this.#rest === '' ? { top: this.#top, size: this.#size } : null;
  }

  /** Where the first entry begins that is not all there; null: something is not understood. */
  #addAll(text: string): number | null {
    for (let start = 0; ; ) {
      const nameEnd = text.indexOf('\0', start);
      const saidEnd = nameEnd < 0 ? -1 : text.indexOf('\0', nameEnd + 1);
      if (saidEnd < 0) return start;
      const word = this.#wordAt(text, nameEnd + 1, saidEnd + 1);
      if (!word || !this.#add(text.slice(start, nameEnd), word)) return null;
      start = saidEnd + 1;
    }
  }

  /** Nearly always what was said of the one before. */
  #wordAt(text: string, start: number, end: number): Word | null {
    if (this.#last && text.startsWith(this.#last.said, start)) return this.#last;
    const said = text.slice(start, end);
    const word = this.#words.get(said) ?? wordOf(said);
    if (!word?.entry) return word;
    this.#words.set(said, word);
    this.#last = word;
    return word;
  }

  #add(nameBytes: string, { depth, stat, entry }: Word): boolean {
    const name = nameOf(nameBytes);
    const level = this.#levels[depth - 1];
    if (!level || name === null) return false;
    if (depth < this.#levels.length && !this.#leaveTo(depth)) return false;
    this.#size += 1;
    if (entry) level.found.push({ name, entry });
    else {
      const folder = new WalkedFolder();
      level.found.push({ name, entry: { stat, below: folder } });
      this.#levels.push({ folder, found: [] });
    }
    const isAtLimit = entry === null && depth >= this.limits.depthMax;
    return !isAtLimit && this.#size <= this.limits.entriesMax && level.found.length <= LIST_NAMES_MAX;
  }

  /** Find does not come back to a folder that it has left: its names are all there. False: one of them twice. */
  #leaveTo(depth: number): boolean {
    for (const { folder, found } of this.#levels.splice(depth).reverse()) {
      found.sort((a, b) => byCodeUnit(a.name, b.name));
      for (const { name, entry } of found) if (!folder.push(name, entry)) return false;
    }
    return true;
  }
}

/** Null: it is none. */
function wordOf(said: string): Word | null {
  const [, depth, letter = '', bits = '', user, group, dev, ino] = WORD_READ.exec(said) ?? [];
  if (depth === undefined || (letter === 'd') !== (ino !== undefined)) return null;
  const [uid, gid, mode] = [Number(user), Number(group), Number.parseInt(bits, 8)];
  const kind = KINDS[letter] ?? 'other';
  if (kind === 'directory') {
    const stat = { kind, uid, gid, mode, dev: Number(dev), ino: Number(ino) };
    return { said, depth: Number(depth), stat, entry: null };
  }
  const stat = { kind, uid, gid, mode };
  return { said, depth: Number(depth), stat, entry: { stat, below: null } };
}

/** Null: it is not UTF-8. */
function nameOf(bytes: string): string | null {
  if (!/[^\0-\x7f]/.test(bytes)) return bytes;
  const name = Buffer.from(bytes, 'latin1');
  return isUtf8(name) ? name.toString('utf8') : null;
}
