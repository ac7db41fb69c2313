import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type FileKind,
  LIST_NAMES_MAX,
  type WalkEnd,
  type WalkedStat,
  type WalkLimits,
  type WalkVisitor,
} from '../../ports/files.js';
import { byCodeUnit } from './names.js';

/** Of each entry its name and a word on it, each ended by NUL: how deep it stands, kind, mode, user, group; of a folder also which it is. */
const WORD = '%d %y %m %U %G';
const [ENTRY, FOLDER] = [`%f\\0${WORD}\\0`, `%f\\0${WORD} %D %i\\0`];
const WORD_READ = /^(\d+) ([fdlspbcD]) ([0-7]{1,4}) (\d+) (\d+)(?: (\d+) (\d+))?$/;
const KINDS: Readonly<Record<string, FileKind>> = { f: 'file', d: 'directory', l: 'symlink', s: 'socket' };

/** Of a name and its word, with room: names have 255 bytes, numbers 20 digits. */
const RECORD_MAX = 1024;
/** Other work gets its turn after this long. */
const SLICE_MS = 10;

interface Found {
  readonly name: string;
  readonly stat: WalkedStat;
  /** Null: no folder. */
  readonly below: Found[] | null;
}

interface Word {
  readonly depth: number;
  readonly stat: WalkedStat;
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

/** What find says of a folder with `findArguments`, put in the order of a walk. */
export class FoundTree {
  entriesSeen = 0;
  readonly #top: Found[] = [];
  /** What is in each of the folders that find is in. */
  readonly #levels: Found[][] = [this.#top];
  readonly #words = new Map<string, Word>();
  #rest = '';

  constructor(private readonly limits: Omit<WalkLimits, 'signal'>) {}

  /** False: it is not understood, or so much that a walk would end at a limit. */
  take(bytes: Buffer): boolean {
    const texts = (this.#rest + bytes.toString('latin1')).split('\0');
    const whole = texts.length - 1 - ((texts.length - 1) % 2);
    this.#rest = texts.splice(whole).join('\0');
    return this.#rest.length <= RECORD_MAX && this.#addAll(texts);
  }

  /** `texts`: names and their words in turn. */
  #addAll(texts: readonly string[]): boolean {
    for (let index = 0; index < texts.length; index += 2)
      if (!this.#add(texts[index] ?? '', texts[index + 1] ?? '')) return false;
    return true;
  }

  /** Everything came that find had to say. */
  get isWhole(): boolean {
    return this.#rest === '';
  }

  #add(nameBytes: string, said: string): boolean {
    const word = this.#words.get(said) ?? this.#read(said);
    const name = nameOf(nameBytes);
    const folder = word && this.#levels[word.depth - 1];
    if (!folder || name === null) return false;
    this.entriesSeen += 1;
    this.#leaveTo(word.depth);
    const below = word.stat.kind === 'directory' ? [] : null;
    folder.push({ name, stat: word.stat, below });
    if (below) this.#levels.push(below);
    return this.entriesSeen <= this.limits.entriesMax && folder.length <= LIST_NAMES_MAX;
  }

  #read(said: string): Word | null {
    const [, depth, letter = '', mode = '', uid, gid, dev, ino] = WORD_READ.exec(said) ?? [];
    if (depth === undefined || (letter === 'd') !== (ino !== undefined)) return null;
    const access = { uid: Number(uid), gid: Number(gid), mode: Number.parseInt(mode, 8) };
    const kind = KINDS[letter] ?? 'other';
    if (kind === 'directory')
      return { depth: Number(depth), stat: { kind, ...access, dev: Number(dev), ino: Number(ino) } };
    const word = { depth: Number(depth), stat: { kind, ...access } };
    this.#words.set(said, word);
    return word;
  }

  /** Find does not come back to a folder that it has left: its names are all there. */
  #leaveTo(depth: number): void {
    for (let level = this.#levels.length - 1; level >= depth; level -= 1) inOrder(this.#levels.pop() ?? []);
  }

  /** Tells a visitor what a walk of `start` would. To be called once, after all was taken. */
  async tell(start: string, visitor: WalkVisitor, signal: AbortSignal): Promise<WalkEnd> {
    this.#leaveTo(0);
    let isTruncated = false;
    let sliceEnd = performance.now() + SLICE_MS;
    const levels = [{ path: start, found: this.#top, next: 0 }];
    for (let level = levels.at(-1); level; level = levels.at(-1)) {
      const entry = level.found[level.next];
      level.next += 1;
      if (!entry) {
        levels.pop();
        if (performance.now() < sliceEnd) continue;
        await nextTurn();
        signal.throwIfAborted();
        sliceEnd = performance.now() + SLICE_MS;
        continue;
      }
      visitor.entry(level.path, entry.name, entry.stat);
      if (!entry.below) continue;
      if (levels.length >= this.limits.depthMax) isTruncated = true;
      else levels.push({ path: `${level.path}/${entry.name}`, found: entry.below, next: 0 });
    }
    return { entriesSeen: this.entriesSeen, isTruncated };
  }
}

function inOrder(found: Found[]): void {
  if (found.length > 1) found.sort((a, b) => byCodeUnit(a.name, b.name));
}

/** Null: it is not UTF-8. */
function nameOf(bytes: string): string | null {
  if (!/[^\0-\x7f]/.test(bytes)) return bytes;
  const name = Buffer.from(bytes, 'latin1');
  return isUtf8(name) ? name.toString('utf8') : null;
}
