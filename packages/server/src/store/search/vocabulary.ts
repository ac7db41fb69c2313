import { setImmediate } from 'node:timers/promises';
import { wordsOf } from '@castellan/shared/search/words';
import type { Knex } from 'knex';
import type { Words } from './source.js';

/** Words that are looked through in one turn of the event loop. */
export const PART_WORDS = 5_000;
/** Words that are kept, about 100 bytes each; of more none is, and each search reads them from the store. */
export const KEPT_MAX = 500_000;
/** Words that are read by one statement. */
const PAGE_WORDS = 500;
/** Rows whose words are taken in by one turn: a finding has some kilobytes. */
const PAGE_ROWS = 50;
/** So many words more than were read from the index: those that went from it are forgotten by reading it anew. */
const GROWN_MAX = 20_000;

/** Where the words of an index come from, and what has come to it since. */
export interface VocabularySource {
  /** The vocabulary's table; it has each word as `term`. */
  readonly vocabulary: string;
  /** One row: `newest`, the number of the last change, and `oldest`, of the first that is still known. Null: none yet. */
  readonly numbers: string;
  /** Changes after a number, by number, at most so many: `n`, and the `text` whose words may be new. Two values. */
  readonly changes: string;
}

/**
 * The words of one index. The index tells them by a walk through all of it, which takes a quarter of a second of a hundred
 * thousand findings: so they are read once, and from then on each search takes in what has changed since. A word that is
 * no longer in the index does no harm: nothing is found by it.
 */
export class Vocabulary implements Words {
  #words: Set<string> | null = null;
  #at = 0;
  #readCount = 0;
  #isTooLarge = false;
  /** One after the other: whoever comes meanwhile has what came before them. */
  #following: Promise<void> = Promise.resolve();

  /** `db` reads what is committed: what a transaction may take back must not count as known. */
  constructor(
    private readonly db: Knex,
    private readonly source: VocabularySource,
    private readonly keptMax = KEPT_MAX,
  ) {}

  /** Takes in what has changed; reads all at the first time. */
  follow(): Promise<void> {
    const followed = this.#following.then(() => this.#follow());
    // Whoever asked hears of its failure; the next one tries again.
    this.#following = followed.catch(() => undefined);
    return followed;
  }

  async *parts(): AsyncGenerator<readonly string[]> {
    await this.follow();
    if (this.#words === null) return yield* this.#pages();
    let part: string[] = [];
    for (const word of this.#words) {
      part.push(word);
      if (part.length < PART_WORDS) continue;
      yield part;
      part = [];
      await setImmediate();
    }
    yield part;
  }

  async #follow(): Promise<void> {
    if (this.#isTooLarge) return;
    const { newest, oldest } = await this.#numbers();
    const hasGap = oldest > this.#at + 1 || newest < this.#at;
    const hasGrown = (this.#words?.size ?? 0) > this.#readCount + GROWN_MAX;
    if (this.#words === null || hasGap || hasGrown) await this.#readAll(newest);
    for (let isMore = newest > this.#at; isMore; ) isMore = await this.#takeSome();
  }

  async #numbers(): Promise<{ readonly newest: number; readonly oldest: number }> {
    const [row] = (await this.db.raw(this.source.numbers)) as Record<'newest' | 'oldest', number | null>[];
    return { newest: row?.newest ?? 0, oldest: row?.oldest ?? 0 };
  }

  async #readAll(newest: number): Promise<void> {
    const words = new Set<string>();
    for await (const page of this.#pages()) {
      for (const word of page) words.add(word);
      if (words.size > this.keptMax) {
        this.#isTooLarge = true;
        this.#words = null;
        return;
      }
    }
    this.#words = words;
    this.#readCount = words.size;
    this.#at = newest;
  }

  /** True: there may be more. */
  async #takeSome(): Promise<boolean> {
    const rows = (await this.db.raw(this.source.changes, [this.#at, PAGE_ROWS])) as {
      readonly n: number;
      readonly text: string | null;
    }[];
    for (const { n, text } of rows) {
      for (const word of wordsOf(text ?? '')) this.#words?.add(word);
      this.#at = n;
    }
    return rows.length === PAGE_ROWS;
  }

  async *#pages(): AsyncGenerator<readonly string[]> {
    for (let after = ''; ; ) {
      const rows = await this.db<{ term: string }>(this.source.vocabulary)
        .select('term')
        .where('term', '>', after)
        .orderBy('term')
        .limit(PAGE_WORDS);
      const words = rows.map(({ term }) => term);
      const last = words[words.length - 1];
      if (last === undefined) return;
      yield words;
      after = last;
    }
  }
}
