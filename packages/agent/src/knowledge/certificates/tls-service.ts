import type { KeyPairLocation } from '../../facts/parts/key-pair-location.js';
import type { Clock } from '../../ports/clock.js';
import type { Exec } from '../../ports/exec.js';
import type { Net } from '../../ports/net.js';
import type { Step } from '../../units/step.js';
import { serviceState } from '../momentum/service-state.js';

const PROBE_MS = 5000;

interface Look {
  readonly net: Net;
  readonly exec: Exec;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

type ServiceStep = Extract<Step, { kind: 'service' }>;

export type TlsStart =
  | { readonly ok: true; readonly step: ServiceStep; readonly isDown: boolean }
  | { readonly ok: false; readonly why: string };

/**
 * How a service takes its TLS settings up: restarted, or started where its own init script calls it down. It need not
 * speak TLS before; that it does afterwards must be seen, so that listeners have to be inspected.
 */
export async function tlsStart({ net, exec }: Look, location: KeyPairLocation): Promise<TlsStart> {
  const { service, hostname: servername, endpoint } = location;
  const probe = await net.probeTls({ ...endpoint, servername, timeoutMs: PROBE_MS });
  if (probe.kind === 'forbidden')
    return {
      ok: false,
      why: `whether ${service} then speaks TLS could not be seen (${probe.detail}): let listeners be inspected`,
    };
  const fingerprints = probe.kind === 'served' ? [probe.fingerprint] : [];
  const { state, said } = await serviceState(exec, service);
  if (state === 'unknown' && probe.kind === 'closed')
    return { ok: false, why: `whether ${service} runs is not known (${said})` };
  const isDown = state === 'down';
  const action = isDown ? 'start' : 'restart';
  return {
    ok: true,
    isDown,
    step: {
      kind: 'service',
      id: `${action} ${service}`,
      service,
      action,
      servedBefore: { endpoint, servername, fingerprints },
    },
  };
}
