import type { FactStates } from '../engine/collect.js';
import type { VerdictChange } from '../engine/transition.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Random } from '../ports/random.js';
import type { Batch } from '../watch/coalesce.js';
import type { Watcher } from '../watch/watcher.js';
import type { Look, Observer } from './observer.js';

/** A rescan's time is off by as much, so that a fleet does not look as one. */
const RESCAN_JITTER = 0.1;
/** A run that takes longer than any remediation may is no reason to be blind. */
export const HOLD_MS_MAX = 1_800_000;

export interface RoundsDeps {
  readonly observer: Observer;
  readonly watcher: Watcher;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly rescanMs: number;
  readonly signal: AbortSignal;
  /** Verdicts that differ from those before. */
  tell(changes: readonly VerdictChange[]): void;
}

/** When the node is looked at: once at first, after changes, and again and again whatever the watchers say. */
export class Rounds {
  readonly #deps: RoundsDeps;
  #hasLooked = false;
  #holds = 0;
  #heldSince = 0;

  constructor(deps: RoundsDeps) {
    this.#deps = deps;
  }

  /** Nothing is told of the first look: it goes to the server as state. */
  async first(): Promise<void> {
    const { observer, watcher, log } = this.#deps;
    if (this.#hasLooked) return;
    this.#hasLooked = true;
    const look = await observer.lookAtAll();
    const failing = observer.verdicts.filter((verdict) => verdict.status === 'fail').length;
    log.info(
      { event: 'look.first', verdicts: observer.verdicts.length, failing, tookMs: look.tookMs },
      'the first look is complete',
    );
    await watcher.follow(lookedAt(observer.states));
  }

  /** A run begins: until it is released nothing is judged, for at most `HOLD_MS_MAX`. */
  hold(): void {
    if (this.#holds === 0) this.#heldSince = this.#deps.clock.now();
    this.#holds += 1;
  }

  /** The run has ended: everything is looked at and told. Never rejects: the end of the run must be said. */
  async release(): Promise<void> {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    try {
      if (this.#hasLooked) this.#after(await this.#deps.observer.lookAtAll(), 'run');
      else await this.first();
    } catch (error) {
      if (!this.#deps.signal.aborted)
        this.#deps.log.error({ event: 'look.failed', err: error }, 'the look after a run failed');
    }
  }

  get #isHeld(): boolean {
    return this.#holds > 0 && this.#deps.clock.now() - this.#heldSince < HOLD_MS_MAX;
  }

  changed(batch: Batch): void {
    const { observer, log, signal } = this.#deps;
    // The look at the end of the run sees it.
    if (this.#isHeld) return;
    const looking = batch.overflow ? observer.lookAtAll() : observer.lookAt(batch.paths);
    looking.then(
      (look) => this.#after(look, batch.overflow ? 'overflow' : 'change'),
      (error: unknown) => {
        if (!signal.aborted) log.error({ event: 'look.failed', err: error }, 'a look failed');
      },
    );
  }

  async run(): Promise<void> {
    const { observer, clock, random, rescanMs, signal } = this.#deps;
    while (!signal.aborted) {
      try {
        await clock.sleep(
          Math.round(rescanMs * (1 - RESCAN_JITTER + 2 * RESCAN_JITTER * random.unit())),
          signal,
        );
        if (!this.#isHeld) this.#after(await observer.lookAtAll(), 'rescan');
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  #after(look: Look, why: string): void {
    const { log, watcher, observer } = this.#deps;
    if (this.#isHeld) {
      // It was begun before the run was, and saw a part of it.
      this.#deps.observer.takeBack(look);
      return;
    }
    for (const { previous, verdict } of look.changes) {
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
    if (look.changes.length > 0) this.#deps.tell(look.changes);
    log.debug({ event: 'look.done', why, tookMs: look.tookMs, changes: look.changes.length }, 'looked');
    void watcher.follow(lookedAt(observer.states));
  }
}

function lookedAt(states: FactStates): { paths: Set<string>; listed: Set<string>; walked: Set<string> } {
  const all = { paths: new Set<string>(), listed: new Set<string>(), walked: new Set<string>() };
  for (const { touched } of states.values()) {
    for (const path of touched.paths) all.paths.add(path);
    for (const path of touched.listed) all.listed.add(path);
    for (const path of touched.walked) all.walked.add(path);
  }
  return all;
}
