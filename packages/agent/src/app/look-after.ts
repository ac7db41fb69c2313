import type { Result } from '@castellan/shared/base/result';
import { CasError } from '@castellan/shared/errors/cas-error';
import { Backoff } from '../link/backoff.js';
import { type Clock, rest, steady } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Random } from '../ports/random.js';

/** A way to the node that stands. */
export interface OpenWay {
  /** Called once, when the way is there no more, with why. */
  onEnd(ended: (error: CasError) => void): void;
  close(): Promise<void>;
}

export interface LookAfterDeps<Way extends OpenWay> {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** What must be there before the node is asked: its identity. */
  prepare(): Promise<void>;
  /** Rejects with why the node cannot be reached. */
  open(signal: AbortSignal): Promise<Way>;
  /** The agent, for as long as the way stands. */
  live(way: Way, signal: AbortSignal): Promise<Result<void>>;
}

/**
 * Looks after one node from another host, until the signal. The agent lives as long as the way to the node: without one
 * there is no link to the server either, so that the node is silent there and nothing of it passes. It is tried again,
 * at random within a span that doubles.
 */
export async function lookAfter<Way extends OpenWay>(deps: LookAfterDeps<Way>): Promise<void> {
  const { clock, random, log, signal } = deps;
  const backoff = new Backoff(() => random.unit());
  let told: string | null = null;
  while (!signal.aborted) {
    const life = await oneLife(deps);
    if (signal.aborted) return;
    const waitMs = backoff.next({ establishedMs: life.establishedMs, floorMs: 0, windowMs: 0 });
    const fields = { code: life.code, why: life.why, waitMs };
    // Once as a warning: a node that is away for a day must not fill the log.
    if (told !== life.why || life.establishedMs !== null)
      log.warn({ event: 'node.away', ...fields }, 'the node is not looked after; trying again');
    else log.debug({ event: 'node.away', ...fields }, 'still not');
    told = life.why;
    await rest(clock, waitMs, signal);
  }
}

interface Ended {
  readonly why: string;
  readonly code: string;
  /** For how long the node was looked after; null: it never came to that. */
  readonly establishedMs: number | null;
}

async function oneLife<Way extends OpenWay>(deps: LookAfterDeps<Way>): Promise<Ended> {
  const { clock, log, signal } = deps;
  const life = new AbortController();
  const stop = () => life.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  let way: Way | null = null;
  let openedAt: number | null = null;
  let lost: CasError | null = null;
  const ended = (error: unknown): Ended => {
    const known = lost ?? error;
    return {
      why: known instanceof CasError ? known.detail : known instanceof Error ? known.message : String(known),
      code: known instanceof CasError ? known.code : 'CAS_INTERNAL',
      establishedMs: openedAt === null ? null : steady(clock) - openedAt,
    };
  };
  try {
    await deps.prepare();
    way = await deps.open(life.signal);
    openedAt = steady(clock);
    way.onEnd((error) => {
      lost = error;
      life.abort(error);
    });
    log.info({ event: 'node.reached' }, 'the node is reached');
    const result = await deps.live(way, life.signal);
    return ended(result.ok ? new Error('the agent ended') : result.error);
  } catch (error) {
    return ended(error);
  } finally {
    signal.removeEventListener('abort', stop);
    life.abort(new Error('the way to the node has ended'));
    await way?.close();
  }
}
