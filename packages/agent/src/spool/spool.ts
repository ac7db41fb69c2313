import type { RunEvent } from '@castellan/shared/model/run';
import type { Dropped, Numbered, Transition } from '@castellan/shared/protocol/messages';
import { type Clock, instant } from '../ports/clock.js';
import { StateProblem, type StateStore } from '../ports/state-store.js';
import { type SegmentLine, Segments } from './segments.js';

/** What is kept for a server that is away: some days of a restless node. */
export const SPOOL_RECORDS_MAX = 10_000;
export const SPOOL_BYTES_MAX = 16 * 1024 * 1024;
/** Dropping makes this much room at once, so that a full spool does not drop and tell at every record. */
const DROP_SHARE = 0.1;
/** Acknowledged lines stay in the files until the files are this many times what is alive. */
const DISK_SHARE_MAX = 2;

/** Each start adds to a file of its own; an agent that starts again and again must not leave more of them than this. */
export const SEGMENTS_MAX = 16;

export interface SpoolOptions {
  readonly store: StateStore;
  readonly clock: Clock;
  readonly bootId: string;
  readonly recordsMax?: number;
  readonly bytesMax?: number;
}

interface Entry {
  readonly record: Numbered;
  readonly bytes: number;
  isSent: boolean;
}

export interface SpoolHealth {
  readonly records: number;
  readonly bytes: number;
  readonly droppedTotal: number;
  /** Why the disk is not used, or null. */
  readonly degraded: string | null;
}

/** What was found amiss when the spool was opened, for the log. */
export interface SpoolOpening {
  readonly records: number;
  readonly damaged: number;
  readonly tornBytes: number;
}

/** Records in the order they were made, until they are acknowledged. Never throws for the disk. */
export class Spool {
  readonly #segments: Segments;
  readonly #recordsMax: number;
  readonly #bytesMax: number;
  #entries: Entry[] = [];
  /** Not on disk yet, because it refused: tried again at the next record. */
  #unwritten: SegmentLine[] = [];
  #bytes = 0;
  #seq = 0;
  #droppedTotal = 0;
  #degraded: string | null = null;

  constructor(private readonly options: SpoolOptions) {
    this.#segments = new Segments(options.store);
    this.#recordsMax = options.recordsMax ?? SPOOL_RECORDS_MAX;
    this.#bytesMax = options.bytesMax ?? SPOOL_BYTES_MAX;
  }

  open(): SpoolOpening {
    try {
      const { lines, damaged, tornBytes } = this.#segments.readAll();
      for (const line of lines) this.#replay(line);
      if (damaged > 0) this.#sayLost(damaged);
      else if (this.#segments.count > SEGMENTS_MAX) this.#compact();
      return { records: this.#entries.length, damaged, tornBytes };
    } catch (error) {
      this.#refused(error);
      return { records: 0, damaged: 0, tornBytes: 0 };
    }
  }

  /** Nobody can tell any more what the lines held, so the loss is told as what was dropped is. */
  #sayLost(count: number): void {
    const at = instant(this.options.clock);
    const times = this.#entries.map(({ record }) => instantOf(record)).sort();
    this.#droppedTotal += count;
    const report: Dropped = { type: 'dropped', ...this.#number(), count, from: times[0] ?? at, to: at };
    this.#remember(report);
    // Written anew without the damage, so that it is told once.
    this.#compact();
  }

  get bootId(): string {
    return this.options.bootId;
  }

  get health(): SpoolHealth {
    return {
      records: this.#entries.length,
      bytes: this.#bytes,
      droppedTotal: this.#droppedTotal,
      degraded: this.#degraded,
    };
  }

  addTransitions(changes: readonly Pick<Transition, 'previous' | 'verdict' | 'gone'>[]): void {
    const at = instant(this.options.clock);
    this.#add(
      changes.map(({ previous, verdict, gone }) => ({
        type: 'transition',
        ...this.#number(),
        at,
        previous,
        verdict,
        ...(gone ? { gone } : {}),
      })),
    );
  }

  addRunEvent(event: RunEvent): void {
    this.#add([{ type: 'run', ...this.#number(), event }]);
  }

  /** The next records to send, oldest first, so that at most `credit` are unacknowledged. They count as sent now. */
  takeUnsent(credit: number): Numbered[] {
    const underWay = this.#entries.filter((entry) => entry.isSent).length;
    const next = this.#entries.filter((entry) => !entry.isSent).slice(0, Math.max(0, credit - underWay));
    for (const entry of next) entry.isSent = true;
    return next.map((entry) => entry.record);
  }

  /** The connection was lost: everything that was not acknowledged is to be sent again. */
  rewind(): void {
    for (const entry of this.#entries) entry.isSent = false;
  }

  ack(bootId: string, upTo: number): void {
    // A record that was never sent is not acknowledged, whatever the number says; nor after a restart, so what is
    // written down is the last record that was.
    const isAcked = ({ record, isSent }: Entry) => isSent && record.bootId === bootId && record.seq <= upTo;
    const last = Math.max(0, ...this.#entries.filter(isAcked).map(({ record }) => record.seq));
    if (last === 0) return;
    this.#keep((entry) => !isAcked(entry));
    const acked = { type: 'acked', bootId, upTo: last } as const;
    // Twice: where one copy is damaged nothing that was acknowledged comes again. Before files go: a kill leaves some.
    this.#write([
      { ...acked, copy: 0 },
      { ...acked, copy: 1 },
    ]);
    if (this.#entries.length === 0) this.#compact();
  }

  #number(): { bootId: string; seq: number } {
    this.#seq += 1;
    return { bootId: this.options.bootId, seq: this.#seq };
  }

  #add(records: readonly Numbered[]): void {
    if (records.length === 0) return;
    for (const record of records) this.#remember(record);
    this.#write(records);
    if (this.#entries.length > this.#recordsMax || this.#bytes > this.#bytesMax) this.#makeRoom();
  }

  #remember(record: Numbered): void {
    const bytes = Buffer.byteLength(JSON.stringify(record)) + 1;
    this.#entries.push({ record, bytes, isSent: false });
    this.#bytes += bytes;
  }

  #replay(line: SegmentLine): void {
    if (line.type === 'acked')
      this.#keep(({ record }) => !(record.bootId === line.bootId && record.seq <= line.upTo));
    else if (line.type !== 'only') this.#remember(line);
  }

