import { err, ok, type Result } from '@castellan/shared/base/result';
import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { plainText } from '@castellan/shared/model/bounds';
import type { Plan } from '@castellan/shared/model/plan';
import type { RunEvent } from '@castellan/shared/model/run';
import { type Clock, instant, steady } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { StateProblem } from '../ports/state-store.js';
import { errorIn, type Job, type LastWord, OPEN_MAX } from './beside-order.js';
import type { BesideRuns } from './beside-runs.js';
import type { Executor, ExecutorApply } from './command-dispatcher.js';

/** How often a new worker asks the node, after one was lost in the middle: longer than a dead session's lock lives there. */
const TRIES_AFTER_LOSS = 30;
/** At a start, and at each retry: who tries again later need not wait now. */
const TRIES_AT_START = 2;
/** So long somebody who had the node's lock when a worker asked is taken to have it still; then a worker asks again. */
export const OTHER_BELIEVED_MS = 60_000;

export interface BesideExecutorDeps {
  readonly runs: BesideRuns;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether the file of nodes permits any change at all: without that no session to change is begun. */
  readonly mayChange: boolean;
  /**
   * Has a worker do it. Resolves with its last word, or with why there is none: then nobody knows what it did. Rejects with
   * a CasError where no worker was begun.
   */
  carry(job: Job, hear: (event: RunEvent) => void): Promise<LastWord | Lost>;
}

/** The worker ended, or was ended, without a last word. */
export interface Lost {
  readonly kind: 'lost';
  /** For a person. */
  readonly why: string;
}

/**
 * Carries remediations out on a node from this host, each in a worker with a session of its own. The journal on the node
 * decides what became of a run. What is asked at once (`hasBegun`, `unfinished`, `lastWords`) is answered from what the
 * workers told last: a run that was given to a worker counts as begun until the node has said that it was not.
 */
export function besideExecutor(deps: BesideExecutorDeps): Executor {
  return new BesideExecutor(deps).asExecutor();
}

class BesideExecutor {
  readonly #deps: BesideExecutorDeps;
  /** A session to change is under way from here. */
  #isChanging = false;
  /** When a worker last found the node's lock with somebody else; null: it did not. */
  #otherSeenMs: number | null = null;

  constructor(deps: BesideExecutorDeps) {
    this.#deps = deps;
  }

  asExecutor(): Executor {
    const { runs, clock } = this.#deps;
    return {
      recover: async (progress) => {
        const why = await this.#recover(progress, TRIES_AT_START);
        if (why !== null) throw casError('CAS_BESIDE_LOST', `${NOT_KNOWN}: ${why}`);
      },
      hasBegun: (runId) => runs.find(runId) !== null,
      unfinished: () => (this.#deps.mayChange && !this.#isChanging ? runs.unfinished : 0),
      isOtherAtIt: () => this.#otherSeenMs !== null && steady(clock) - this.#otherSeenMs < OTHER_BELIEVED_MS,
      lastWords: () => runs.lastWords(),
      plan: (slug, params) => this.#plan(slug, params),
      apply: (request, progress) => this.#apply(request, progress),
    };
  }

  async #plan(slug: string, params: Readonly<Record<string, string>>): Promise<Result<Plan>> {
    try {
      const last = await this.#deps.carry({ kind: 'plan', slug, params: { ...params } }, () => undefined);
      if (last.kind === 'plan') return ok(last.plan);
      if (last.kind === 'failed') return err(errorIn(last.error));
      return err(lost(last.kind === 'lost' ? last.why : 'it made no plan'));
    } catch (error) {
      if (error instanceof CasError) return err(error);
      throw error;
    }
  }

