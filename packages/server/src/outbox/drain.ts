import { isWorse } from '@castellan/shared/model/severity';
import { decideTurn } from '../domain/delivery/decide.js';
import {
  type FailedOutcome,
  RETRY_DELAY_MS_MAX,
  RETRY_WINDOW_MS,
  retryDelayMs,
} from '../domain/delivery/schedule.js';
import type { Log } from '../ports/log.js';
import type { Random } from '../ports/random.js';
import type { DeliveryRecord } from '../store/delivery.repository.js';
import type { FindingRecord } from '../store/finding.repository.js';
import type { Store } from '../store/store.js';
import type { TargetRecord } from '../store/target.repository.js';
import { alertBody } from './channels/webhook/message.js';
import { ATTEMPT_MS_MAX, sendWebhook, type WebhookDeps } from './channels/webhook/send.js';

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

export interface OutboxDeps extends WebhookDeps {
  readonly store: Store;
  readonly random: Random;
  readonly log: Log;
  readonly consoleUrl: () => string;
  /** After what became of a delivery is stored. */
  readonly settled: (delivery: DeliveryRecord) => void;
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
    this.#deps = { ...deps, signal: this.#abort.signal };
  }

  wake(): void {
    if (this.#isStopped) return;
    this.#isWanted = true;
    this.#pass ??= this.#passes();
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
        await this.#startDue();
        await this.#sleepUntilDue();
      }
    } catch (cause) {
      this.#deps.log.error({ event: 'outbox.failed', err: cause }, 'the outbox could not read its work');
      this.#wakeIn(5_000);
    }
    this.#pass = null;
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
    const at = await this.#deps.store.read.deliveries.nextDueAt(this.#fullTargets());
    if (at !== null && !this.#isStopped)
      this.#wakeIn(Math.max(50, Math.min(at - this.#deps.clock.now(), 60_000)));
  }

  #wakeIn(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), ms);
    this.#timer.unref();
  }

  async #deliver(delivery: DeliveryRecord): Promise<void> {
    const { store, log } = this.#deps;
    try {
      const target = await store.read.targets.get(delivery.targetId);
      const finding = await store.read.findings.get(delivery.findingId);
      const idle = await this.#reasonToDrop(delivery, target, finding);
      if (idle !== null || !target || !finding) {
        await store.write.deliveries.settle(delivery.id, { state: 'dropped', lastProblem: idle });
      } else {
        await this.#attempt(delivery, target, finding);
      }
      const settled = await store.read.deliveries.get(delivery.id);
      if (settled) this.#deps.settled(settled);
    } catch (cause) {
      // The lease ends by itself and the delivery is tried again.
      log.error(
        { event: 'outbox.delivery', deliveryId: delivery.id, err: cause },
        'a delivery could not be carried out',
      );
    }
  }

  async #reasonToDrop(
    delivery: DeliveryRecord,
    target: TargetRecord | null,
    finding: FindingRecord | null,
  ): Promise<string | null> {
    if (!target) return 'the target was removed';
    if (!target.enabled) return 'the target is switched off';
    if (!finding) return 'the finding is gone';
    const siblings = await this.#deps.store.read.deliveries.ofFinding(finding.id);
    const firings = siblings.filter((d) => d.targetId === target.id && d.type === 'alert.firing');
    const isDelivered = firings.some((d) => d.state === 'delivered');
    const firingReached = isDelivered ? 'yes' : firings.some((d) => d.ambiguous) ? 'perhaps' : 'no';
    const turn = decideTurn({
      type: delivery.type,
      finding: finding.state === 'waived' ? 'acknowledged' : finding.state,
      firingReached,
      isNews: isNews(
        finding,
        siblings.filter((d) => d.targetId === target.id && d.state === 'delivered'),
      ),
    });
    return turn.send ? null : turn.why;
  }

  async #attempt(delivery: DeliveryRecord, target: TargetRecord, finding: FindingRecord): Promise<void> {
    const { clock, log, store, consoleUrl } = this.#deps;
    const body = alertBody(delivery.type, finding, clock.now(), consoleUrl());
    await store.transaction((tx) => tx.deliveries.begin(delivery.id, finding.severity));
    const outcome = await sendWebhook(this.#deps, { id: delivery.id, target, body });
    const now = clock.now();
    await store.transaction(async (tx) => {
      if (outcome.kind === 'delivered') {
        await tx.deliveries.settle(delivery.id, {
          state: 'delivered',
          attempts: delivery.attempts + 1,
          ambiguous: delivery.ambiguous,
          deliveredAt: now,
          lastStatus: outcome.status,
          lastMs: outcome.ms,
          lastProblem: null,
        });
        await tx.targets.succeeded(target.id, now);
        return;
      }
      // Whoever resolved it meanwhile could not hurry what was under way.
      const isResolved = (await tx.findings.get(finding.id))?.state === 'resolved';
      const isOwed = delivery.type === 'alert.firing' && !isResolved;
      await tx.deliveries.settle(delivery.id, this.#afterFailure(delivery, outcome, now, isOwed));
      if (isResolved) await tx.deliveries.retryNow(finding.id, now);
      await tx.targets.failed(target.id, now, outcome.detail);
    });
    const { kind, status, ms } = outcome;
    log.info(
      {
        event: 'outbox.attempt',
        deliveryId: delivery.id,
        targetId: target.id,
        type: delivery.type,
        kind,
        status,
        ms,
      },
      'a page was tried',
    );
  }

  /** `isOwed`: what it says is true, so that it is never given up but to a receiver that says that it is gone. */
  #afterFailure(delivery: DeliveryRecord, outcome: FailedOutcome, now: number, isOwed: boolean) {
    const attempts = delivery.attempts + 1;
    const triedForMs = now - delivery.retrySince;
    const nextAt = now + retryDelayMs(attempts, this.#deps.random.share(), outcome.retryAfterMs, triedForMs);
    const isOver = outcome.isFinal || (!isOwed && nextAt - delivery.retrySince > RETRY_WINDOW_MS);
    return {
      state: isOver ? 'dead' : 'pending',
      attempts,
      ambiguous: delivery.ambiguous || outcome.isAmbiguous,
      nextAt,
      lastStatus: outcome.status,
      lastMs: outcome.ms,
      lastProblem: outcome.detail,
    } as const;
  }
}

/** `delivered`: what one target got about the finding, oldest first. */
function isNews(finding: FindingRecord, delivered: readonly DeliveryRecord[]): boolean {
  const last = delivered.findLastIndex(({ type }) => type === 'alert.acknowledged');
  return delivered
    .slice(last + 1)
    .every(
      ({ type, toldSeverity }) =>
        type !== 'alert.firing' || toldSeverity === null || isWorse(finding.severity, toldSeverity),
    );
}