  #keep(stays: (entry: Entry) => boolean): void {
    this.#entries = this.#entries.filter(stays);
    this.#bytes = this.#entries.reduce((sum, entry) => sum + entry.bytes, 0);
  }

  /** The oldest transitions go first, then the oldest lines of runs; earlier unsent reports of loss are folded into one. */
  #makeRoom(): void {
    const recordsKept = Math.max(1, Math.floor(this.#recordsMax * (1 - DROP_SHARE)) - 1);
    const bytesKept = Math.floor(this.#bytesMax * (1 - DROP_SHARE));
    const folded = this.#entries.filter(({ record, isSent }) => record.type === 'dropped' && !isSent);
    const order = [
      ...this.#entries.filter(({ record }) => record.type === 'transition'),
      ...this.#entries.filter(({ record }) => record.type === 'run'),
    ];
    const victims = new Set<Entry>();
    let [records, bytes] = [this.#entries.length - folded.length, this.#bytes];
    for (const entry of order) {
      if (records <= recordsKept && bytes <= bytesKept) break;
      victims.add(entry);
      records -= 1;
      bytes -= entry.bytes;
    }
    if (victims.size === 0) return;
    const report = this.#report(
      [...victims],
      folded.map(({ record }) => record as Dropped),
    );
    this.#droppedTotal += victims.size;
    const gone = new Set([...victims, ...folded]);
    this.#keep((entry) => !gone.has(entry));
    this.#remember(report);
    this.#compact();
  }

  #report(victims: readonly Entry[], folded: readonly Dropped[]): Dropped {
    const instants = [
      ...victims.map(({ record }) => instantOf(record)),
      ...folded.flatMap(({ from, to }) => [from, to]),
    ].sort();
    const now = instant(this.options.clock);
    const count = victims.length + folded.reduce((sum, one) => sum + one.count, 0);
    return {
      type: 'dropped',
      ...this.#number(),
      count,
      from: instants[0] ?? now,
      to: instants.at(-1) ?? now,
    };
  }

  #write(lines: readonly SegmentLine[]): void {
    this.#unwritten.push(...lines);
    try {
      this.#segments.append(this.#unwritten);
      this.#unwritten = [];
      this.#degraded = null;
      if (this.#segments.bytes > DISK_SHARE_MAX * this.#bytesMax) this.#compact();
    } catch (error) {
      this.#refused(error);
    }
  }

  /** Writes what is alive as the only content. */
  #compact(): void {
    try {
      this.#segments.replaceAll(this.#entries.map((entry) => entry.record));
      this.#unwritten = [];
      this.#degraded = null;
    } catch (error) {
      this.#refused(error);
    }
  }

  #refused(error: unknown): void {
    if (!(error instanceof StateProblem)) throw error;
    this.#degraded = error.message;
    // What is kept for the disk is bounded as what is alive is: beyond that the next success writes what is alive.
    if (this.#unwritten.length > this.#recordsMax)
      this.#unwritten = this.#entries.map((entry) => entry.record);
  }
}

function instantOf(record: Numbered): string {
  return record.type === 'run' ? record.event.at : record.type === 'dropped' ? record.from : record.at;
}
