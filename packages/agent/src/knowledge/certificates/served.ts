import { type Clock, steady } from '../../ports/clock.js';
import type { Net } from '../../ports/net.js';
import type { ServedCertificate } from '../../units/step.js';

/** Workers of before the restart may answer still: this many handshakes in a row must show it. */
export const HANDSHAKES = 3;
const SERVED_WITHIN_MS = 30_000;
/** Until it is shown first, and between the handshakes that show it. */
const BETWEEN_MS = 250;
const BETWEEN_SHOWN_MS = 20;
const PROBE_MS = 5000;

interface Look {
  readonly clock: Clock;
  readonly net: Net;
  readonly signal: AbortSignal;
}

/** Null: it is shown. Otherwise what was seen last, for a person. */
export async function notServed(
  { clock, net, signal }: Look,
  { endpoint, servername, fingerprints, keyType }: ServedCertificate,
): Promise<string | null> {
  const deadline = steady(clock) + SERVED_WITHIN_MS;
  for (let inARow = 0; ; ) {
    const probe = await net.probeTls({
      ...endpoint,
      servername,
      ...(keyType === undefined ? {} : { keyType }),
      timeoutMs: PROBE_MS,
    });
    inARow = probe.kind === 'served' && fingerprints.includes(probe.fingerprint) ? inARow + 1 : 0;
    if (inARow === HANDSHAKES) return null;
    if (steady(clock) > deadline) {
      return probe.kind === 'served'
        ? `another certificate (${probe.fingerprint.slice(0, 16)})`
        : `${probe.kind}: ${probe.detail}`;
    }
    await clock.sleep(inARow > 0 ? BETWEEN_SHOWN_MS : BETWEEN_MS, signal);
  }
}

/** How long a service may take to read its files after it was told to, before it counts as one that does not. */
const TAKEN_UP_WITHIN_MS = 10_000;

/** Null: the listener serves another certificate than these. Otherwise what was seen last, for a person. */
export async function stillServed(
  { clock, net, signal }: Look,
  { endpoint, servername, fingerprints, keyType }: ServedCertificate,
): Promise<string | null> {
  const deadline = steady(clock) + TAKEN_UP_WITHIN_MS;
  for (;;) {
    const probe = await net.probeTls({
      ...endpoint,
      servername,
      ...(keyType === undefined ? {} : { keyType }),
      timeoutMs: PROBE_MS,
    });
    if (probe.kind === 'served' && !fingerprints.includes(probe.fingerprint)) return null;
    if (steady(clock) > deadline)
      return probe.kind === 'served'
        ? 'the old certificate is still served'
        : `${probe.kind}: ${probe.detail}`;
    await clock.sleep(BETWEEN_MS, signal);
  }
}
