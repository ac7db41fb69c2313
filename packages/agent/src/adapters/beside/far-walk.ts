import { isUtf8 } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FileStat, WalkEnd, WalkLimits, WalkVisitor } from '../../ports/files.js';
import { problemOfCode } from '../file-problems.js';
import { startOf } from '../tree-paths.js';
import { readStat } from './far-looks.js';
import type { FarSession } from './far-session.js';
import { FAR_MS_MAX, notWhatWasAsked } from './look-store.js';
import { unreached } from './snapshot-files.js';

/** Texts for one entry: `e` or `p`, the path below the start, its status or the problem. */
const FIELDS = 3;
/** Other work gets its turn after so many entries. */
const SLICE_ENTRIES = 2000;
/** Walks that are kept for collectors that work again, in bytes of this process. */
export const KEPT_BYTES_MAX = 128 * 1024 * 1024;
/** Of one entry, where kept bytes are counted: its path and its numbers. */
const ENTRY_BYTES = 300;
const ENTRY = 'e'.charCodeAt(0);
/** In place of the system's word, which is one of capitals. */
const NOT_UTF8 = 'not UTF-8';

/** What one walk saw, in its order: a status, or the system's word for why there is none. */
interface Seen {
  readonly path: string;
  readonly said: FileStat | string;
}

interface Walked {
  /** Null: the walk was refused, and this is why. */
  readonly refused: { readonly code: string; readonly at: string } | null;
  readonly seen: readonly Seen[];
  readonly entriesSeen: number;
  readonly isTruncated: boolean;
  /** What it was asked for. */
  readonly depthMax: number;
  readonly entriesMax: number;
}

/** Everything below a folder of the node. Within a look a walk is asked once. */
export class FarWalks {
  readonly #known = new Map<string, Walked>();
  #keptBytes = 0;

  constructor(private readonly session: FarSession) {}

  forget(): void {
    this.#known.clear();
    this.#keptBytes = 0;
  }

  async walk(path: string, visitor: WalkVisitor, limits: WalkLimits): Promise<WalkEnd> {
    const { refused, seen, entriesSeen, isTruncated } = await this.#ask(path, limits);
    limits.signal.throwIfAborted();
    if (refused) {
      const told = unreached<never>(path, { kind: 'problem', ...refused });
      if (!told.ok) visitor.problem(path, told.problem, told.detail);
      // What was exchanged in the middle was not seen to its end.
      return { entriesSeen: 0, isTruncated: refused.code === 'ESTALE' };
    }
    for (const [index, one] of seen.entries()) {
      tell(one, visitor);
      if (index % SLICE_ENTRIES !== SLICE_ENTRIES - 1) continue;
      await nextTurn();
      limits.signal.throwIfAborted();
    }
    return { entriesSeen, isTruncated };
  }

  async #ask(path: string, limits: WalkLimits): Promise<Walked> {
    const { entriesMax, depthMax, skipNames, signal } = limits;
    const key = [path, ...skipNames].join('\0');
    const known = this.#known.get(key);
    if (known && isSameWithin(known, limits)) return known;
    const answer = await this.session.request(
      'W',
      [path, String(entriesMax), String(depthMax), ...skipNames],
      FAR_MS_MAX,
    );
    const asked = { entriesMax, depthMax };
    if (answer.kind === 'refused') {
      const refused = { code: answer.code, at: answer.at.toString('utf8') };
      const walked = { refused, seen: [], entriesSeen: 0, isTruncated: false, ...asked };
      this.#known.set(key, walked);
      return walked;
    }
    const [count, isCut] = answer.end.map((field) => field.toString('latin1'));
    if (!/^\d{1,9}$/.test(count ?? '') || (isCut !== '0' && isCut !== '1')) throw notWhatWasAsked();
    const { seen, unnamed } = await readSeen(answer.parts, startOf(path), signal);
    const entriesSeen = Number(count) - unnamed;
    const walked = { refused: null, seen, entriesSeen, isTruncated: isCut === '1', ...asked };
    const bytes = seen.length * ENTRY_BYTES;
    if (this.#keptBytes + bytes <= KEPT_BYTES_MAX) {
      this.#known.set(key, walked);
      this.#keptBytes += bytes;
    }
    return walked;
  }
}

/** Whether a walk within other limits would see the same. */
function isSameWithin(
  { entriesMax, depthMax, isTruncated, refused, entriesSeen }: Walked,
  limits: WalkLimits,
): boolean {
  if (refused || (limits.entriesMax === entriesMax && limits.depthMax === depthMax)) return true;
  return !isTruncated && limits.depthMax >= depthMax && limits.entriesMax >= entriesSeen;
}

function tell({ path, said }: Seen, visitor: WalkVisitor): void {
  if (typeof said !== 'string') {
    const end = path.lastIndexOf('/');
    return visitor.entry(path.slice(0, end), path.slice(end + 1), said);
  }
  if (said === NOT_UTF8) return visitor.problem(path, 'failed', `${path}: the name is not UTF-8`);
  const told = problemOfCode<never>(said, path || '/');
  if (!told.ok) visitor.problem(path || '/', told.problem, told.detail);
}

/** `unnamed`: how many entries could not be told, for their names are not UTF-8. */
async function readSeen(
  parts: readonly Buffer[],
  start: string,
  signal: AbortSignal,
): Promise<{ readonly seen: readonly Seen[]; readonly unnamed: number }> {
  const seen: Seen[] = [];
  let count = 0;
  /** A folder whose name is not UTF-8, with a slash: what is below cannot be named either. */
  let unnamed: Buffer | null = null;
  for (let at = 0; at < parts.length; at += FIELDS) {
    const [kind, below, said] = [parts[at], parts[at + 1], parts[at + 2]];
    if (!kind || !below || !said) throw notWhatWasAsked();
    const isEntry = kind[0] === ENTRY;
    const isBelow = unnamed?.equals(below.subarray(0, unnamed.length)) === true;
    if (isBelow && isEntry) count += 1;
    if (isBelow) continue;
    const path = `${start}${below.toString('utf8')}`;
    if (!isUtf8(below)) {
      if (isEntry) count += 1;
      unnamed = Buffer.concat([below, Buffer.from('/')]);
      seen.push({ path, said: NOT_UTF8 });
    } else if (isEntry) {
      const stat = readStat(said);
      if (!stat) throw notWhatWasAsked();
      seen.push({ path, said: stat });
    } else seen.push({ path, said: said.toString('latin1').slice(0, 32) });
    if ((at / FIELDS) % SLICE_ENTRIES === SLICE_ENTRIES - 1) {
      await nextTurn();
      signal.throwIfAborted();
    }
  }
  return { seen, unnamed: count };
}
