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
}

/** A lane that is visited may spend this much more; what it does not spend is lost once the lane is empty. */
export const QUANTUM = 16;

interface Lane<T> {
  readonly name: string;
  readonly items: T[];
  deficit: number;
  /** True once the visit under way has been credited. */
  isCredited: boolean;
  load: Load;
}

const EMPTY: Load = { pieces: 0, cost: 0, bytes: 0 };

/**
 * Lanes that take turns by cost (deficit round robin, Shreedhar and Varghese 1995). Within a lane first come, first
 * served. Between two visits to a lane every other lane spends at most QUANTUM and one piece.
 */
export class Lanes<T extends Queued> {
  readonly #lanes = new Map<string, Lane<T>>();
  /** Those that hold something, the one whose turn it is first. */
  readonly #ring: Lane<T>[] = [];
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
  }

  /** Puts back what has begun, before everything else of its lane; `refund` is what it had paid for nothing. */
  pushFront(item: T, refund: number): void {
    const lane = this.#laneOf(item.lane);
    lane.items.unshift(item);
    lane.deficit += refund;
    this.#count(lane, item, 1);
  }

  /** The next in turn; null when nothing waits. */
  take(): T | null {
    for (;;) {
      const [lane] = this.#ring;
      if (!lane) return null;
      if (!lane.isCredited) {
        lane.deficit += QUANTUM;
        lane.isCredited = true;
      }
      const [item] = lane.items;
      if (item && item.cost <= lane.deficit) return this.#serve(lane, item);
      lane.isCredited = false;
      this.#ring.push(...this.#ring.splice(0, 1));
    }
  }

  /** Takes out all that this connection brought. */
  drop(source: object): T[] {
    const dropped: T[] = [];
    for (const lane of [...this.#ring]) {
      const gone = lane.items.filter((item) => item.source === source);
      if (gone.length === 0) continue;
      lane.items.splice(0, lane.items.length, ...lane.items.filter((item) => item.source !== source));
      for (const item of gone) this.#count(lane, item, -1);
      dropped.push(...gone);
      if (lane.items.length === 0) this.#leave(lane);
    }
    return dropped;
  }

  /** Takes out everything. */
  clear(): T[] {
    const all = [...this.#lanes.values()].flatMap((lane) => lane.items);
    this.#lanes.clear();
    this.#ring.length = 0;
    this.#total = EMPTY;
    return all;
  }

  #serve(lane: Lane<T>, item: T): T {
    lane.items.shift();
    lane.deficit -= item.cost;
    this.#count(lane, item, -1);
    if (lane.items.length === 0) this.#leave(lane);
    return item;
  }

  #leave(lane: Lane<T>): void {
    this.#ring.splice(this.#ring.indexOf(lane), 1);
    this.#lanes.delete(lane.name);
  }

  #laneOf(name: string): Lane<T> {
    const known = this.#lanes.get(name);
    if (known) return known;
    const lane: Lane<T> = { name, items: [], deficit: 0, isCredited: false, load: EMPTY };
    this.#lanes.set(name, lane);
    this.#ring.push(lane);
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
