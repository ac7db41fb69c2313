import { dirname } from 'node:path';
import { casError } from '@castellan/shared/errors/cas-error';
import { type Clock, steady } from '../../ports/clock.js';
import type { Difference, Differences, WatchList } from '../../ports/differences.js';
import { type BatchBounds, batchesOf } from './batches.js';
import type { FarSession } from './far-session.js';
import { FAR_MS_MAX, notWhatWasAsked } from './look-store.js';

/** Names in one request, and what they may take. */
const BATCH: BatchBounds = { itemsMax: 5000, bytesMax: 512 * 1024 };
/** The far side's own limit. */
export const WATCHED_MAX = 200_000;
/** The node's clock may tell whole seconds, of a moment ago. */
const SINCE_MARGIN_MS = 2000;
/** Subversion's own files: what matters comes when they are renamed. */
const SKIP = ['.svn'];
/** The kernel's own files change without anybody's doing. */
const UNWATCHED = /^\/(?:proc|sys|dev)(?:\/|$)/;

/** The path, its names too, all below it. */
type Kind = 'p' | 'l' | 'w';

/** What the far side remembers of the node's files, and tells when it is another. */
export class FarDifferences implements Differences {
  #told = new Map<string, Kind>();
  /** When the oldest look began that was not followed yet, and the latest. */
  #since: number;
  #latest: number;

  constructor(
    private readonly session: FarSession,
    private readonly clock: Clock,
  ) {
    this.#since = this.#latest = steady(clock);
  }

  /** A look begins: what it sees may be another before it is watched. */
  looks(): void {
    this.#latest = steady(this.clock);
  }

  async follow(list: WatchList): Promise<Difference> {
    const [told, since] = [this.#told, this.#since];
    try {
      return await this.#follow(list);
    } catch (error) {
      // What of it arrived is not known: all of it is said again.
      this.#told = told;
      this.#since = since;
      throw error;
    }
  }

  async #follow(list: WatchList): Promise<Difference> {
    const next = kindsOf(list);
    const asked: [Kind | 'x', string][] = [];
    for (const [path, kind] of this.#told)
      if (!next.has(path) || (kind === 'w' && next.get(path) !== 'w')) asked.push(['x', path]);
    let isCut = next.size >= WATCHED_MAX;
    for (const [path, kind] of next) if (this.#told.get(path) !== kind) asked.push([kind, path]);
    const ago = (steady(this.clock) - this.#since + SINCE_MARGIN_MS) / 1000;
    this.#since = this.#latest;
    this.#told = next;
    const changed = new Set<string>();
    let watched = next.size;
    for (const batch of batchesOf(asked, BATCH, ([, path]) => Buffer.byteLength(path) + 9)) {
      const fields = [ago.toFixed(3), String(SKIP.length), ...SKIP, ...batch.flat()];
      const { paths, numbers } = await this.#asked('V', fields, 2);
      for (const path of paths) changed.add(path);
      watched = numbers[0] ?? watched;
      isCut ||= numbers[1] === 1;
    }
    return { changed, watched, isCut, treesCpuMs: 0 };
  }

  async ask(isWithTrees: boolean): Promise<Difference> {
    const { paths, numbers } = await this.#asked('D', [isWithTrees ? '1' : '0'], 4);
    const [watched = 0, isCut = 0, , treesCpuMs = 0] = numbers;
    return { changed: new Set(paths), watched, isCut: isCut === 1, treesCpuMs };
  }

  async #asked(
    kind: 'V' | 'D',
    fields: readonly string[],
    numbersWanted: number,
  ): Promise<{ readonly paths: readonly string[]; readonly numbers: readonly number[] }> {
    const answer = await this.session.request(kind, fields, FAR_MS_MAX);
    if (answer.kind === 'refused')
      throw casError('CAS_BESIDE_LOST', `what changed on the node could not be asked: ${answer.code}`);
    const numbers = answer.end.map((field) => field.toString('latin1'));
    if (numbers.length !== numbersWanted || !numbers.every((number) => /^\d{1,9}$/.test(number)))
      throw notWhatWasAsked();
    return { paths: answer.parts.map((part) => part.toString('utf8')), numbers: numbers.map(Number) };
  }
}

/** Every folder above is watched too: one that is exchanged has other things in it. The strongest kind counts. */
function kindsOf({ paths, listed, walked }: WatchList): Map<string, Kind> {
  const kinds = new Map<string, Kind>();
  const put = (path: string, kind: Kind) => {
    if (!path.startsWith('/') || UNWATCHED.test(path) || kinds.size >= WATCHED_MAX) return;
    kinds.set(path, kind);
    for (let at = dirname(path); !kinds.has(at); at = dirname(at)) kinds.set(at, 'p');
  };
  for (const path of paths) if (!kinds.has(path)) put(path, 'p');
  for (const path of listed) put(path, 'l');
  const trees = new Set(walked);
  const isBelowOther = (path: string) => {
    for (let at = path; at !== '/'; ) {
      at = dirname(at);
      if (trees.has(at)) return true;
    }
    return false;
  };
  for (const path of walked) if (!isBelowOther(path)) put(path, 'w');
  return kinds;
}
