import { type Clock, steady } from '../../ports/clock.js';
import type { Net, Preamble, Unseen } from '../../ports/net.js';
import { HANDSHAKE_FAILURE, isOfTls, type Told, toldBy } from './answer.js';
import { decodeFlight, FLIGHT_BYTES_MAX } from './flight.js';

/** What a probe of one listener may take. Listeners count connections, and answer 421 to who makes too many. */
export const PROBE_BOUNDS = {
  connectionsMax: 40,
  /** That many at once, one after the other, then `perSecond`. */
  burst: 10,
  perSecond: 5,
  connectionMs: 3_000,
  totalMs: 20_000,
  bytesMax: 1024 * 1024,
} as const;

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly preamble: Preamble;
  readonly servername?: string;
  readonly ehloName?: string;
}

export interface AskerPorts {
  readonly net: Net;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Asks one listener, one connection at a time, within the bounds. What is asked beyond them is unclear. */
export class Asker {
  readonly #startedAt: number;
  #tokens: number = PROBE_BOUNDS.burst;
  #filledAt: number;
  #bytes = 0;
  #stopped: string | null = null;
  /** The first thing that kept everything from being seen. */
  unseen: Unseen | null = null;
  connections = 0;
  /** A hello was answered as TLS answers. */
  speaksTls = false;

  constructor(
    private readonly ports: AskerPorts,
    private readonly target: Target,
  ) {
    this.#startedAt = steady(ports.clock);
    this.#filledAt = this.#startedAt;
  }

  /** The first answer that is no alert 40, which may be of the suites alone. */
  async askAll(hellos: readonly Buffer[]): Promise<Told> {
    let told: Told = { kind: 'unclear', reason: 'nothing was asked' };
    for (const hello of hellos) {
      told = await this.ask(hello);
      if (told.kind !== 'alert' || told.alert !== HANDSHAKE_FAILURE) return told;
    }
    return told;
  }

  async ask(hello: Buffer): Promise<Told> {
    const result = await this.once((request) =>
      this.ports.net.exchange({
        ...request,
        hello,
        bytesMax: Math.min(FLIGHT_BYTES_MAX, PROBE_BOUNDS.bytesMax - this.#bytes),
        isEnough: (bytes) => decodeFlight(bytes).isComplete,
      }),
    );
    if (result.kind === 'stopped') return { kind: 'unclear', reason: result.why };
    if (result.kind !== 'heard') {
      this.unseen ??= result;
      // Nothing listens, or it lets nobody in now: to go on would only count connections.
      this.#stopped = result.detail;
      return { kind: 'unclear', reason: result.detail };
    }
    this.#bytes += result.bytes.length;
    const told = toldBy(result, PROBE_BOUNDS.connectionMs);
    this.speaksTls ||= isOfTls(told);
    return told;
  }

  /** One connection of any kind, when there is one left. */
  async once<T>(
    make: (request: Target & { readonly timeoutMs: number }) => Promise<T>,
  ): Promise<T | { readonly kind: 'stopped'; readonly why: string }> {
    this.ports.signal.throwIfAborted();
    this.#stopped ??= this.#exhausted();
    if (this.#stopped !== null) return { kind: 'stopped', why: this.#stopped };
    await this.#turn();
    this.connections += 1;
    const left = PROBE_BOUNDS.totalMs - (steady(this.ports.clock) - this.#startedAt);
    return make({
      ...this.target,
      timeoutMs: Math.max(1, Math.min(PROBE_BOUNDS.connectionMs, Math.round(left))),
    });
  }

  #exhausted(): string | null {
    if (this.connections >= PROBE_BOUNDS.connectionsMax)
      return `more than ${PROBE_BOUNDS.connectionsMax} connections`;
    if (this.#bytes >= PROBE_BOUNDS.bytesMax) return `more than ${PROBE_BOUNDS.bytesMax} bytes`;
    return steady(this.ports.clock) - this.#startedAt >= PROBE_BOUNDS.totalMs
      ? `more than ${PROBE_BOUNDS.totalMs} ms`
      : null;
  }

  async #turn(): Promise<void> {
    const { clock, signal } = this.ports;
    const nowMs = steady(clock);
    const grown = ((nowMs - this.#filledAt) * PROBE_BOUNDS.perSecond) / 1000;
    this.#tokens = Math.min(PROBE_BOUNDS.burst, this.#tokens + grown) - 1;
    this.#filledAt = nowMs;
    if (this.#tokens < 0) await clock.sleep((-this.#tokens * 1000) / PROBE_BOUNDS.perSecond, signal);
  }
}