  async #apply(request: ExecutorApply, progress: (event: RunEvent) => void): Promise<void> {
    const { runs, log } = this.#deps;
    const { runId, slug, params, planDigest } = request;
    const begun = this.#begin(runId);
    if (begun) return progress(this.#refused(runId, begun));
    this.#isChanging = true;
    const hear = this.#hearing(progress);
    try {
      const job: Job = { kind: 'apply', runId, slug, params: { ...params }, planDigest };
      const last = await this.#deps.carry(job, hear).catch((error: unknown) => {
        if (!(error instanceof CasError)) throw error;
        // No worker has heard of it.
        hear(this.#refused(runId, error));
        runs.close(runId);
        return null;
      });
      if (last === null) return;
      const why = this.#settle(last, hear);
      if (why !== null) log.warn({ event: 'run.lost', runId, why }, `${NOT_KNOWN}; the node is asked`);
    } finally {
      this.#isChanging = false;
    }
    if (!runs.find(runId)?.isOpen) return;
    const why = await this.#recover(progress, TRIES_AFTER_LOSS);
    if (why !== null) log.warn({ event: 'run.open', runId, why }, `${NOT_KNOWN}; it is asked again later`);
  }

  /** Null: it is written down. */
  #begin(runId: string): CasError | null {
    const { runs } = this.#deps;
    if (this.#isChanging) return casError('CAS_RUN_BUSY');
    try {
      if (runs.find(runId)) return casError('CAS_COMMAND_REPLAYED', `run ${runId} was begun before`);
      return runs.begin(runId)
        ? null
        : casError(
            'CAS_TOO_MANY',
            `of ${OPEN_MAX} runs it is not known how they ended: the node must be reached with the key to change first`,
          );
    } catch (error) {
      if (!(error instanceof StateProblem)) throw error;
      return casError('CAS_STATE_UNUSABLE', error.message, error);
    }
  }

  /**
   * Only where something of this host's is unfinished there: a node that is reached again costs no second session. Null: it
   * is known how all ended; or why not.
   */
  async #recover(progress: (event: RunEvent) => void, tries: number): Promise<string | null> {
    const { runs, mayChange } = this.#deps;
    if (this.#isChanging || runs.unfinished === 0) return null;
    if (!mayChange) return 'nothing may be changed from here any more (setting "allow")';
    this.#isChanging = true;
    const hear = this.#hearing(progress);
    try {
      const last = await this.#deps.carry({ kind: 'recover', runIds: [...runs.open()], tries }, hear);
      return this.#settle(last, hear);
    } catch (error) {
      if (!(error instanceof CasError)) throw error;
      return error.detail;
    } finally {
      this.#isChanging = false;
    }
  }

  #hearing(progress: (event: RunEvent) => void): (event: RunEvent) => void {
    return (event) => {
      let isNew = true;
      try {
        isNew = this.#deps.runs.hear(event);
      } catch (error) {
        if (!(error instanceof StateProblem)) throw error;
        // It is told all the same; the node is asked again how the run ended.
        this.#deps.log.warn({ event: 'run.words', err: error }, 'what was heard of a run cannot be kept');
      }
      if (isNew) progress(event);
    };
  }

  /** Nothing is taken for ended but by the node's own word. Null: all that was asked for is; or why not. */
  #settle(last: LastWord | Lost, hear: (event: RunEvent) => void): string | null {
    const { runs, clock } = this.#deps;
    if (last.kind === 'lost') return last.why;
    if (last.kind === 'failed') return last.error.detail;
    if (last.kind === 'plan') return 'it made a plan';
    this.#otherSeenMs = last.isOtherAtIt ? steady(clock) : null;
    const error = last.error === null ? null : errorIn(last.error);
    for (const { runId, state, last: event } of last.runs) {
      if (state === 'open') continue;
      // The server leaves out what it has heard.
      if (state === 'none')
        hear(this.#refused(runId, error ?? NEVER_BEGUN, (runs.find(runId)?.last?.index ?? 0) + 1));
      else if (event) hear(event);
      runs.close(runId);
    }
    runs.setUnfinished(last.unfinished);
    if (!last.runs.some(({ state }) => state === 'open')) return null;
    return error?.detail ?? 'somebody else has the lock of the node';
  }

  #refused(runId: string, error: CasError, index = 1): RunEvent {
    return {
      runId,
      index,
      at: instant(this.#deps.clock),
      state: 'refused',
      line: plainText(error.detail.slice(0, 2048)),
      error: error.code,
    };
  }
}

const NOT_KNOWN = 'what became of a run is not known';
const NEVER_BEGUN = casError(
  'CAS_RUN_STEP_FAILED',
  'the worker was ended after it took this run and before it began; nothing was touched',
);

function lost(why: string): CasError {
  return casError('CAS_BESIDE_LOST', `the process that was to do it was lost: ${why}`);
}
