import type { FactStates } from '../engine/collect.js';
import type { VerdictChange } from '../engine/transition.js';
import { type Clock, steady } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Random } from '../ports/random.js';
import type { Batch } from '../watch/coalesce.js';
import type { Watching } from '../watch/watching.js';
import type { Observer, Scan } from './observer.js';

/** A rescan's time is off by as much, so that a fleet does not scan as one. */
const RESCAN_JITTER = 0.1;
/** A run that takes longer than any remediation may is no reason to be blind. */
export const HOLD_MS_MAX = 1_800_000;
/** How long a start waits for another process's run: systemd waits for the first scan, 90 s unless told otherwise. */
export const FIRST_MS_MAX = 60_000;
const OTHER_EVERY_MS = 500;

export interface ScanSchedulerDeps {
  readonly observer: Observer;
  readonly watcher: Watching;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly rescanMs: number;
  readonly signal: AbortSignal;
  /** Whether another process of this node (`castellan-agent apply`) carries a remediation out now. */
  isOtherAtIt(): boolean;
  /** That process has ended: what it left is put right, and the node is scanned. */
  otherEnded(): Promise<void>;
  /** Verdicts that differ from those before. */
  tell(changes: readonly VerdictChange[]): void;
}

/** When the node is scanned: once at first, after changes, and again and again whatever the watchers say. */
export class ScanScheduler {
  readonly #deps: ScanSchedulerDeps;
  #hasScanned = false;
  #holds = 0;
  #heldSince = 0;
  /** When another process's run was first seen; null: none is. */
  #otherSince: number | null = null;
  /** Runs that began here: a scan that one of them began during is of its middle. */
  #begun = 0;

  constructor(deps: ScanSchedulerDeps) {
    this.#deps = deps;
  }

  /** Nothing is told of the first scan: it goes to the server as state. */
  async first(): Promise<void> {
    const { observer, watcher, log } = this.#deps;
    if (this.#hasScanned) return;
    this.#hasScanned = true;
    if (this.#isHeld) await this.#otherIsOver(FIRST_MS_MAX);
    const scan = await observer.scanAll();
    const failing = observer.verdicts.filter((verdict) => verdict.status === 'fail').length;
    log.info(
      { event: 'scan.initial', verdicts: observer.verdicts.length, failing, tookMs: scan.tookMs },
      'the initial scan is complete',
    );
    await watcher.follow(scanned(observer.states));
  }

  /** A run begins: until it is released nothing is judged, for at most `HOLD_MS_MAX`. */
  hold(): void {
    if (this.#holds === 0) this.#heldSince = steady(this.#deps.clock);
    this.#holds += 1;
    this.#begun += 1;
  }

  /** The run has ended: everything is scanned and told. Never rejects: the end of the run must be said. */
  async release(): Promise<void> {
    this.#holds -= 1;
    if (this.#isHeld) return;
    try {
      if (this.#hasScanned) await this.#scanAnd('run', () => this.#deps.observer.scanAll());
      else await this.first();
    } catch (error) {
      if (!this.#deps.signal.aborted)
        this.#deps.log.error({ event: 'scan.failed', err: error }, 'the scan after a run failed');
    }
  }

  get #isHeld(): boolean {
    const nowMs = steady(this.#deps.clock);
    const isOurs = this.#holds > 0 && nowMs - this.#heldSince < HOLD_MS_MAX;
    return isOurs || this.#isOtherAtIt(nowMs);
  }

  /** Sees to it as well that somebody scans when that run is over. */
  #isOtherAtIt(nowMs: number): boolean {
    if (!this.#deps.isOtherAtIt()) return false;
    if (this.#otherSince === null) {
      this.#otherSince = nowMs;
      void this.#afterOther();
    }
    return nowMs - this.#otherSince < HOLD_MS_MAX;
  }

  async #afterOther(): Promise<void> {
    const { log, signal, otherEnded } = this.#deps;
    try {
      await this.#otherIsOver(Number.POSITIVE_INFINITY);
      this.#otherSince = null;
      await otherEnded();
    } catch (error) {
      if (!signal.aborted) log.error({ event: 'scan.failed', err: error }, 'the scan after a run failed');
    }
  }

  async #otherIsOver(msMax: number): Promise<void> {
    const { clock, signal, isOtherAtIt } = this.#deps;
    const deadline = steady(clock) + msMax;
    while (isOtherAtIt() && steady(clock) < deadline) await clock.sleep(OTHER_EVERY_MS, signal);
  }

  async #scanAnd(why: string, scan: () => Promise<Scan>): Promise<void> {
    const begun = this.#begun;
    const found = await scan();
    // It was begun before a run was, and saw a part of it: the scan at that run's end says what is.
    if (this.#isHeld || begun !== this.#begun) this.#deps.observer.takeBack(found);
    else this.#after(found, why);
  }

  changed(batch: Batch): void {
    const { observer, log, signal } = this.#deps;
    // The scan at the end of the run sees it.
    if (this.#isHeld) return;
    const scan = () => (batch.overflow ? observer.scanAll() : observer.scanChanged(batch.paths));
    this.#scanAnd(batch.overflow ? 'overflow' : 'change', scan).catch((error: unknown) => {
      if (!signal.aborted) log.error({ event: 'scan.failed', err: error }, 'a scan failed');
    });
  }

  async run(): Promise<void> {
    const { observer, clock, random, rescanMs, signal } = this.#deps;
    while (!signal.aborted) {
      try {
        await clock.sleep(
          Math.round(rescanMs * (1 - RESCAN_JITTER + 2 * RESCAN_JITTER * random.unit())),
          signal,
        );
        if (!this.#isHeld) await this.#scanAnd('rescan', () => observer.scanAll());
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  #after(scan: Scan, why: string): void {
    const { log, watcher, observer } = this.#deps;
    for (const { previous, verdict } of scan.changes) {
      log.info(
        {
          event: 'verdict.changed',
          control: verdict.control,
          previous,
          status: verdict.status,
          severity: verdict.severity,
          why,
        },
        'a verdict changed',
      );
    }
    if (scan.changes.length > 0) this.#deps.tell(scan.changes);
    log.debug({ event: 'scan.done', why, tookMs: scan.tookMs, changes: scan.changes.length }, 'scanned');
    void watcher.follow(scanned(observer.states), why !== 'change');
  }
}

function scanned(states: FactStates): { paths: Set<string>; listed: Set<string>; walked: Set<string> } {
  const all = { paths: new Set<string>(), listed: new Set<string>(), walked: new Set<string>() };
  for (const { touched } of states.values()) {
    for (const path of touched.paths) all.paths.add(path);
    for (const path of touched.listed) all.listed.add(path);
    for (const path of touched.walked) all.walked.add(path);
  }
  return all;
}
