import type { AlertMessage } from '../domain/alert/message.js';
import { type Outcome, RETRY_DELAY_MS_MAX } from '../domain/delivery/schedule.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { DeliveryRecord } from '../store/delivery.repository.js';
import type { Store } from '../store/store.js';
import type { TargetRecord } from '../store/target.repository.js';
import { ATTEMPT_MS_MAX } from './channel.js';

/**
 * The most attempts under way at once, over all targets and for one. A target that hangs holds its own places only, and
 * one place each target has whoever else hangs: there are never more than IN_FLIGHT_MAX and one for each target.
 */
export const IN_FLIGHT_MAX = 64;
export const IN_FLIGHT_OF_TARGET_MAX = 8;
/** Longer than any attempt: a lease that ends while we still try would make a second page. */
const LEASE_MS = ATTEMPT_MS_MAX + 15_000;
const LATEST = { delayMs: RETRY_DELAY_MS_MAX, leaseMs: LEASE_MS };
/** Deliveries that are read at once. */
export const LOOK_MAX = 512;
/** At the stop, attempts under way have this long to end; then they are broken off and tried again later. */
const STOP_MS_MAX = 1_000;

export interface OutboxDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Queues what targets are to be told of alerts that changed; how many it decided on. */
  readonly decideDue: () => Promise<number>;
  /** What an attempt is to say; null: nothing that is true any more, and the delivery was dropped. */
  readonly prepare: (delivery: DeliveryRecord) => Promise<Prepared | null>;
  readonly send: (delivery: DeliveryRecord, prepared: Prepared, signal: AbortSignal) => Promise<Outcome>;
  readonly settle: (delivery: DeliveryRecord, prepared: Prepared, outcome: Outcome) => Promise<void>;
  /** After what became of a delivery is stored. */
  readonly settled: (delivery: DeliveryRecord) => void;
}

export interface Prepared {
  readonly target: TargetRecord;
  readonly message: AlertMessage;
}

/** Sends what is due. `wake` may be called as often as one likes; `stop` waits for what is under way. */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #inFlight = new Map<string, { targetId: string; done: Promise<void> }>();
  #timer: NodeJS.Timeout | null = null;
  #pass: Promise<void> | null = null;
  #isWanted = false;
  #isStopped = false;
  readonly #abort = new AbortController();

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  wake(): void {
    if (this.#isStopped) return;
    this.#isWanted = true;
    this.#pass ??= this.#passes();
  }

  /** Something is being decided or sent. */
  get isBusy(): boolean {
    return this.#pass !== null || this.#inFlight.size > 0;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#pass) await this.#pass;
    const breakOff = setTimeout(() => this.#abort.abort(), STOP_MS_MAX);
    await Promise.all([...this.#inFlight.values()].map((flight) => flight.done));
    clearTimeout(breakOff);
  }

  /** Whoever wakes during a pass has another: `#isWanted` is last inspected in the turn of the loop that ends it. */
  async #passes(): Promise<void> {
    try {
      while (this.#isWanted && !this.#isStopped) {
        this.#isWanted = false;
        await this.#decideDue();
        await this.#startDue();
        await this.#sleepUntilDue();
      }
    } catch (cause) {
      this.#deps.log.error({ event: 'outbox.failed', err: cause }, 'the outbox could not read its work');
      this.#wakeIn(5_000);
    }
    this.#pass = null;
  }

  async #decideDue(): Promise<void> {
    while (!this.#isStopped && (await this.#deps.decideDue()) > 0);
  }

  /** Looks again while it finds something: what waits for a target without a free place must not hide the others. */
  async #startDue(): Promise<void> {
    while (!this.#isStopped && (await this.#startSome()) > 0);
  }

  async #startSome(): Promise<number> {
    const { store, clock } = this.#deps;
    const now = clock.now();
    let started = 0;
    for (const delivery of await store.read.deliveries.due(now, LOOK_MAX, this.#fullTargets(), LATEST)) {
      if (this.#inFlight.has(delivery.id) || !this.#hasPlace(delivery.targetId)) continue;
      if (!(await store.write.deliveries.claim(delivery.id, now, LEASE_MS))) continue;
      const done = this.#deliver(delivery).finally(() => {
        this.#inFlight.delete(delivery.id);
        this.wake();
      });
      this.#inFlight.set(delivery.id, { targetId: delivery.targetId, done });
      started += 1;
    }
    return started;
  }

  #fullTargets(): string[] {
    const busy = new Set([...this.#inFlight.values()].map((flight) => flight.targetId));
    return [...busy].filter((targetId) => !this.#hasPlace(targetId));
  }

  #hasPlace(targetId: string): boolean {
    const places = this.#inFlight.size < IN_FLIGHT_MAX ? IN_FLIGHT_OF_TARGET_MAX : 1;
    return this.#countOf(targetId) < places;
  }

  #countOf(targetId: string): number {
    return [...this.#inFlight.values()].filter((flight) => flight.targetId === targetId).length;
  }

  async #sleepUntilDue(): Promise<void> {
    // What has no free place is started when a place becomes free: every end of an attempt wakes.
    const { deliveries, notifications } = this.#deps.store.read;
    const instants = [await deliveries.nextDueAt(this.#fullTargets()), await notifications.nextAt()];
    const at = Math.min(...instants.map((instant) => instant ?? Number.POSITIVE_INFINITY));
    if (at !== Number.POSITIVE_INFINITY && !this.#isStopped)
      this.#wakeIn(Math.max(50, Math.min(at - this.#deps.clock.now(), 60_000)));
  }

  #wakeIn(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), ms);
    this.#timer.unref();
  }

  async #deliver(delivery: DeliveryRecord): Promise<void> {
    const { store, log, prepare, settle, settled } = this.#deps;
    try {
      const prepared = await prepare(delivery);
      if (prepared) await settle(delivery, prepared, await this.#send(delivery, prepared));
      const ended = await store.read.deliveries.get(delivery.id);
      if (ended) settled(ended);
    } catch (cause) {
      // The lease ends by itself and the delivery is tried again.
      log.error(
        { event: 'outbox.delivery', deliveryId: delivery.id, err: cause },
        'a delivery could not be carried out',
      );
    }
  }

  async #send(delivery: DeliveryRecord, prepared: Prepared): Promise<Outcome> {
    const outcome = await this.#deps.send(delivery, prepared, this.#abort.signal);
    const { kind, status, ms } = outcome;
    const { id, targetId, type, reason } = delivery;
    this.#deps.log.info(
      { event: 'outbox.attempt', deliveryId: id, targetId, type, reason, kind, status, ms },
      'a message was tried',
    );
    return outcome;
  }
}
