import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WalkEnd, WalkLimits, WalkVisitor } from '../../ports/files.js';
import { problemOfCode } from '../file-problems.js';
import { readStat } from './far-looks.js';
import type { FarAnswer, FarSession } from './far-session.js';
import { FAR_MS_MAX, notWhatWasAsked } from './look-store.js';
import { unreached } from './snapshot-files.js';

/** Texts for one entry: `e` or `p`, the path below the start, its status or the problem. */
const FIELDS = 3;
/** Other work gets its turn after so many entries. */
const SLICE_ENTRIES = 2000;
/** Walks that are kept for collectors that work again, in bytes of what the node told. */
export const KEPT_BYTES_MAX = 64 * 1024 * 1024;
/** Of one entry, where kept bytes are counted: its numbers and the lengths. */
const ENTRY_BYTES = 100;

/** Everything below a folder of the node. Within a look a walk is asked once. */
export class FarWalks {
  readonly #known = new Map<string, FarAnswer>();
  #keptBytes = 0;

  constructor(private readonly session: FarSession) {}

  forget(): void {
    this.#known.clear();
    this.#keptBytes = 0;
  }

  async walk(path: string, visitor: WalkVisitor, limits: WalkLimits): Promise<WalkEnd> {
    const answer = await this.#ask(path, limits);
    limits.signal.throwIfAborted();
    if (answer.kind === 'refused') {
      const told = unreached<never>(path, {
        kind: 'problem',
        code: answer.code,
        at: answer.at.toString('utf8'),
      });
      if (!told.ok) visitor.problem(path, told.problem, told.detail);
      // What was exchanged in the middle was not seen to its end.
      return { entriesSeen: 0, isTruncated: answer.code === 'ESTALE' };
    }
    const unnamed = await tell(
      answer.parts,
      path === '/' ? '' : path.replace(/\/+$/, ''),
      visitor,
      limits.signal,
    );
    const [seen, isCut] = answer.end.map((field) => field.toString('latin1'));
    if (!/^\d{1,9}$/.test(seen ?? '') || (isCut !== '0' && isCut !== '1')) throw notWhatWasAsked();
    return { entriesSeen: Number(seen) - unnamed, isTruncated: isCut === '1' };
  }

  async #ask(path: string, { entriesMax, depthMax, skipNames }: WalkLimits): Promise<FarAnswer> {
    const fields = [path, String(entriesMax), String(depthMax), ...skipNames];
    const key = fields.join('\0');
    const known = this.#known.get(key);
    if (known) return known;
    const answer = await this.session.request('W', fields, FAR_MS_MAX);
    const bytes = answer.kind === 'answered' ? (answer.parts.length / FIELDS) * ENTRY_BYTES : 0;
    if (this.#keptBytes + bytes <= KEPT_BYTES_MAX) {
      this.#known.set(key, answer);
      this.#keptBytes += bytes;
    }
    return answer;
  }
}

/** Gives how many entries could not be told, for their names are not UTF-8. */
async function tell(
  parts: readonly Buffer[],
  start: string,
  visitor: WalkVisitor,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  /** A folder whose name is not UTF-8, with a slash: what is below cannot be named either. */
  let unnamed: Buffer | null = null;
  for (let at = 0; at < parts.length; at += FIELDS) {
    const [kind, below, said] = parts.slice(at, at + FIELDS);
    if (!kind || !below || !said) throw notWhatWasAsked();
    const isEntry = kind.toString('latin1') === 'e';
    const isBelow = unnamed?.equals(below.subarray(0, unnamed.length)) === true;
    if (isBelow && isEntry) count += 1;
    if (isBelow) continue;
    const path = `${start}${below.toString('utf8')}`;
    if (!Buffer.from(path.slice(start.length)).equals(below)) {
      if (isEntry) count += 1;
      unnamed = Buffer.concat([below, Buffer.from('/')]);
      visitor.problem(path, 'failed', `${path}: the name is not UTF-8`);
    } else if (isEntry) {
      const stat = readStat(said);
      if (!stat) throw notWhatWasAsked();
      visitor.entry(path, stat);
    } else {
      const told = problemOfCode<never>(said.toString('latin1').slice(0, 32), path || '/');
      if (!told.ok) visitor.problem(path || '/', told.problem, told.detail);
    }
    if ((at / FIELDS) % SLICE_ENTRIES === SLICE_ENTRIES - 1) {
      await nextTurn();
      signal.throwIfAborted();
    }
  }
  return count;
}
