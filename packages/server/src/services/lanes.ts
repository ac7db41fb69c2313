/** What the queue knows of a piece of work: whose it is, and what it costs. */
export interface Load {
  readonly pieces: number;
  /** In units of one transition. */
  readonly cost: number;
  /** Of the frames that wait, as they came. */
  readonly bytes: number;
}

export interface Queued {
  readonly lane: string;
  /** Whose connection brought it: what a gone one left is dropped. Null: nobody's, and it stays. */
  readonly source: object | null;
  readonly cost: number;
  readonly bytes: number;
  /** A part of much that nobody waits for, such as a whole state: news of other lanes come before it. */
  readonly isBulk?: boolean;
}

/** While bulk waits, at most so much of news is served before the next piece of it: a fleet that comes back gets on. */
export const NEWS_COST_MAX = 48;

/** A lane that is visited may spend this much more; what it does not spend is lost once the lane is empty. */
export const QUANTUM = 16;

interface Lane<T> {
  readonly name: string;
  readonly items: T[];
  deficit: number;
  /** True once the visit under way has been credited. */
  isCredited: boolean;
  /** The ring that it stands in: that of its first piece. Null: of none. */
  ring: Ring | null;
  load: Load;
}

type Ring = 'news' | 'bulk';

const EMPTY: Load = { pieces: 0, cost: 0, bytes: 0 };

/**
 * Lanes that take turns by cost (deficit round robin, Shreedhar and Varghese 1995). Within a lane first come, first
 * served. Between two visits to a lane every other lane of its ring spends at most QUANTUM and one piece. Lanes whose first
 * piece is news have a ring of their own, which waits for the bulk of others for one piece in NEWS_COST_MAX at most: a
 * thousand nodes that send their whole states at once do not hold up what is new of another.
 */
export class Lanes<T extends Queued> {
  readonly #lanes = new Map<string, Lane<T>>();
  /** Those that hold something, the one whose turn it is first. */
  readonly #rings: Readonly<Record<Ring, Lane<T>[]>> = { news: [], bulk: [] };
  /** What news cost since bulk was served last. */
  #newsCost = 0;
  #total: Load = EMPTY;

  get total(): Load {
    return this.#total;
  }

  load(lane: string): Load {
    return this.#lanes.get(lane)?.load ?? EMPTY;
  }

  push(item: T): void {
    const lane = this.#laneOf(item.lane);
    lane.items.push(item);
    this.#count(lane, item, 1);
    this.#place(lane);
  }

  /** Puts back what has begun, before everything else of its lane; `refund` is what it had paid for nothing. */
  pushFront(item: T, refund: number): void {
    const lane = this.#laneOf(item.lane);
    lane.items.unshift(item);
    this.#count(lane, item, 1);
    this.#place(lane);
    lane.deficit += refund;
  }

  /** The next in turn; null when nothing waits. */
  take(): T | null {
    const ring = this.#rings[this.#turn()];
    for (;;) {
      const [lane] = ring;
      if (!lane) return null;
      if (!lane.isCredited) {
        lane.deficit += QUANTUM;
        lane.isCredited = true;
      }
      const [item] = lane.items;
      if (item && item.cost <= lane.deficit) return this.#serve(lane, item);
      lane.isCredited = false;
      ring.push(...ring.splice(0, 1));
    }
  }

  #turn(): Ring {
    const { news, bulk } = this.#rings;
    return bulk.length > 0 && (news.length === 0 || this.#newsCost >= NEWS_COST_MAX) ? 'bulk' : 'news';
  }

  /** Takes out all that this connection brought. */
  drop(source: object): T[] {
    const dropped: T[] = [];
    for (const lane of [...this.#lanes.values()]) {
      const gone = lane.items.filter((item) => item.source === source);
      if (gone.length === 0) continue;
      lane.items.splice(0, lane.items.length, ...lane.items.filter((item) => item.source !== source));
      for (const item of gone) this.#count(lane, item, -1);
      dropped.push(...gone);
      this.#place(lane);
    }
    return dropped;
  }

  /** Takes out everything. */
  clear(): T[] {
    const all = [...this.#lanes.values()].flatMap((lane) => lane.items);
    this.#lanes.clear();
    for (const ring of Object.values(this.#rings)) ring.length = 0;
    this.#total = EMPTY;
    return all;
  }

  #serve(lane: Lane<T>, item: T): T {
    lane.items.shift();
    lane.deficit -= item.cost;
    this.#newsCost = item.isBulk ? 0 : this.#newsCost + item.cost;
    this.#count(lane, item, -1);
    this.#place(lane);
    return item;
  }

  /** Puts a lane where its first piece belongs; what it did not spend elsewhere is lost. */
  #place(lane: Lane<T>): void {
    const [first] = lane.items;
    const ring = first === undefined ? null : first.isBulk ? 'bulk' : 'news';
    if (ring === lane.ring) return;
    if (lane.ring !== null) this.#rings[lane.ring].splice(this.#rings[lane.ring].indexOf(lane), 1);
    lane.ring = ring;
    lane.deficit = 0;
    lane.isCredited = false;
    if (ring === null) this.#lanes.delete(lane.name);
    else this.#rings[ring].push(lane);
  }

  #laneOf(name: string): Lane<T> {
    const known = this.#lanes.get(name);
    if (known) return known;
    const lane: Lane<T> = { name, items: [], deficit: 0, isCredited: false, ring: null, load: EMPTY };
    this.#lanes.set(name, lane);
    return lane;
  }

  #count(lane: Lane<T>, { cost, bytes }: Queued, sign: 1 | -1): void {
    const add = (load: Load): Load => ({
      pieces: load.pieces + sign,
      cost: load.cost + sign * cost,
      bytes: load.bytes + sign * bytes,
    });
    lane.load = add(lane.load);
    this.#total = add(this.#total);
  }
}
