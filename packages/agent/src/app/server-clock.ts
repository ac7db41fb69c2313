import { type CasError, casError } from '@castellan/shared/errors/cas-error';
import { isSkewed } from '@castellan/shared/model/clock-skew';
import { type Clock, steady } from '../ports/clock.js';

/** What the node knows of the server's clock: what the last welcome said, and how long ago by the clock that only goes forward. */
export class ServerClock {
  #said: { readonly serverMs: number; readonly at: number } | null = null;

  constructor(private readonly clock: Clock) {}

  heard(serverTime: string): void {
    this.#said = { serverMs: Date.parse(serverTime), at: steady(this.clock) };
  }

  /** Milliseconds since 1970 by the server's clock; by our own as long as it has said nothing. */
  now(): number {
    if (this.#said === null) return this.clock.now();
    return this.#said.serverMs + steady(this.clock) - this.#said.at;
  }

  /** Why nothing may be made now whose dates this clock would set; null: nothing is known against it. */
  get fault(): CasError | null {
    if (this.#said === null) return null;
    const skewMs = this.clock.now() - this.now();
    if (!isSkewed(skewMs)) return null;
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    return casError(
      'CAS_CLOCK_SKEW',
      `the clock of this node is ${minutes} minutes ${skewMs > 0 ? 'ahead of' : 'behind'} the server's: set it right first`,
    );
  }
}
