import { type Clock, steady } from '../ports/clock.js';
import type { Net, Preamble } from '../ports/net.js';

/** A listener, and the certificates that it should show (SHA-256 of the DER, lower-case hex). */
export interface ShownCertificate {
  readonly endpoint: { readonly host: string; readonly port: number; readonly preamble: Preamble };
  readonly servername: string;
  readonly fingerprints: readonly string[];
}

/** Workers of before the restart may answer still: this many handshakes in a row must show it. */
export const HANDSHAKES = 3;
const SHOWN_WITHIN_MS = 30_000;
const BETWEEN_MS = 250;
const PROBE_MS = 5000;

interface Look {
  readonly clock: Clock;
  readonly net: Net;
  readonly signal: AbortSignal;
}

/** Null: it is shown. Otherwise what was seen last, for a person. */
export async function notShown(
  { clock, net, signal }: Look,
  { endpoint, servername, fingerprints }: ShownCertificate,
): Promise<string | null> {
  const deadline = steady(clock) + SHOWN_WITHIN_MS;
  for (let inARow = 0; ; ) {
    const probe = await net.probeTls({ ...endpoint, servername, timeoutMs: PROBE_MS });
    inARow = probe.kind === 'served' && fingerprints.includes(probe.fingerprint) ? inARow + 1 : 0;
    if (inARow === HANDSHAKES) return null;
    if (steady(clock) > deadline) {
      return probe.kind === 'served'
        ? `another certificate (${probe.fingerprint.slice(0, 16)})`
        : `${probe.kind}: ${probe.detail}`;
    }
    await clock.sleep(BETWEEN_MS, signal);
  }
}
