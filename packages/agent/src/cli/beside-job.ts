import { setTimeout as sleep } from 'node:timers/promises';
import { CasError, casError } from '@castellan/shared/errors/cas-error';
import { isFinal, type RunEvent } from '@castellan/shared/model/run';
import { type LastWord, type Order, type RunWord, refusalIn, type Word } from '../app/beside-order.js';
import { StateProblem } from '../ports/state-store.js';
import type { Carrier } from './carrier.js';
import { carriedOut } from './lost-link.js';

type Job<K extends Order['job']['kind']> = Extract<Order['job'], { readonly kind: K }>;

/** Between two questions to a node whose lock somebody else has, or that cannot be reached. */
const BETWEEN_MS = 5000;
/** The server signs for a run of an agent that has a link to it; a worker has none. */
export const NOT_FROM_BESIDE =
  'the server is not asked for certificates from beside: only self-signed pairs are made from here';

export interface JobDeps {
  /** A new way to the node; the mode of the session is the job's. */
  open(mode: 'look' | 'change'): Promise<Carrier>;
  say(word: Word): void;
}

/** Carries a job out, in a worker. What goes wrong is a word, too. */
export async function doJob(job: Order['job'], deps: JobDeps): Promise<LastWord> {
  try {
    switch (job.kind) {
      case 'plan':
        return await planned(job, deps);
      case 'apply':
        return await applied(job, deps);
      case 'recover':
        return await recovered(job, deps);
    }
  } catch (error) {
    return { kind: 'failed', error: refusalIn(known(error)) };
  }
}

async function planned({ slug, params }: Job<'plan'>, { open }: JobDeps): Promise<LastWord> {
  const carrier = await open('look');
  try {
    const refusal = carrier.refusalOf(slug);
    if (refusal !== null) throw casError('CAS_PLAN_REFUSED', refusal);
    const plan = await carrier.executor.plan(slug, params, { why: NOT_FROM_BESIDE });
    if (!plan.ok) throw plan.error;
    return { kind: 'plan', plan: plan.value };
  } finally {
    await carrier.close();
  }
}

async function applied(job: Job<'apply'>, { open, say }: JobDeps): Promise<LastWord> {
  const { runId, slug, params, planDigest } = job;
  let unfinished = 0;
  const end = (state: RunWord['state'], last: RunEvent | null, error: CasError | null): LastWord => ({
    kind: 'end',
    runs: [{ runId, state, last }],
    unfinished,
    isOtherAtIt: false,
    error: error && refusalIn(error),
  });
  const tell = (event: RunEvent): void => say({ kind: 'event', event });
  let carrier: Carrier;
  try {
    carrier = await open('change');
  } catch (error) {
    return end('none', null, known(error));
  }
  let isBegun = false;
  try {
    const refusal = carrier.refusalOf(slug);
    if (refusal !== null) return end('none', null, casError('CAS_PLAN_REFUSED', refusal));
    const alive = (event: RunEvent): void => {
      if (!carrier.isLost()) tell(event);
    };
    await carrier.executor.recover(alive);
    isBegun = true;
    const request = { runId, slug, params, planDigest, services: { why: NOT_FROM_BESIDE } };
    const last = await carriedOut(carrier, request, {
      open: () => open('change'),
      tell,
      note: () => undefined,
    });
    if (last === null)
      return end(
        'none',
        null,
        casError('CAS_BESIDE_LOST', 'the link to the node was lost before the run was begun'),
      );
    if (!carrier.isLost()) unfinished = carrier.executor.unfinished?.() ?? 0;
    return isFinal(last.state) ? end('ended', last, null) : end('open', null, null);
  } catch (error) {
    return end(isBegun ? 'open' : 'none', null, known(error));
  } finally {
    await carrier.close();
  }
}

/** What became of the runs; the journal on the node decides, and what is unfinished there is finished or put back. */
async function recovered({ runIds, tries }: Job<'recover'>, deps: JobDeps): Promise<LastWord> {
  let error: CasError | null = null;
  let isOtherAtIt = false;
  for (let tried = 0; tried < tries; tried += 1) {
    if (tried > 0) await sleep(BETWEEN_MS);
    try {
      const word = await recoveredNow(runIds, deps);
      if (word !== null) return word;
      isOtherAtIt = true;
    } catch (cause) {
      isOtherAtIt = false;
      error = known(cause);
      // What the node refuses now it refuses in five seconds as well.
      if (!(error.code === 'CAS_BESIDE_LOST' || error.code === 'CAS_BESIDE_UNREACHABLE')) break;
    }
  }
  return {
    kind: 'end',
    runs: runIds.map((runId) => ({ runId, state: 'open', last: null })),
    unfinished: 1,
    isOtherAtIt,
    error: error && refusalIn(error),
  };
}

/** Null: somebody else has the lock. Throws where the node cannot be asked. */
async function recoveredNow(runIds: readonly string[], { open, say }: JobDeps): Promise<LastWord | null> {
  const carrier = await open('change');
  try {
    const { executor } = carrier;
    if (executor.isOtherAtIt?.()) return null;
    const ends = new Map<string, RunEvent>();
    await executor.recover((event) => {
      if (carrier.isLost()) return;
      if (isFinal(event.state)) ends.set(event.runId, event);
      say({ kind: 'event', event });
    });
    for (const event of executor.lastWords?.() ?? []) ends.set(event.runId, event);
    const runs = runIds.map((runId): RunWord => {
      const last = ends.get(runId) ?? null;
      return { runId, state: last !== null || executor.hasBegun(runId) ? 'ended' : 'none', last };
    });
    const unfinished = executor.unfinished?.() ?? 0;
    if (carrier.isLost()) throw casError('CAS_BESIDE_LOST', 'the link was lost while the node was asked');
    // One that could not be taken up is not at its end.
    const isOpen = unfinished > 0 && runs.some(({ state, last }) => state === 'ended' && last === null);
    return isOpen ? null : { kind: 'end', runs, unfinished, isOtherAtIt: false, error: null };
  } finally {
    await carrier.close();
  }
}

function known(error: unknown): CasError {
  if (error instanceof CasError) return error;
  if (error instanceof StateProblem) return casError('CAS_STATE_UNUSABLE', `on the node, ${error.message}`);
  // What it was is not passed on: it may name what was a secret.
  return casError('CAS_INTERNAL', `a worker failed (${error instanceof Error ? error.name : typeof error})`);
}
