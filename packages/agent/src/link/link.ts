import type {
  CertificateRequest,
  ServiceCertificateRequest,
  Trusted,
} from '@castellan/shared/protocol/messages';
import { rest } from '../ports/clock.js';
import { Backoff } from './backoff.js';
import { Session, type SessionDeps, type SessionEnd } from './session.js';

/** Keeps one session to the server, for as long as the agent runs. */
export class Link {
  readonly #deps: SessionDeps;
  readonly #backoff: Backoff;
  #session: Session | null = null;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#backoff = new Backoff(deps.unit);
  }

  /** There is something new to send. */
  wake(): void {
    this.#session?.pump();
  }

  /** What the two ends speak now; null: not connected. */
  get protocol(): number | null {
    return this.#session?.protocol ?? null;
  }

  /** False: it was not sent. */
  request(message: CertificateRequest | ServiceCertificateRequest | Trusted): boolean {
    return this.#session?.request(message) ?? false;
  }

  /** Ends the connection and makes another at once; without one, the next attempt comes as it would have. */
  reconnect(why: string): void {
    this.#session?.leave(why);
  }

  /** Resolves when the signal is aborted. A server that cannot be reached is tried again for ever. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, clock, url } = this.#deps;
    while (!signal.aborted) {
      const end = await this.#once(signal);
      this.#session = null;
      if (signal.aborted) return;
      if (end.establishedMs === null) this.#deps.failed(end.refusal);
      if (end.isWanted) continue;
      const waitMs = this.#backoff.next({
        establishedMs: end.establishedMs,
        floorMs: end.floorMs,
        windowMs: end.windowMs ?? 0,
      });
      log.warn(
        { event: 'link.ended', url, why: end.why, waitMs },
        'not connected to the server; trying again',
      );
      await rest(clock, waitMs, signal);
    }
  }

  /** An identity that TLS does not take, or an address that is none, is a failed attempt like any other. */
  async #once(signal: AbortSignal): Promise<SessionEnd> {
    try {
      this.#session = new Session(this.#deps);
      return await this.#session.run(signal);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { why, establishedMs: null, floorMs: 0, windowMs: null, refusal: null, isWanted: false };
    }
  }
}
